"""Orders come in once, whatever channels repeat, overtake or change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oms_workflow.domain.changes import Arrival, Change
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.promise import Promise
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from oms_workflow.store.order_rows import stored
from tests.domain.orders_for_tests import NOON, a_line, an_order, cny

from .shop import Shop

ORDER = an_order(
    a_line("shop:1", "a", "TEA", 2, "10.00", discount=cny("1.00"), tax=cny("0.50"), weight_grams=100, seller="s"),
    a_line("shop:1", "b", "CUP", 1, gift=True, ship_together="set"),
    freight=cny("6.00"),
    channel_version=3,
    promise=Promise(ship_by=NOON),
)


async def test_an_order_reads_as_it_was_stored(database: Database) -> None:
    """Every field survives the way into the database and back, times and cents included."""
    shop = Shop(database)
    taken = await shop.take_in(ORDER)
    assert taken.arrival is Arrival.NEW
    assert (await shop.view(ORDER.id)).order == stored(ORDER)
    assert await shop.call(Orders, "find", "shop", "ext-1") == ORDER.id
    assert await shop.call(Orders, "find", "shop", "nothing") is None


async def test_the_same_order_again_is_the_same(database: Database) -> None:
    """Webhooks are delivered at least once, pulls overlap."""
    shop = Shop(database)
    await shop.take_in(ORDER)
    assert (await shop.take_in(ORDER)).arrival is Arrival.SAME
    assert (await shop.take_in(replace(ORDER, channel_version=9))).arrival is Arrival.SAME
    await shop.sound()


async def test_older_news_changes_nothing(database: Database) -> None:
    """A retry of an old webhook arrives after a newer one."""
    shop = Shop(database)
    await shop.take_in(ORDER)
    old = replace(ORDER, channel_version=2, address_digest="old")
    assert (await shop.take_in(old)).arrival is Arrival.STALE
    assert (await shop.view(ORDER.id)).order.address_digest == "address"


async def test_a_change_waits_until_it_is_accepted(database: Database) -> None:
    """What was audited is never changed without a word; the same change twice is one revision."""
    shop = Shop(database)
    await shop.take_in(ORDER)
    moved = replace(ORDER, channel_version=4, address_digest="elsewhere")
    taken = await shop.take_in(moved)
    assert (taken.arrival, taken.changes) == (Arrival.CHANGED, Change.ADDRESS)
    assert (await shop.take_in(moved)).revision == taken.revision
    assert (await shop.view(ORDER.id)).order.address_digest == "address"
    order = await shop.call(Orders, "accept_revision", ORDER.id, taken.revision, key=shop.key(), at=NOON)
    assert order.address_digest == "elsewhere"
    assert (await shop.take_in(moved)).arrival is Arrival.SAME


async def test_pieces_left_out_of_a_change_are_cancelled(database: Database) -> None:
    """The buyer takes one of two back at the channel; reserved stock of it is free again."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 2, "CUP": 1})
    await shop.take_in(ORDER)
    await shop.reserve(ORDER.id)
    fewer = replace(ORDER, channel_version=4, lines=(replace(ORDER.lines[0], ordered=1), ORDER.lines[1]))
    taken = await shop.take_in(fewer)
    await shop.call(Orders, "accept_revision", ORDER.id, taken.revision, key=shop.key(), at=NOON)
    line = (await shop.view(ORDER.id)).quantities["shop:1/a"]
    assert (line.ordered, line.open, line.cancelled) == (2, 1, 1)
    assert (await shop.balance("TEA", "HZ")).reserved == 1
    await shop.sound()


@pytest.mark.parametrize(
    "lines",
    [
        (replace(ORDER.lines[0], ordered=3), ORDER.lines[1]),
        (replace(ORDER.lines[0], sku="COFFEE"), ORDER.lines[1]),
        (*ORDER.lines, a_line("shop:1", "c", "TEA", 1)),
    ],
    ids=["more", "other", "new line"],
)
async def test_other_or_more_goods_are_refused(sqlite_database: Database, lines: tuple[object, ...]) -> None:
    """They need a price, stock and an audit of their own: a new order."""
    shop = Shop(sqlite_database)
    await shop.take_in(ORDER)
    taken = await shop.take_in(replace(ORDER, channel_version=4, lines=lines))
    with pytest.raises(OrderRefused) as caught:
        await shop.call(Orders, "accept_revision", ORDER.id, taken.revision, key=shop.key(), at=NOON)
    assert caught.value.code == "GOODS_CHANGED"
    await shop.sound()


async def test_an_overtaken_revision_is_refused(sqlite_database: Database) -> None:
    """Accepting yesterday's change after today's would bring the old address back."""
    shop = Shop(sqlite_database)
    await shop.take_in(ORDER)
    first = await shop.take_in(replace(ORDER, channel_version=4, address_digest="one"))
    second = await shop.take_in(replace(ORDER, channel_version=5, address_digest="two"))
    await shop.call(Orders, "accept_revision", ORDER.id, second.revision, key=shop.key(), at=NOON)
    with pytest.raises(OrderRefused, match="overtaken") as caught:
        await shop.call(Orders, "accept_revision", ORDER.id, first.revision, key=shop.key(), at=NOON)
    assert caught.value.code == "STALE_VERSION"


async def test_ids_that_belong_to_another_order_are_refused(sqlite_database: Database) -> None:
    """A wrong mapping must not let one order eat another: (channel, external id) and sub-order ids are unique."""
    shop = Shop(sqlite_database)
    await shop.take_in(ORDER)
    for wrong in (
        an_order(("z", "TEA", 1), number="2", external_id="ext-1"),
        an_order(("z", "TEA", 1), number="1", external_id="ext-2"),
        an_order(("a", "TEA", 1), number="2"),
    ):
        with pytest.raises(OrderRefused) as caught:
            await shop.take_in(wrong)
        assert caught.value.code == "ORDER_MISMATCH"
    await shop.sound()


async def test_an_impossible_order_is_refused_with_every_reason(sqlite_database: Database) -> None:
    """The database would refuse it too, but without words."""
    shop = Shop(sqlite_database)
    wrong = an_order(("a", "TEA", 0), ("a", "CUP", 1), freight=cny("-1.00"))
    with pytest.raises(OrderRefused, match=r"same sub-order id.*orders 0 pieces") as caught:
        await shop.take_in(wrong)
    assert caught.value.code == "DATA_REFUSED"


async def test_an_unknown_order_is_named(sqlite_database: Database) -> None:
    """The message says which id was wrong."""
    shop = Shop(sqlite_database)
    with pytest.raises(OrderRefused, match="no order 'shop:404'") as caught:
        await shop.view("shop:404")
    assert caught.value.code == "UNKNOWN_ORDER"
