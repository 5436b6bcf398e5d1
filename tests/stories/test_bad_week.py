"""Bad weeks: whatever is drawn to go wrong, every order ends or waits for a person, and money and goods add up.

More and longer weeks: `OMS_BAD_WEEKS=12 OMS_BAD_WEEK_ORDERS=30 pytest tests/stories/test_bad_week.py`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from oms_workflow.temporal.devserver import serve
from tests.stories.bad_week import draw_week
from tests.stories.telling import Ground, tell_all
from tests.stories.weighing import complaints

WEEKS = int(os.environ.get("OMS_BAD_WEEKS", "1"))
ORDERS = int(os.environ.get("OMS_BAD_WEEK_ORDERS", "6"))


@pytest.fixture
async def own_ground(ground: Ground) -> AsyncIterator[Ground]:
    """A server of its own: order numbers come again in every week."""
    async with serve() as server:
        yield replace(ground, address=server.address)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, WEEKS + 1))
async def test_after_a_bad_week_nobody_is_left_hanging(own_ground: Ground, tmp_path: Path, seed: int) -> None:
    """Nobody drew these orders to show anything: what no story thought of happens here."""
    stories, script, who = draw_week(seed, ORDERS, tmp_path / "week", begin=own_ground.begin)
    told = await tell_all(replace(own_ground, script=script), stories, tmp_path / "shop")
    found = complaints(told)
    assert not found, "\n".join([*found, "", who])
