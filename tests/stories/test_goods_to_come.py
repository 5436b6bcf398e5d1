"""The process that revises promises of goods to come, on a real Temporal server: each new day is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from activities.backorder import backorder
from oms_workflow.domain.arrival import Announcement
from oms_workflow.domain.notice import NoticeStatus
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.notices import Notices
from oms_workflow.domain.ports.promises import Promises
from oms_workflow.temporal.border import Ended
from oms_workflow.temporal.starting import About
from tests.activities.bench import Bench
from tests.domain.orders_for_tests import an_order
from tests.stories.telling import Ground, opened


@pytest.mark.server
async def test_a_buyer_hears_of_a_postponed_receipt_once(ground: Ground, tmp_path: Path) -> None:
    """Three quarter hours: a first day, the same day, and a later one."""
    async with opened(ground, tmp_path) as (house, _):
        shop = Bench(house.database)
        await shop.warehouse("PIER")
        order = an_order(("kettle", "KETTLE-TO-COME", 1), number="waits-for-a-ship")
        await shop.take_in(replace(order, customer_ref=await shop.somebody(order)), at=ground.begin)
        await shop.run(backorder, order_id=order.id, at=ground.begin)
        told = Announcement(
            sku="KETTLE-TO-COME", warehouse="PIER", quantity=5, expected_at=ground.begin + timedelta(days=4)
        )
        ship = await shop.call(Arrivals, "announce", told, key="ship", at=ground.begin)

        async def quarter_hour(number: int) -> None:
            name = f"goods_to_come:QuarterHour-{number}"
            await house.starter.start("goods_to_come", name, {}, about=About(), at=ground.begin, element="QuarterHour")
            await house.client.get_workflow_handle(name, result_type=Ended).result()

        await quarter_hour(1)
        await quarter_hour(2)
        later = ground.begin + timedelta(days=9)
        await shop.call(Arrivals, "postpone", ship.id, later, key="fog", at=ground.begin)
        await quarter_hour(3)

        history = await shop.call(Promises, "history", order.id)
        notices = await shop.call(Notices, "of_order", order.id)
        assert [one.reason for one in history] == ["backordered", "postponed"]
        assert [one.template for one in notices] == ["promise_known", "promise_later"]
        assert [one.status for one in notices] == [NoticeStatus.SENT] * 2
        assert [one.notice_id for one in history] == [one.id for one in notices]
        await shop.sound()
