"""Processes that a receive task or an event-based gateway starts, on a real server: messages find and start them."""

from __future__ import annotations

import asyncio

import pytest

from tests.temporal.stand import Stand

pytestmark = pytest.mark.server

BOTH = """
process {process}
  event Which instantiate parallel
  catch Paid message={process}.paid key="=order"
  catch Packed message={process}.packed key="=order"
  service Add type=test.add in.n==amount out.n==n
  service Ship type=test.add in.n==1
  end E
  Which -> Paid -> Add -> E
  Which -> Packed -> Ship -> E
"""


async def test_the_message_of_a_receive_task_starts_an_instance(stand: Stand):
    await stand.deploy(
        """
        process ordering
          receive Order instantiate message=ordering.order
          service Add type=test.add in.n==amount out.n==n
          end E
          Order -> Add -> E
        """
    )

    assert await stand.publish("ordering.order", "o1", "m1", amount=4) == "ordering:o1"

    assert (await stand.ended("ordering:o1")).variables["n"] == 5
    assert next(one.element for one in await stand.records("ordering:o1") if one.kind.value == "completed") == "Order"


async def test_messages_of_a_parallel_start_meet_in_one_instance_though_told_at_once(stand: Stand):
    """The second one must not start another instance only because the first has not begun to wait yet."""
    await stand.deploy(BOTH.format(process="pair"))

    await asyncio.gather(
        stand.publish("pair.paid", "o1", "m1", order="o1", amount=1),
        stand.publish("pair.packed", "o1", "m2", order="o1", amount=1),
    )

    ended = await stand.ended("pair:o1")
    assert ended.outcome == "completed"
    done = [one.element for one in await stand.records("pair:o1") if one.kind.value == "completed"]
    assert {"Paid", "Packed", "Add", "Ship"} <= set(done)


async def test_the_other_message_of_a_parallel_start_is_waited_for(stand: Stand):
    await stand.deploy(BOTH.format(process="wait"))
    await stand.publish("wait.packed", "o1", "m1", order="o1")
    await stand.rest()
    assert await stand.open("wait:o1") == ["Paid"]

    assert await stand.publish("wait.paid", "o1", "m2", amount=2) == "wait:o1"

    assert (await stand.ended("wait:o1")).outcome == "completed"
