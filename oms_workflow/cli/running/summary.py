"""What became of a run: one object an order for machines; counts, missed service levels and incidents for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oms_workflow.cli.drawing import Drawings
from oms_workflow.cli.language import say
from oms_workflow.cli.running.to_the_end import Run
from oms_workflow.cli.screen import as_table, heading, out, titles
from oms_workflow.store.board import IncidentRow, SlaItem
from oms_workflow.store.outcomes import Outcome
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import names

Names = Mapping[tuple[str, str], str]
"""(workflow id, element) -> its name as drawn."""


def to_json(outcome: Outcome, called: Names) -> dict[str, Any]:
    """Give the object that `oms run --json` prints for an order."""
    return {
        "order": outcome.order,
        "status": outcome.own.status if outcome.own is not None else "not started",
        "order_status": outcome.status,
        "workflow_id": names.order_workflow(outcome.order),
        "ended_at": outcome.ended_at.isoformat() if outcome.ended_at else None,
        "sla_breaches": len(outcome.breaches),
        "missed": [_breach(one, called) for one in outcome.breaches],
        "incidents": [_incident(one, called) for one in outcome.incidents],
    }


def show(run: Run, called: Names) -> None:
    """Print counts by status, missed service levels by node, and every incident that waits."""
    statuses = Counter(one.status for one in run.outcomes)
    ended = sum(1 for one in run.outcomes if one.has_ended)
    heading(say("run.became", ended=ended, orders=len(run.outcomes)))
    as_table(titles("status", "orders#"), [[status, count] for status, count in statuses.most_common()])
    breaches = Counter(
        (_name(called, one.instance, one.element), one.owner) for outcome in run.outcomes for one in outcome.breaches
    )
    if breaches:
        heading(say("run.missed"))
        as_table(titles("node", "owner", "times#"), [[*about, count] for about, count in breaches.most_common()])
    waiting = [(outcome.order, one) for outcome in run.outcomes for one in outcome.incidents]
    if waiting:
        heading(say("run.waiting"))
        rows = [[order, _name(called, one.instance, one.element), one.message] for order, one in waiting]
        as_table(titles("order", "node", "message"), rows)
    out.print()
    out.print(rates(run), style="dim", markup=False)


def rates(run: Run) -> str:
    """Give how fast it went."""
    seconds = max(run.seconds, 0.001)
    return say(
        "run.rates",
        orders=len(run.outcomes),
        seconds=f"{run.seconds:.1f}",
        rate=f"{len(run.outcomes) / seconds:.2f}",
        calls=run.calls,
        call_rate=f"{run.calls / seconds:.1f}",
        days=f"{(run.ended - run.began).total_seconds() / 86_400:.1f}",
    )


async def names_of(unit: UnitOfWork, outcomes: Iterable[Outcome]) -> Names:
    """Give the drawn names of the nodes that a summary tells of."""
    drawings, found = Drawings(unit), {}
    for outcome in outcomes:
        about = {one.workflow_id: one for one in outcome.instances}
        told: Sequence[SlaItem | IncidentRow] = (*outcome.breaches, *outcome.incidents)
        for one in told:
            drawn = await drawings.of(about[one.instance])
            found[one.instance, one.element] = drawn.short(one.element)
    return found


def _name(called: Names, instance: str, element: str) -> str:
    return called.get((instance, element)) or element


def _breach(one: SlaItem, called: Names) -> dict[str, Any]:
    return {
        "instance": one.instance,
        "element": one.element,
        "name": _name(called, one.instance, one.element),
        "owner": one.owner,
        "started_at": one.started_at.isoformat(),
        "breached_at": one.breached_at.isoformat() if one.breached_at else None,
    }


def _incident(one: IncidentRow, called: Names) -> dict[str, Any]:
    return {
        "instance": one.instance,
        "incident": one.incident,
        "element": one.element,
        "name": _name(called, one.instance, one.element),
        "code": one.code,
        "message": one.message,
        "raised_at": one.raised_at.isoformat(),
    }
