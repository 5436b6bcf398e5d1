"""`oms promise history` and `oms promise revise`: what was promised to those who wait for goods, and why it changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.acting import run_activity
from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, out, titles
from oms_workflow.cli.wording import iso, moment, word

if TYPE_CHECKING:
    from oms_workflow.domain.backorder_promise import PromiseRevision

ACTIVITY = "promise.revise"


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("history", help=say("promise.history.help"))(history)
    group.command("revise", help=say("promise.revise.help"))(revise)


def history(
    order: Annotated[str, typer.Argument(metavar="ORDER", help=say("orders.order"))], json: AsJson = False
) -> None:
    """Show every revision of what was promised while goods were to come."""
    found = ask_store(partial(_found, order))
    if json:
        as_json({"revisions": [told_revision(one) for one in found]})
    elif not found:
        out.print(say("promise.history.none"))
    else:
        rows = [
            [one.number, moment(one.at), word(one.reason.value), one.receipt, _day(one), _told(one)] for one in found
        ]
        as_table(titles("number#", "time", "reason", "receipt", "promised_for", "told"), rows)


def revise(
    orders: Annotated[int, typer.Option(min=1, max=10_000, help=say("promise.revise.orders"))] = 500,
    json: AsJson = False,
) -> None:
    """Do what the process does every quarter hour, now; the notices go out with the next sending."""
    answer = run_activity(ACTIVITY, {"orders": orders})
    if json:
        as_json(answer)
        return
    if answer["revised"]:
        rows = [[one["order_id"], one["number"], word(one["reason"]), one["day"], _yes(one["told"])]
                for one in answer["revised"]]  # fmt: skip
        as_table(titles("order", "number#", "reason", "promised_for", "told"), rows)
    out.print(say("promise.revise.done", waiting=answer["waiting"], revised=len(answer["revised"])))


def told_revision(one: PromiseRevision) -> dict[str, Any]:
    """Write a revision for machines."""
    parts = [
        {
            "line": part.line_id, "pieces": part.quantity, "state": part.state.value, "receipt": part.receipt,
            "expected_at": iso(part.expected_at), "ships_at": iso(part.ships_at), "arrives_at": iso(part.arrives_at),
        }
        for part in one.parts
    ]  # fmt: skip
    return {
        "number": one.number, "at": iso(one.at), "reason": one.reason.value, "receipt": one.receipt,
        "day": one.day.isoformat() if one.day else None, "arrives_at": iso(one.arrives_at), "matters": one.matters,
        "notice": one.notice_id, "parts": parts,
    }  # fmt: skip


async def _found(number: str, unit: Any) -> Any:
    from oms_workflow.cli.orders.finding import find_order
    from oms_workflow.domain.ports.promises import Promises
    from oms_workflow.store.bindings import bind

    return await bind(Promises, unit).history(await find_order(unit, number))


def _day(one: PromiseRevision) -> str:
    return one.day.isoformat() if one.day else say("promise.no_day") if one.parts else ""


def _told(one: PromiseRevision) -> str:
    return _yes(bool(one.notice_id))


def _yes(told: bool) -> str:
    return say("promise.told" if told else "promise.not_told")
