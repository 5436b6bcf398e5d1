"""How long nodes usually take and how often they are entered, as visits of the past tell. Forecasts nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from statistics import median

from sqlalchemy import select

from oms_workflow.bpmn.forecast import Pace
from oms_workflow.store.tables.processes import instances, node_visits
from oms_workflow.store.unit_of_work import UnitOfWork

ENOUGH = 5  # visits; fewer say more about chance than about the node
LATEST = 50_000  # visits that are looked at; older ones say what was, not what is


async def read_pace(unit: UnitOfWork) -> Pace:
    """Give the median time at each node and how often it was entered, from the latest visits that were completed."""
    which = (
        select(instances.c.process_id, node_visits.c.element, node_visits.c.milliseconds)
        .join(instances, instances.c.workflow_id == node_visits.c.instance)
        .where(node_visits.c.outcome == "completed")
        .order_by(node_visits.c.left_at.desc())
        .limit(LATEST)
    )
    taken: dict[tuple[str, str], list[int]] = defaultdict(list)
    async with unit.reading() as connection:
        for process, element, milliseconds in await connection.execute(which):
            taken[process, element].append(milliseconds)
    usual = {node: timedelta(milliseconds=int(median(times))) for node, times in taken.items() if len(times) >= ENOUGH}
    return Pace(usual=usual, visits={node: len(times) for node, times in taken.items()})
