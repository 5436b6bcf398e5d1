"""A large loop begins its items in turns, whatever happens to it meanwhile; other orders go first."""

from __future__ import annotations

from collections import Counter

import pytest

from oms_workflow.temporal.pacing import AT_ONCE
from tests.temporal.stand import CALLS, PRIORITIES, Stand

pytestmark = pytest.mark.server

MANY = AT_ONCE + 12
LOOP = """
process many
  start S
  service Each type=test.add in.n==one out.n==n each="=range" item=one gather=found element="=n"
  end E
  S -> Each -> E
"""


async def scheduled_at_once(stand: Stand, instance: str) -> int:
    """Give how many activities the first workflow task asked for."""
    events = (await stand.history(instance)).events
    first = next(one.event_id for one in events if one.HasField("workflow_task_completed_event_attributes"))
    asked = [one.activity_task_scheduled_event_attributes for one in events]
    return sum(one.workflow_task_completed_event_id == first for one in asked)


async def test_a_large_loop_begins_some_items_at_once_and_the_others_in_turns(stand: Stand):
    """Its items would otherwise stand in front of the work of every other order."""
    await stand.deploy(LOOP)
    await stand.start("many", "turns-1", range=list(range(MANY)))

    ended = await stand.ended("turns-1")

    assert ended.variables["found"] == list(range(1, MANY + 1))
    assert await scheduled_at_once(stand, "turns-1") == AT_ONCE
    assert Counter(call.key for call in CALLS).most_common(1)[0][1] == 1
    await stand.replay("turns-1")


async def test_a_loop_that_is_left_begins_none_of_the_items_that_wait(stand: Stand):
    """The breach of another item, an interrupting event, a person: whatever takes the loop away takes those as well."""
    await stand.deploy(
        """
        process left
          start S
          service Each type=test.add in.code==one each="=range" item=one
          catch Refused on=Each error=REFUSED
          end E
          S -> Each -> E
          Refused -> E
        """
    )
    await stand.start("left", "turned-off-1", range=["REFUSED"] * MANY)

    assert (await stand.ended("turned-off-1")).outcome == "completed"
    assert len(CALLS) <= AT_ONCE
    await stand.replay("turned-off-1")


async def test_items_that_wait_when_the_instance_continues_as_new_are_begun_once(short: Stand):
    await short.deploy(LOOP)
    await short.start("many", "turns-2", range=list(range(3 * MANY)))

    ended = await short.ended("turns-2")

    assert ended.variables["found"] == list(range(1, 3 * MANY + 1))
    assert Counter(call.key for call in CALLS).most_common(1)[0][1] == 1
    await short.replay("turns-2")


async def test_items_of_a_loop_go_behind_the_work_of_other_orders(stand: Stand):
    await stand.deploy(
        """
        process each
          start S
          service Alone type=test.look
          service Each type=test.look each="=[1, 2]" item=one
          S -> Alone -> Each
        """
    )
    await stand.start("each", "turns-3")
    await stand.ended("turns-3")

    found = {key.rpartition("/")[2].partition(":")[0]: told[0] for key, told in PRIORITIES.items() if "turns-3" in key}
    assert found == {"Alone": 3, "Each": 4}
