"""When something outside is done: a drawn time, counted in the hours of those who do it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from oms_workflow.bpmn.calendar import ALWAYS, Calendar
from oms_workflow.connect.world.chance import between
from oms_workflow.connect.world.latencies import LATENCIES, Works
from oms_workflow.connect.world.script.model import Hours, Script

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def done_at(script: Script, seed: int, name: str, start: datetime, *what: str) -> datetime:
    """Say when a work of this kind is done that begins at `start`; the same `what` always takes the same time.

    Args:
        name: A name of `latencies.LATENCIES`.
    """
    usual = LATENCIES[name]
    low, high = script.latency.get(name, (usual.low, usual.high))
    hours = {Works.WAREHOUSE: script.warehouse_hours, Works.OFFICE: script.office_hours}.get(usual.works)
    calendar = ALWAYS if hours is None else calendar_of(hours)
    return calendar.due_after(start, between(low, high, seed, name, *what))


@lru_cache(maxsize=32)
def calendar_of(hours: Hours) -> Calendar:
    """Give working hours as a calendar."""
    opens, closes = hours.opens, hours.closes
    open_day = ((opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute),)
    return Calendar(
        id="world",
        weekly=tuple(open_day if day in hours.weekdays else () for day in range(1, 8)),
        offsets=((_EVER, hours.utc_offset_minutes),),
    )
