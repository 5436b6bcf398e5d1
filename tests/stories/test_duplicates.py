"""Everybody outside repeats itself, and nothing happens twice."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.stories.conftest import Tell
from tests.stories.told import Told

ONCE = ("payment.capture", "warehouse.submit", "carrier.label", "channel.shipped")


async def test_webhooks_three_times_and_out_of_order_happen_once(tell: Tell) -> None:
    """Providers promise to tell everything at least once, in no order."""
    told = await tell("duplicate-webhooks")
    order, (sending,) = told.order("shop:2901"), told.called("fulfilment")

    told.assert_all_is_well()
    assert order.caught("payment.authorised") == 1
    assert sending.caught("warehouse.accepted") == sending.caught("warehouse.packed") == 1
    assert sending.caught("parcel.delivered") == 1
    assert order.times("CapturePayment") == sending.times("BookCarrier") == sending.times("RecordHandOver") == 1
    assert told.effects(*ONCE) == dict.fromkeys(ONCE, 1)
    assert told.goods("shop:2901") == {"TEA": {"shipped": 1, "delivered": 1}, "FAN": {"shipped": 1, "delivered": 1}}
    assert told.money("shop:2901") == {"authorised": "155.00", "captured": "155.00"}


@pytest.mark.parametrize("story", ["plain", "partial-return", "cancel-at-warehouse"])
async def test_telling_everything_again_later_changes_nothing(tell: Tell, tell_again: Tell, story: str) -> None:
    """A webhook comes again while its effect runs, after it, and when the order has long gone on."""
    once, again = await tell(story), await tell_again(story)

    again.assert_all_is_well()
    assert again.echoes >= 15
    assert {order: again.money(order) for order in again.views} == {order: once.money(order) for order in once.views}
    assert {order: again.goods(order) for order in again.views} == {order: once.goods(order) for order in once.views}
    assert _paths(again) == _paths(once)
    assert Counter(again.entries) == Counter(once.entries)
    assert _effects(again) == _effects(once)


def _paths(told: Told) -> dict[str, list[str]]:
    """A fulfilment whose order is cancelled winds up itself or is taken away by its caller, whichever is faster."""
    return {walk.instance: walk.path for walk in told.walks if "WindUp" not in {one.element for one in walk.records}}


def _effects(told: Told) -> dict[tuple[str, str, str], int]:
    return {(use.system, use.operation, use.key): use.effects for use in told.audit.keys}
