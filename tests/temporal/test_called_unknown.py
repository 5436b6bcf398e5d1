"""A called process that did not come along, on a real server: a person is asked, and nothing hangs."""

from __future__ import annotations

import pytest

from tests.temporal.stand import Stand

pytestmark = pytest.mark.server


async def test_a_call_of_a_process_that_is_not_there_waits_for_a_person(stand: Stand):
    """Its name is worked out while the order runs, so that no deployment could have refused it."""
    await stand.deploy('process caller\n  start S\n  call Do process="=name"\n  end E\n  S -> Do -> E')
    await stand.start("caller", "caller:1", name="nobody")
    await stand.rest()

    view = await stand.view("caller:1")

    assert "No process 'nobody' came along" in view["incidents"][0]["message"]
    await stand.house.operator.resolve(
        "caller:1", view["incidents"][0]["incident"], "complete", by="mei", reason="done by hand", variables={}
    )
    assert (await stand.ended("caller:1")).outcome == "completed"
    await stand.replay("caller:1")
