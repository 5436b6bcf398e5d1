"""`oms sla list --at-risk`: promises that will probably be missed, while something can still be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from oms_workflow.cli.asking import ask_store, now
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import as_json, as_table, out, titles
from oms_workflow.cli.wording import iso, short_moment, span

Shown = tuple[Any, Any, Any]  # the risk, the drawing of where the order is, the drawing of what takes longest


def show_risks(order: str, limit: int, json: bool) -> None:
    """Print them, the nearest promise first."""
    found = ask_store(partial(_found, order, limit))
    if json:
        as_json({"deadlines": [], "at_risk": [_told(*one) for one in found]})
    elif found:
        _print(found)
    else:
        out.print(say("sla.at_risk.none"))


async def _found(order: str, limit: int, unit: Any) -> list[Shown]:
    from dataclasses import replace

    from oms_workflow.cli.drawing import Drawings
    from oms_workflow.cli.orders.finding import find_order
    from oms_workflow.store.risks import risks

    drawings = Drawings(unit)
    wanted = await find_order(unit, order) if order else ""
    return [
        (one, await drawings.of(one.instance), await drawings.of(replace(one.instance, process_id=one.slowest.process)))
        for one in await risks(unit, at=now(), order_id=wanted, limit=limit)
    ]


def _print(found: Sequence[Shown]) -> None:
    rows = []
    for one, drawn, slowest in found:
        kind = say(f"sla.promise.{one.promise}")
        basis = say(f"sla.at_risk.{one.slowest.basis}")
        why = say("sla.at_risk.why", node=slowest.short(one.slowest.element), span=span(one.slowest.takes), basis=basis)
        promised, expected = short_moment(one.promised_at), short_moment(one.expected_at)
        rows.append([one.order_id, drawn.short(one.element), f"{kind} {promised}", expected, why])
    as_table(titles("order", "at_node", "promise", "expected_end", "why"), rows)


def _told(one: Any, drawn: Any, slowest: Any) -> dict[str, Any]:
    return {
        "order_id": one.order_id,
        "instance": one.instance.workflow_id,
        "process": one.instance.process_id,
        "element": one.element,
        "name": drawn.label(one.element),
        "promise": one.promise,
        "promised_at": iso(one.promised_at),
        "expected_at": iso(one.expected_at),
        "nodes_ahead": one.ahead,
        "slowest": {
            "process": one.slowest.process,
            "element": one.slowest.element,
            "name": slowest.label(one.slowest.element),
            "owner": slowest.owner(one.slowest.element),
            "minutes": one.slowest.takes.total_seconds() // 60,
            "basis": one.slowest.basis,
        },
    }
