"""All stories at once in one shop, as the demo tells them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from oms_workflow.temporal.devserver import serve
from tests.stories.telling import FOLDER, Ground, tell
from tests.stories.told import Told


@pytest.fixture(scope="module")
async def all_told(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    """Every story, in one shop on a server of its own."""
    names = sorted(path.stem for path in FOLDER.glob("*.json"))
    async with serve() as server:
        here = replace(ground, address=server.address)
        yield await tell(here, names, tmp_path_factory.mktemp("together"))


@pytest.mark.slow
async def test_stories_in_one_shop_end_as_they_do_alone(all_told: Told) -> None:
    """They share shelves, carriers and staff, and none of them notices."""
    all_told.assert_all_is_well()
    unhappy = {order: word for order in all_told.views if (word := all_told.status(order)) != "completed"}
    assert unhappy == {
        "shop:1563": "cancelled",
        "shop:1571": "cancelled",
        "shop:1601": "cancelled",
        "shop:1611": "cancelled",
        "shop:1701": "cancelled",
        "shop:2001": "cancelled",
        "shop:2011": "cancelled",
        "shop:2101": "cancelled",
        "shop:2701": "partly_returned",
        "shop:2801": "returned",
    }
    assert len(all_told.views) == 37
