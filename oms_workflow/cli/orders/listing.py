"""`oms orders list`: orders that fit, newest first, with where each stands."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from oms_workflow.cli.asking import ask_store, now
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, is_wide, out, titles
from oms_workflow.cli.wording import iso, moment, short_moment, unknown, word, words
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.status import OrderStatus, OrderView

if TYPE_CHECKING:
    from oms_workflow.store.order_list import OrderQuery

Word = TypeVar("Word", bound=StrEnum)


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("list", help=say("orders.list.help"))(list_)


def list_(
    status: Annotated[str, typer.Option(help=say("orders.list.status"))] = "",
    channel: Annotated[str, typer.Option(help=say("orders.list.channel"))] = "",
    hold: Annotated[str, typer.Option(help=say("orders.list.hold"))] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help=say("orders.list.overdue"))] = False,
    incident: Annotated[bool, typer.Option("--incident", help=say("orders.list.incident"))] = False,
    text: Annotated[str, typer.Option(help=say("orders.list.text"))] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help=say("limit"))] = 20,
    page: Annotated[int, typer.Option(min=1, max=100_000, help=say("page"))] = 1,
    json: AsJson = False,
) -> None:
    """List orders; a status or kind of hold that does not exist is refused with those that do."""
    from oms_workflow.store.order_list import OrderQuery

    query = OrderQuery(
        status=_one_of(status, OrderStatus, "orders.list.no_status"),
        channel=channel,
        hold=_one_of(hold, HoldKind, "orders.list.no_hold"),
        overdue=overdue,
        incident=incident,
        text=text,
    )
    found, standing = _ask(query, page=page, limit=limit)
    entries = [entry(view, standing[view.order.id]) for view in found[:limit]]
    more = len(found) > limit
    if json:
        as_json({"orders": entries, "page": page, "limit": limit, "more": more})
    elif entries:
        _print(found[:limit], standing, page=page, more=more)
    else:
        out.print(say("orders.list.nothing"))


def _ask(query: OrderQuery, *, page: int, limit: int) -> tuple[Sequence[OrderView], dict[str, Any]]:
    """Give the orders of a page and one more, if there is one, with where those of the page stand."""

    async def asked(unit: Any) -> tuple[Sequence[OrderView], dict[str, Any]]:
        from oms_workflow.cli.orders.standing import standing_of
        from oms_workflow.store.order_list import channels, list_orders

        found = await list_orders(unit, query, at=now(), offset=(page - 1) * limit, limit=limit + 1)
        if not found and query.channel and query.channel not in (known := await channels(unit)):
            raise Unusable(unknown("orders.list.no_channel", query.channel, known), code="unknown-channel")
        return found, await standing_of(unit, [view.order.id for view in found[:limit]])

    return ask_store(asked)


def entry(view: OrderView, standing: Any) -> dict[str, Any]:
    """Give one order as `--json` lists it."""
    return {
        "order": view.order.id,
        "channel": view.order.channel,
        "number": view.order.number,
        "status": view.status.value,
        "payment": view.payment.value,
        "fulfilment": view.fulfilment.value,
        "returning": view.returning.value,
        "total": str(view.order.total),
        "pieces": sum(line.ordered for line in view.order.lines),
        "service_level": view.order.service_level.value,
        "placed_at": iso(view.order.placed_at),
        "ship_by": iso(view.promise.ship_by),
        "deliver_by": iso(view.promise.deliver_by),
        "holds": [hold.kind.value for hold in view.holds if hold.is_blocking],
        "incidents": standing.incidents,
        "late_nodes": standing.late,
        "nodes": [{"element": one.element, "name": one.name} for one in standing.nodes],
    }


def _print(found: Sequence[OrderView], standing: dict[str, Any], *, page: int, more: bool) -> None:
    wide = is_wide()
    columns = ["order", "status", "placed", "total#", *(["payment"] if wide else []), "where"]
    rows = []
    for view in found:
        here = standing[view.order.id]
        signs = [say("orders.list.sign.incidents", count=here.incidents)] if here.incidents else []
        signs += [say("orders.list.sign.late", count=here.late)] if here.late else []
        holds = [hold.kind.value for hold in view.holds if hold.is_blocking]
        signs += [say("orders.list.sign.holds", kinds=words(holds))] if holds else []
        where = ", ".join(dict.fromkeys(one.short for one in here.nodes))
        rows.append(
            [
                view.order.id,
                word(view.status.value),
                moment(view.order.placed_at) if wide else short_moment(view.order.placed_at),
                str(view.order.total),
                *([word(view.payment.value)] if wide else []),
                "; ".join([*signs, *([where] if where else [])]),
            ]
        )
    as_table(titles(*columns), rows)
    if more or page > 1:
        out.print(say("page.shown", page=page, more=say("page.more", next=page + 1) if more else ""), style="dim")


def _one_of(given: str, kind: type[Word], key: str) -> Word | None:
    known = [one.value for one in kind]
    wanted = given.strip().lower().replace("-", "_").replace(" ", "_")
    if wanted and wanted not in known:
        raise Unusable(f"{unknown(key, given, known)}", code="unknown-word", known=known)
    return kind(wanted) if wanted else None
