"""`oms waves waiting`, `list`, `show` and `release`: who waits, and what went."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store, now, who
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import NO, AsJson, as_json, as_table, leave, out, titles
from oms_workflow.cli.waves.ruling import Warehouse, port
from oms_workflow.cli.wording import iso, short_moment, word

if TYPE_CHECKING:
    from oms_workflow.domain.wave import Waiting, Wave


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("waiting", help=say("waves.waiting.help"))(waiting)
    group.command("list", help=say("waves.list.help"))(list_)
    group.command("show", help=say("waves.show.help"))(show)
    group.command("release", help=say("waves.release.help"))(release)


def waiting(warehouse: Warehouse, json: AsJson = False) -> None:
    """Show who waits and may go."""

    async def asked(unit: Any) -> Sequence[Waiting]:
        found: Sequence[Waiting] = await port(unit).waiting(warehouse)
        return found

    found = ask_store(asked)
    if json:
        as_json({"waiting": [{"fulfilment": one.fulfilment_id, "carrier": one.carrier, "priority": one.priority,
                              "ship_by": iso(one.ship_by), "since": iso(one.since)} for one in found]})  # fmt: skip
    elif not found:
        out.print(say("waves.waiting.none"))
    else:
        rows = [[one.fulfilment_id, one.carrier, one.priority, short_moment(one.ship_by), short_moment(one.since)]
                for one in found]  # fmt: skip
        as_table(titles("fulfilment", "carrier", "priority#", "ship_by", "since"), rows)


def list_(
    warehouse: Annotated[str, typer.Option(help=say("stock.warehouse"))] = "",
    json: AsJson = False,
) -> None:
    """List waves, the last first."""

    async def asked(unit: Any) -> Sequence[Wave]:
        found: Sequence[Wave] = await port(unit).released(warehouse)
        return found

    _show(ask_store(asked), json, none="waves.list.none")


def show(wave: Annotated[str, typer.Argument(metavar="WAVE", help=say("waves.id"))], json: AsJson = False) -> None:
    """Show one wave with its fulfilment orders, in the order of picking."""

    async def asked(unit: Any) -> Wave | None:
        found: Wave | None = await port(unit).get(wave)
        return found

    found = ask_store(asked)
    if found is None:
        out.print(say("waves.show.unknown", wave=repr(wave)), markup=False)
        leave(NO)
    elif json:
        as_json(_told(found))
    else:
        _show([found], False, none="")
        as_table(["#", *titles("fulfilment")], list(enumerate(found.fulfilments, start=1)))


def release(
    warehouse: Warehouse,
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Let everybody who waits go now."""
    key = f"cli-{uuid.uuid4().hex}"  # noqa: TID251 - each command is a release of its own

    async def asked(unit: Any) -> Sequence[Wave]:
        from oms_workflow.domain.wave import drafts_of_all

        waves = port(unit)
        drafts = drafts_of_all(await waves.waiting(warehouse), await waves.rules(warehouse))
        done: Sequence[Wave] = await waves.release(warehouse, drafts, by=who(by), key=key, at=now())
        await unit.commit()
        return done

    found = ask_store(asked)
    _show(found, json, none="waves.waiting.none")
    if found and not json:
        orders = sum(len(one.fulfilments) for one in found)
        out.print(say("waves.release.done", waves=len(found), orders=orders))


def _show(found: Sequence[Wave], json: bool, *, none: str) -> None:
    if json:
        as_json({"waves": [_told(one) for one in found]})
    elif not found:
        out.print(say(none))
    else:
        rows = [[one.id, one.carrier, len(one.fulfilments), word(one.reason.value), short_moment(one.released_at),
                 one.released_by] for one in found]  # fmt: skip
        as_table(titles("wave", "carrier", "orders#", "reason", "time", "by"), rows)


def _told(one: Wave) -> dict[str, Any]:
    return {
        "wave": one.id,
        "warehouse": one.warehouse,
        "carrier": one.carrier,
        "reason": one.reason.value,
        "released_at": iso(one.released_at),
        "released_by": one.released_by,
        "fulfilments": list(one.fulfilments),
    }
