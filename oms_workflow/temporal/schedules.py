"""Processes that begin by the clock: every timer start event of a newest version is a schedule in Temporal.

A schedule starts a short workflow that starts the instance, under an id that ends with the due time: so one due time
starts one instance, whoever asks twice. What is deployed decides: a new version's schedules replace the old one's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from temporalio import activity, workflow
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
)
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from oms_workflow.store.database import Database
from oms_workflow.store.process_versions import ProcessVersion, ProcessVersions
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import names
from oms_workflow.temporal.starting import About, Starter
from oms_workflow.temporal.synchronise import Activity
from oms_workflow.temporal.timer_starts import TimerStart, timer_starts

log = structlog.get_logger("oms.schedules")

NAME = "oms.begin_by_timer"
BEGIN = "oms.begin_scheduled"
DUE = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")  # set by the server on what a schedule starts


@workflow.defn(name=NAME)
class BeginByTimer:
    """Starts the instance of one due time."""

    @workflow.run
    async def run(self, process: str, element: str) -> bool:
        """Start it; False when it was started before, or the process begins otherwise by now."""
        due = workflow.info().typed_search_attributes.get(DUE) or workflow.info().start_time
        begun: bool = await workflow.execute_activity(
            BEGIN,
            args=[process, element, due.isoformat()],
            result_type=bool,
            start_to_close_timeout=timedelta(seconds=30),
        )
        return begun


class Schedules:
    """Keeps Temporal's schedules in step with what is deployed."""

    def __init__(self, database: Database, client: Client, starter: Starter) -> None:
        self._database = database
        self._client = client
        self._starter = starter

    async def follow(self, *, at: datetime) -> int:
        """Make what is missing and end what was replaced; gives how many schedules changed. Asking again is harmless.

        Due times between the deployment and now are made up for within a window, so nothing is missed because the
        deployment was noticed late.
        """
        async with UnitOfWork(self._database) as unit:
            newest = {one.process_id: one for one in await ProcessVersions(unit).all()}
        wanted = {one.id: one for version in newest.values() for one in timer_starts(version) if not one.is_over(at)}
        found = [listed.id async for listed in await self._client.list_schedules()]
        changed = 0
        for known in found:
            if known not in wanted and names.process_of_schedule(known) in newest:
                changed += await self._end(known)
        for start in wanted.values():
            if start.id not in found:
                changed += await self._begin(start, at)
        return changed

    def activities(self) -> Sequence[Activity]:
        """Give the activity behind the workflow that schedules start."""

        @activity.defn(name=BEGIN)
        async def begin(process: str, element: str, due: str) -> bool:
            async with UnitOfWork(self._database) as unit:
                version = await ProcessVersions(unit).latest(process)
            if version is None or not _begins_by_timer(version, element):
                return False  # replaced meanwhile, and its schedule is about to end
            return await self._start(process, element, datetime.fromisoformat(due))

        return [begin]

    async def _start(self, process: str, element: str, due: datetime) -> bool:
        instance = names.scheduled_workflow(process, element, due)
        return await self._starter.start(process, instance, {}, about=About(), at=due, element=element)

    async def _begin(self, start: TimerStart, at: datetime) -> bool:
        for due in start.due_between(max(start.deployed_at, at - start.window), at):
            await self._start(start.process, start.element, due)
        action = ScheduleActionStartWorkflow(
            BeginByTimer.run,
            args=[start.process, start.element],
            id=f"begin:{start.process}:{start.element}",
            task_queue=names.PROCESS_QUEUE,
        )
        policy = SchedulePolicy(overlap=ScheduleOverlapPolicy.ALLOW_ALL, catchup_window=_catch_up(start))
        try:
            await self._client.create_schedule(start.id, Schedule(action=action, spec=_spec(start), policy=policy))
        except ScheduleAlreadyRunningError:
            return False
        log.info("schedule begun", process=start.process, version=start.version, element=start.element)
        return True

    async def _end(self, schedule: str) -> bool:
        try:
            await self._client.get_schedule_handle(schedule).delete()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return False
        log.info("schedule ended", schedule=schedule)
        return True


def _spec(start: TimerStart) -> ScheduleSpec:
    first = start.first
    if start.interval is None:
        moment = ScheduleCalendarSpec(
            second=[ScheduleRange(first.second)],
            minute=[ScheduleRange(first.minute)],
            hour=[ScheduleRange(first.hour)],
            day_of_month=[ScheduleRange(first.day)],
            month=[ScheduleRange(first.month)],
            year=[ScheduleRange(first.year)],
        )
        return ScheduleSpec(calendars=[moment])
    offset = (first - datetime(1970, 1, 1, tzinfo=UTC)) % start.interval
    repeated = ScheduleIntervalSpec(every=start.interval, offset=offset)
    return ScheduleSpec(intervals=[repeated], start_at=first, end_at=start.last)


def _catch_up(start: TimerStart) -> timedelta:
    return max(start.window, timedelta(seconds=10))  # the server takes no less


def _begins_by_timer(version: ProcessVersion, element: str) -> bool:
    return any("timer" in start and start["element"] == element for start in version.starts)
