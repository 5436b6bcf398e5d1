"""Stock on the command line, and the invariants of the shop with their counts."""

from __future__ import annotations

from sqlalchemy import text

from oms_workflow.store.checks import INVARIANTS
from tests.domain.orders_for_tests import an_order
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
