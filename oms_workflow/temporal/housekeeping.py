"""What has to be done now and then, as a scheduled workflow.

Messages are carried again, late ones given up, standstills noticed, and schedules follow what is deployed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from temporalio import activity, workflow
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)

from oms_workflow.store.database import Database
from oms_workflow.store.messages import Messages
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import names
from oms_workflow.temporal.dispatch import Dispatcher
from oms_workflow.temporal.schedules import Schedules
from oms_workflow.temporal.standstills import Standstills
from oms_workflow.temporal.synchronise import Activity

NAME = "oms.housekeeping"
KEEP_HOUSE = "oms.keep_house"
EVERY = timedelta(seconds=30)
CARRY_AGAIN_AFTER = timedelta(seconds=20)  # longer than a delivery takes that is simply under way
FORGET_AFTER = timedelta(days=90)  # no sender we know repeats a message for longer


@workflow.defn(name=NAME)
class Housekeeping:
    """One round."""

    @workflow.run
    async def run(self) -> int:
        """Do one round; gives how many messages were carried again."""
        carried: int = await workflow.execute_activity(
            KEEP_HOUSE, result_type=int, start_to_close_timeout=timedelta(minutes=5)
        )
        return carried


def keep_house(database: Database, dispatcher: Dispatcher, standstills: Standstills, schedules: Schedules) -> Activity:
    """Give the activity of one round; a round that breaks off is begun again, which is harmless."""

    @activity.defn(name=KEEP_HOUSE)
    async def run() -> int:
        now = datetime.now(UTC)  # noqa: TID251 - housekeeping follows the wall clock
        carried = await dispatcher.redeliver(now - CARRY_AGAIN_AFTER, at=now)
        async with UnitOfWork(database) as unit:
            messages = Messages(unit)
            await messages.expire(now)
            await messages.forget(now - FORGET_AFTER)
            await unit.commit()
        await standstills.look(at=now)
        await schedules.follow(at=now)
        return carried

    return run


async def schedule(client: Client) -> None:
    """Have the house kept from now on; asking again changes nothing."""
    action = ScheduleActionStartWorkflow(Housekeeping.run, id=NAME, task_queue=names.PROCESS_QUEUE)
    policy = SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=EVERY)
    try:
        await client.create_schedule(
            NAME,
            Schedule(action=action, spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=EVERY)]), policy=policy),
        )
    except ScheduleAlreadyRunningError:
        return
