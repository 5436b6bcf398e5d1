"""A VIP's order goes first, and a flood of one channel starves nobody: what the order says reaches all of its work."""

from __future__ import annotations

import pytest

from oms_workflow.temporal.starting import About
from tests.temporal.stand import PRIORITIES, Stand, now

pytestmark = pytest.mark.server


async def test_priority_and_channel_of_an_order_reach_its_activities_and_those_of_called_processes(stand: Stand):
    await stand.deploy(
        """
        process urgent
          start S
          service Mine type=test.look
          call Inner process=inner
          S -> Mine -> Inner
        process inner
          start Called
          service Theirs type=test.look
          Called -> Theirs
        """
    )
    about = About(business_key="vip:1", channel="vip", priority=1)
    await stand.house.starter.start("urgent", "urgent-1", {}, about=about, at=now())
    await stand.ended("urgent-1")

    found = {key.rpartition("/")[2].partition(":")[0]: told for key, told in PRIORITIES.items() if "urgent-1" in key}
    assert found == {"Mine": (1, "vip"), "Theirs": (1, "vip")}
