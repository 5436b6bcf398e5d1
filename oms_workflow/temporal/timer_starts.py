"""When processes begin by the clock: timer start events of deployed versions, planned in whole seconds. No server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from oms_workflow import feel
from oms_workflow.bpmn.events import TimerMeasure
from oms_workflow.engine.timing import NO_END, Firing, firing
from oms_workflow.store.process_versions import ProcessVersion
from oms_workflow.temporal import names

log = structlog.get_logger("oms.schedules")

SECOND = timedelta(seconds=1)  # Temporal's schedules count in whole seconds
MADE_UP_FOR = timedelta(days=1)  # how late a date may still start its instance, after an outage or a late deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStart:
    """A timer start event of a deployed version, and when it is due."""

    process: str
    version: int
    element: str
    deployed_at: datetime  # UTC
    first: datetime  # UTC, whole seconds
    interval: timedelta | None  # None: once only
    last: datetime | None  # None: it goes on for ever

    @property
    def id(self) -> str:
        """Name of its schedule."""
        return names.schedule(self.process, self.version, self.element)

    @property
    def window(self) -> timedelta:
        """How much missed time is made up for: a date for a day, of a cycle only the latest due time."""
        return MADE_UP_FOR if self.interval is None else self.interval

    def due_between(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Give the due times in a span, its end included, in their order."""
        until = until if self.last is None else min(until, self.last)
        due = self.first
        if self.interval is not None and due <= after:
            due += self.interval * ((after - due) // self.interval + 1)
        while after < due <= until:
            yield due
            if self.interval is None:
                return
            due += self.interval

    def is_over(self, at: datetime) -> bool:
        """Say whether nothing will be due any more, nor has to be made up for."""
        return self.last is not None and self.last + self.window < at


def when(start: Mapping[str, str], deployed_at: datetime) -> Firing:
    """Say when a timer start event fires; cycles without a date of their own begin with the deployment.

    Args:
        deployed_at: UTC; what FEEL sees as now.

    Raises:
        ValueError: When its text gives no time that can be planned: a duration has no moment to count from, and FEEL
            has no variables before the start.
    """
    measure: TimerMeasure = start["measure"]  # type: ignore[assignment]
    if measure == "duration":
        raise ValueError("a process cannot begin after a duration, as there is nothing to count from")
    text = start["timer"]
    try:
        value = feel.evaluate(text[1:], {}, at=deployed_at) if text.startswith("=") else text
    except feel.FeelLimitExceeded as error:
        raise ValueError(str(error)) from error
    found = firing(measure, value, deployed_at)
    if found.monthly is not None:
        raise ValueError("Temporal's schedules cannot begin a process every so many months: count in days")
    return found


def timer_start(version: ProcessVersion, start: Mapping[str, str]) -> TimerStart:
    """Give a timer start event of a version, planned in whole seconds."""
    found = when(start, version.deployed_at)
    first = _whole(found.first)
    interval = found.interval and timedelta(seconds=-(-found.interval // SECOND))
    last: datetime | None = first
    if interval:
        last = None if found.repeats == NO_END else first + interval * found.repeats
    return TimerStart(
        process=version.process_id,
        version=version.version,
        element=start["element"],
        deployed_at=version.deployed_at,
        first=first,
        interval=interval or None,
        last=last,
    )


def timer_starts(version: ProcessVersion) -> Iterator[TimerStart]:
    """Give the timer start events of a version."""
    for start in version.starts:
        if "timer" not in start:
            continue
        try:
            yield timer_start(version, start)
        except ValueError as error:  # deployed by a version of ours that let it pass
            log.warning("timer never starts", process=version.process_id, element=start["element"], reason=str(error))


def _whole(moment: datetime) -> datetime:
    cut = moment.astimezone(UTC).replace(microsecond=0)
    return cut if cut == moment else cut + SECOND
