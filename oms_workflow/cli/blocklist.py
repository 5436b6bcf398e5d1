"""`oms blocklist`: whose orders a person looks at first. Keeps digests with a reason and an end, no personal data."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_database, ask_store, now, who
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, out, titles
from oms_workflow.cli.wording import iso, moment, word

if TYPE_CHECKING:
    from oms_workflow.domain.blocklist import BlockEntry, Parties
    from oms_workflow.store.blocklist import Blocklist


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.callback()(lambda: None)
    group.command("add", help=say("blocklist.add.help"))(add)
    group.command("list", help=say("blocklist.list.help"))(list_)
    group.command("lift", help=say("blocklist.lift.help"))(lift)
    app.add_typer(group, name="blocklist", help=say("blocklist.help"))


def add(
    reason: Annotated[str, typer.Option(help=say("blocklist.add.reason"))],
    order: Annotated[str, typer.Option(help=say("blocklist.add.order"))] = "",
    kind: Annotated[list[str] | None, typer.Option(help=say("blocklist.add.kind"))] = None,
    phone: Annotated[str, typer.Option(help=say("blocklist.add.phone"))] = "",
    country: Annotated[str, typer.Option(help=say("blocklist.add.country"))] = "CN",
    email: Annotated[str, typer.Option(help=say("blocklist.add.email"))] = "",
    buyer: Annotated[str, typer.Option(metavar="CHANNEL:ID", help=say("blocklist.add.buyer"))] = "",
    days: Annotated[int, typer.Option(min=0, max=36_500, help=say("blocklist.add.days"))] = 0,
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Add parties; those that are on the list already get the new reason and end."""
    if not reason.strip():
        raise Unusable(say("blocklist.no_reason"), code="no-reason")
    typed = {name: text for name, text in (("phone", phone), ("email", email), ("buyer", buyer)) if text}
    at = now()
    ends = at + timedelta(days=days) if days else None

    async def added(blocklist: Blocklist) -> Sequence[BlockEntry]:
        parties = {**await _of_order(blocklist, order, kind or []), **_typed(blocklist, typed, country)}
        if not parties:
            raise Unusable(say("blocklist.nobody"), code="nobody")
        return await blocklist.add(parties, reason=reason.strip(), by=who(by), at=at, expires_at=ends)

    _show(_change(added), json, "blocklist.added")


def list_(
    everything: Annotated[bool, typer.Option("--all", help=say("blocklist.list.all"))] = False, json: AsJson = False
) -> None:
    """List who is on it, the newest first."""

    async def asked(unit: Any) -> Sequence[BlockEntry]:
        from oms_workflow.store.blocklist import Blocklist

        return await Blocklist(unit).entries(at=now(), everything=everything)

    found = ask_store(asked)
    if not found and not json:
        out.print(say("blocklist.empty"), markup=False)
        return
    _show(found, json, "")


def lift(
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help=say("blocklist.lift.entry"))],
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Take a party off it; orders that are on hold already stay on hold."""
    at = now()
    found = _change(lambda blocklist: blocklist.lift(entry, by=who(by), at=at))
    if not found:
        raise Unusable(say("blocklist.unknown", entry=repr(entry)), code="unknown-entry")
    _show(found, json, "blocklist.lifted")


def _change(change: Callable[[Blocklist], Awaitable[Sequence[BlockEntry]]]) -> Sequence[BlockEntry]:
    async def asked(database: Any) -> Sequence[BlockEntry]:
        from oms_workflow.store.blocklist import Blocklist
        from oms_workflow.store.unit_of_work import UnitOfWork

        async with UnitOfWork(database) as unit:
            found = await change(Blocklist(unit))
            await unit.commit()
            return found

    return ask_database(asked)


async def _of_order(blocklist: Blocklist, order: str, kinds: Sequence[str]) -> Parties:
    from oms_workflow.cli.orders.finding import find_order
    from oms_workflow.domain.blocklist import BlockedBy

    unknown = [kind for kind in kinds if kind not in list(BlockedBy)]
    if unknown or (kinds and not order):
        raise Unusable(say("blocklist.kinds", kinds=", ".join(BlockedBy)), code="unknown-kind")
    if not order:
        return {}
    found = await blocklist.parties_of_order(await find_order(blocklist.unit, order))
    return {kind: digest for kind, digest in found.items() if not kinds or kind.value in kinds}


def _typed(blocklist: Blocklist, typed: dict[str, str], country: str) -> Parties:
    from oms_workflow.domain.blocklist import BlockedBy

    found: dict[BlockedBy, str] = {}
    for name, text in typed.items():
        try:
            found.update(blocklist.party(BlockedBy(name), text, country=country))
        except ValueError as error:
            raise Unusable(say("blocklist.unusable", option=f"--{name}", why=str(error)), code="unusable") from None
    return found


def _show(found: Sequence[BlockEntry], json: bool, done: str) -> None:
    if json:
        as_json({"entries": [_told(one) for one in found]})
        return
    at = now()
    rows = [[one.id, word(one.kind.value), one.reason, one.added_by, _end(one), _state(one, at)] for one in found]
    as_table(titles("entry", "known_by", "reason", "by", "until", "state"), rows)
    if done:
        out.print(say(done, count=len(found)), markup=False)


def _end(one: BlockEntry) -> str:
    return moment(one.expires_at) or say("blocklist.for_good")


def _state(one: BlockEntry, at: Any) -> str:
    if one.lifted_at is not None:
        return say("blocklist.state.lifted")
    return say("blocklist.state.counts" if one.counts(at) else "blocklist.state.over")


def _told(one: BlockEntry) -> dict[str, Any]:
    return {
        "entry": one.id,
        "kind": one.kind.value,
        "reason": one.reason,
        "added_by": one.added_by,
        "added_at": iso(one.added_at),
        "expires_at": iso(one.expires_at),
        "lifted_at": iso(one.lifted_at),
        "lifted_by": one.lifted_by,
    }
