"""Stock on the command line, and the invariants of the shop with their counts."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from oms_workflow.domain.ports.orders import Orders
from oms_workflow.store.checks import INVARIANTS
from tests.domain.orders_for_tests import NOON, an_order
from tests.store.shop import Shop

from .conftest import Oms


async def test_stock_is_shown_with_whom_it_is_promised_to(oms: Oms, shop: Shop) -> None:
    await shop.ready(an_order(("1", "TEA", 2), number="1"))

    told = await oms.document("stock show", "TEA")

    (balance,) = told["balances"]
    assert (balance["on_hand"], balance["allocated"], balance["available"]) == (10, 2, 8)
    assert [(one["order_id"], one["allocated"]) for one in told["claims"]] == [("shop:1", 2)]


async def test_a_misspelt_sku_or_warehouse_is_corrected(oms: Oms, shop: Shop) -> None:
    sku = await oms.inside("stock", "show", "TAE")
    place = await oms.inside("stock", "show", "--warehouse", "HX")
    assert (sku.code, place.code) == (1, 1)
    assert "TEA" in sku.err
    assert "HZ" in place.err


async def test_stock_goes_on_to_the_next_page(oms: Oms, shop: Shop) -> None:
    first = await oms.document("stock show", "--limit", 1)
    second = await oms.document("stock show", "--limit", 1, "--page", 2)
    assert [one["balances"][0]["sku"] for one in (first, second)] == ["POT", "TEA"]
    assert (first["more"], second["more"]) == (True, False)


async def test_every_invariant_is_told_with_its_counts(oms: Oms, shop: Shop) -> None:
    await shop.take_in(an_order(("1", "TEA", 2), number="1"))

    told = await oms.document("stock check")

    assert {one["invariant"] for one in told} >= {one.name for one in INVARIANTS}
    assert next(one for one in told if one["invariant"] == "orders-have-lines")["checked"] == 1
    assert not any(one["violations"] for one in told)


async def test_a_broken_invariant_is_exit_1_and_names_the_row(oms: Oms, shop: Shop) -> None:
    """A check that cannot fail would be worse than none."""
    async with shop.unit() as unit:
        await (await unit.writing()).execute(text("UPDATE stock_balances SET on_hand = 11 WHERE sku = 'TEA'"))

    said = await oms.inside("stock", "check")

    assert said.code == 1
    assert "stock-balance-is-its-ledger" in said.out
    assert "TEA" in said.out
    assert (await oms.inside("stock", "check", "--json")).code == 1


async def test_safety_stock_is_set_by_people_and_never_promised(oms: Oms, shop: Shop) -> None:
    """The ledger says who wanted it and why."""
    told = await oms.document("stock safety", "TEA", "HZ", 8, "--reason", "counts are off", "--by", "ann")
    assert (told["safety"], told["available"]) == (8, 2)
    await shop.take_in(an_order(("1", "TEA", 5), number="1"))
    assert (await shop.reserve("shop:1")).missing == 3
    async with shop.unit() as unit, unit.reading() as connection:
        written = await connection.execute(text("SELECT reason FROM stock_entries WHERE kind = 'safety_up'"))
        assert written.scalars().all() == ["counts are off (ann)"]
    assert (await oms.document("stock safety", "TEA", "HZ", 0))["available"] == 8
    await shop.sound()


async def test_damaged_pieces_are_sorted_out(oms: Oms, shop: Shop) -> None:
    told = await oms.document("stock sort-out", "TEA", "HZ", 3, "--as", "damage")
    assert (told["on_hand"], told["damaged"]) == (7, 3)
    assert "damaged 1" in (await oms.inside("stock", "sort-out", "TEA", "HZ", 2, "--as", "mend")).out
    wrong = await oms.inside("stock", "sort-out", "TEA", "HZ", 2, "--as", "eat")
    assert (wrong.code, "damage, mend, scrap" in wrong.err) == (2, True)
    assert (await oms.inside("stock", "sort-out", "TEA", "HZ", 2, "--as", "scrap")).code == 1


async def test_goods_are_announced_postponed_and_given_up(oms: Oms, shop: Shop) -> None:
    made = await oms.document("stock expect", "TEA", "HZ", 200, "--at", "2026-12-01", "--reference", "PO-7")
    assert (made["id"], made["outstanding"], made["expected_at"]) == ("HZ.E1", 200, "2026-12-01T00:00:00+00:00")
    later = await oms.document("stock postpone", "HZ.E1", "--at", "2026-12-05")
    assert (await oms.document("stock expected", "TEA"))["receipts"] == [later]
    assert "PO-7" in (await oms.inside("stock", "expected")).out
    given_up = await oms.document("stock give-up", "HZ.E1", "--reason", "cancelled")
    assert (given_up["missing"], given_up["outstanding"]) == (200, 0)
    assert "No goods are announced" in (await oms.inside("stock", "expected")).out
    assert (await oms.inside("stock", "give-up", "HZ.E2")).code == 1


async def test_who_waits_is_served_before_new_orders(oms: Oms, shop: Shop) -> None:
    await shop.take_in(an_order(("1", "INK", 2), number="1"))
    await shop.call(Orders, "backorder", "shop:1", {"shop:1/1": 2}, key="b", at=NOON)
    nobody = await oms.inside("stock", "outlook", "INK")
    assert "not announced" in nobody.out
    await oms.document("stock expect", "INK", "HZ", 5, "--at", "2026-12-01")
    told = await oms.document("stock outlook", "INK")
    assert [one["available"] for one in told["supplies"]] == [0, 3]
    assert [(one["order"], one["receipt"], one["quantity"]) for one in told["waiting"]] == [("shop:1", "HZ.E1", 2)]


async def test_a_bundle_is_said_listed_and_dropped(oms: Oms, shop: Shop) -> None:
    made = await oms.document("stock bundle", "SET", "TEA=4:30", "POT=1:40", "--title", "Tea for four")
    assert made["components"][0] == {"sku": "TEA", "quantity": 4, "share": 30}
    (listed,) = (await oms.document("stock bundles"))["bundles"]
    assert listed["available"] == [{"warehouse": "HZ", "available": 1}]
    assert "4 TEA + 1 POT" in (await oms.inside("stock", "bundles")).out
    await oms.document("stock bundle", "SET")
    assert "No bundles" in (await oms.inside("stock", "bundles")).out


@pytest.mark.parametrize("part", ["TEA=0", "TEA=x", "=1", "SET=1", "TEA=1:-1"])
async def test_a_bundle_that_cannot_be_is_explained(oms: Oms, shop: Shop, part: str) -> None:
    said = await oms.inside("stock", "bundle", "SET", part)
    assert (said.code, "Name each component once" in said.err) == (2, True)


async def test_more_damaged_pieces_than_came_are_a_slip(oms: Oms, shop: Shop) -> None:
    said = await oms.inside("stock", "receive", "HZ.E1", 2, "--damaged", 3)
    assert (said.code, "3 of 2" in said.err) == (2, True)


async def _two_that_should_swap(shop: Shop) -> None:
    await shop.warehouse("SH", {"TEA": 1}, priority=20)
    for number, lines in (("1", [("1", "POT", 1)]), ("2", [("2", "POT", 1), ("3", "TEA", 1)])):
        order = an_order(*lines, number=number)
        await shop.take_in(order)
        await shop.pay(order.id)
    await shop.receive("POT", "SH", 1)
    await shop.reserve("shop:1")
    await shop.reserve("shop:2")


async def test_what_rebalancing_would_move_is_told_before_it_moves(oms: Oms, shop: Shop) -> None:
    await _two_that_should_swap(shop)

    before = await oms.document("stock rebalance", "--dry-run")
    again = await oms.document("stock rebalance", "--dry-run")
    done = await oms.document("stock rebalance")
    after = await oms.inside("stock", "rebalance")

    assert before == again
    assert before["dry_run"]
    assert before["moves"] == done["moves"]
    assert after.code == 0
    assert "Nothing to gain" in after.out


async def test_an_order_tells_why_its_goods_come_from_where_they_do(oms: Oms, shop: Shop) -> None:
    await _two_that_should_swap(shop)
    (why,) = (await oms.document("orders show", "shop:1"))["sourcing"]
    page = await oms.inside("orders", "show", "shop:1")
    assert why["why"].startswith("HZ sends 1 of 1 pieces")
    assert "Why these warehouses" in page.out
    assert "HZ sends 1 of 1" in page.out
