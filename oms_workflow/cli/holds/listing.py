"""`oms holds list` and `oms holds show`: holds with their clocks, and what waits for each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from oms_workflow.cli.asking import ask_store, now
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_facts, as_json, as_table, out, titles
from oms_workflow.cli.wording import iso, moment, short_moment, span, unknown, word
from oms_workflow.domain.refusals import Refusal, refuse

if TYPE_CHECKING:
    from oms_workflow.store.hold_list import ListedHold


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("list", help=say("holds.list.help"))(list_)
    group.command("show", help=say("holds.show.help"))(show)


def list_(
    order: Annotated[str, typer.Option(help=say("orders.order"))] = "",
    role: Annotated[str, typer.Option(help=say("holds.list.role"))] = "",
    kind: Annotated[str, typer.Option(help=say("holds.list.kind"))] = "",
    everything: Annotated[bool, typer.Option("--all", help=say("holds.list.all"))] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=say("limit"))] = 50,
    json: AsJson = False,
) -> None:
    """List holds that stand, those due first in front."""
    found = ask_store(partial(_found, order, role, kind, everything, limit))
    if json:
        as_json({"holds": [told(one) for one in found]})
    elif found:
        print_holds(found)
    else:
        out.print(say("holds.list.nothing"), markup=False)


def show(
    hold: Annotated[str, typer.Argument(metavar="HOLD", help=say("holds.hold"))],
    json: AsJson = False,
) -> None:
    """Show one hold with everything known of it."""
    one = ask_store(lambda unit: the_hold(unit, hold))
    if json:
        as_json(told(one))
        return
    it = one.hold
    names = ("hold", "order", "kind", "reason", "waits", "lifted_by", "status", "by", "since", "due", "heard")
    values = (
        it.id, it.order_id, word(it.kind.value), it.reason, _blocks(one), it.resolver_role, word(it.status.value),
        it.applied_by, moment(it.opened_at), moment(one.due), one.escalated_to,
    )  # fmt: skip
    as_facts(zip(titles(*names), values, strict=True))


async def _found(order: str, role: str, kind: str, everything: bool, limit: int, unit: Any) -> Sequence[ListedHold]:
    from oms_workflow.cli.orders.finding import find_order
    from oms_workflow.store.hold_list import HoldQuery, list_holds

    query = HoldQuery(
        order_id=await find_order(unit, order) if order else "",
        kind=known_kind(kind) if kind else None,
        role=role,
        everything=everything,
    )
    return await list_holds(unit, query, limit=limit)


async def the_hold(unit: Any, hold_id: str) -> ListedHold:
    """Give one hold.

    Raises:
        OrderRefused: UNKNOWN_HOLD.
    """
    from oms_workflow.store.hold_list import HoldQuery, list_holds

    found = await list_holds(unit, HoldQuery(hold_id=hold_id.strip(), everything=True))
    if not found:
        raise refuse(Refusal.UNKNOWN_HOLD, say("holds.unknown", hold=repr(hold_id)))
    return found[0]


def known_kind(kind: str) -> Any:
    """Read a kind of hold.

    Raises:
        Unusable: When there is none of this name.
    """
    from oms_workflow.domain.hold import HoldKind

    if kind not in list(HoldKind):
        raise Unusable(unknown("holds.unknown_kind", kind, [one.value for one in HoldKind]), code="unknown-kind")
    return HoldKind(kind)


def print_holds(found: Sequence[ListedHold]) -> None:
    """Print holds as a table."""
    rows = [
        [
            one.hold.id, word(one.hold.kind.value), one.hold.reason, _blocks(one),
            " > ".join(filter(None, (one.hold.resolver_role, one.escalated_to))), short_moment(one.due), _state(one),
        ]
        for one in found
    ]  # fmt: skip
    as_table(titles("hold", "kind", "reason", "waits", "lifted_by", "due", "state"), rows)


def told(one: ListedHold) -> dict[str, Any]:
    """Give a hold as JSON."""
    hold = one.hold
    return {
        "hold": hold.id,
        "order": hold.order_id,
        "kind": hold.kind.value,
        "handle": hold.handle,
        "reason": hold.reason,
        "blocks": sorted(gate.value for gate in hold.blocks),
        "role": hold.resolver_role,
        "status": hold.status.value,
        "placed_by": hold.applied_by,
        "placed_at": iso(hold.opened_at),
        "due": iso(one.due),
        "warned_at": iso(one.warned_at),
        "breached_at": iso(one.breached_at),
        "escalated_to": one.escalated_to,
        "closed_by": hold.closed_by,
        "closed_at": iso(hold.closed_at),
    }


def _blocks(one: ListedHold) -> str:
    return ", ".join(word(f"gate.{gate}") for gate in sorted(gate.value for gate in one.hold.blocks))


def _state(one: ListedHold) -> Text:
    if one.hold.status.value != "open":
        return Text(word(one.hold.status.value), style="dim" if one.hold.status.value == "resolved" else "red")
    late_since = one.breached_at or one.due
    if late_since is not None and late_since <= now():
        return Text(say("sla.late", span=span(now() - late_since)), style="red")
    if one.warned_at is not None:
        return Text(say("sla.warned"), style="yellow")
    return Text(say("sla.left", span=span(one.due - now())) if one.due else "")
