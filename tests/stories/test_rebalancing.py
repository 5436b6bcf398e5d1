"""The process that plans promised goods anew, on a real Temporal server: two orders change places."""

from __future__ import annotations

from pathlib import Path

import pytest

from oms_workflow.store.instances import Instances
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.border import Ended
from oms_workflow.temporal.starting import About
from tests.activities.bench import Bench
from tests.activities.test_reoptimising import held, torn
from tests.stories.telling import Ground, opened


@pytest.mark.server
async def test_what_the_clock_starts_moves_goods_between_orders_once(ground: Ground, tmp_path: Path) -> None:
    """A due time has one instance; its second run finds nothing to gain."""
    async with opened(ground, tmp_path) as (house, _):
        shop = Bench(house.database)
        first, second = await torn(shop, "LAMP-OF-TWO", "SHADE-OF-TWO")
        for name in ("rebalancing:HalfHour-1", "rebalancing:HalfHour-2"):
            await house.starter.start("rebalancing", name, {}, about=About(), at=ground.begin, element="HalfHour")
            handle = house.client.get_workflow_handle(name, result_type=Ended)
            await handle.result()
            assert (await held(shop, first), await held(shop, second)) == ({"SH": 1}, {"HZ": 2})
        async with UnitOfWork(house.database) as unit:
            records = await Instances(unit).records("rebalancing:HalfHour-1")
        assert records[-1].kind.value == "finished"
        await shop.sound()
