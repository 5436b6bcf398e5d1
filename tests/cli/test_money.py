"""`oms money reconcile`: what was ordered, taken and given back, and why amounts differ."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from oms_workflow.cli.language import catalogue
from oms_workflow.domain.reconciliation import Cause, Standing
from tests.domain.orders_for_tests import an_order, cny
from tests.store.shop import Shop

from .conftest import Oms

FIRST = an_order(("a", "TEA", 2), number="1", freight=cny("6.00"))
SECOND = an_order(("b", "TEA", 1), number="2")
THIRD = replace(an_order(("c", "TEA", 1), number="3"), channel="other")


async def test_orders_with_a_difference_are_told_with_its_cause(oms: Oms, shop: Shop) -> None:
    await shop.take_in(FIRST)
    await shop.pay(FIRST.id)
    await shop.refund(FIRST.id, amount=cny("3.00"))
    await shop.take_in(SECOND)

    told = await oms.document("money reconcile")

    (waiting,) = told["orders"]
    assert (waiting["order"], waiting["standing"]) == (SECOND.id, "waits")
    assert [(one["cause"], one["amount"]) for one in waiting["differences"]] == [("unpaid", str(-SECOND.total))]
    (sums,) = told["sums"]
    assert (sums["orders"], sums["refunded"]) == (2, "3.00 CNY")
    assert sums["held"] == str(FIRST.total - cny("3.00"))
    assert told["standings"] == {"reconciled": 1, "waits": 1, "differs": 0}


async def test_a_difference_for_a_person_is_exit_1(oms: Oms, shop: Shop) -> None:
    """A report that always ends well would be looked at by nobody."""
    await shop.take_in(FIRST)
    await shop.pay(FIRST.id, FIRST.total + cny("9.00"))

    said = await oms.inside("money", "reconcile")

    assert said.code == 1
    assert catalogue("en")["money.cause.paid_more"][:20] in said.out
    assert "9.00 CNY" in said.out


async def test_every_order_is_a_row_of_the_csv_file(oms: Oms, shop: Shop, tmp_path: Path) -> None:
    """Also those without a difference: finance adds the columns up."""
    for order in (FIRST, SECOND):
        await shop.take_in(order)
    await shop.pay(FIRST.id)
    path = tmp_path / "books.csv"

    said = await oms.inside("money", "reconcile", "--csv", path)

    assert said.code == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["order"], row["ordered"], row["open"]) for row in rows] == [
        (FIRST.id, str(FIRST.total.amount), "0.00"),
        (SECOND.id, str(SECOND.total.amount), str(SECOND.total.amount)),
    ]
    assert [row["causes"] for row in rows] == ["", "unpaid"]


async def test_one_channel_or_one_order_or_some_days_can_be_asked_for(oms: Oms, shop: Shop) -> None:
    for order in (FIRST, SECOND, THIRD):
        await shop.take_in(order)

    def names(told: dict[str, list[dict[str, str]]]) -> list[str]:
        return [one["order"] for one in told["orders"]]

    assert names(await oms.document("money reconcile", "--channel", "other", "--all")) == [THIRD.id]
    assert names(await oms.document("money reconcile", "--order", SECOND.id)) == [SECOND.id]
    day = f"{FIRST.placed_at:%Y-%m-%d}"
    assert len(names(await oms.document("money reconcile", "--since", day))) == 3
    assert names(await oms.document("money reconcile", "--until", day)) == []


async def test_a_misspelt_channel_is_corrected(oms: Oms, shop: Shop) -> None:
    await shop.take_in(FIRST)
    said = await oms.inside("money", "reconcile", "--channel", "shpo")
    assert said.code == 2
    assert "shop" in said.err


@pytest.mark.parametrize("name", ["en", "zh"])
def test_every_cause_and_standing_is_told_in_both_languages(name: str) -> None:
    texts = catalogue(name)
    assert all(texts[f"money.cause.{cause.value}"] for cause in Cause)
    assert all(texts[f"word.{one.value}"] for one in Standing)


async def test_what_was_captured_is_told_to_the_cent_wherever_it_went(oms: Oms, shop: Shop) -> None:
    """Given back, moved to exchanges or held: a column that is missing would look like lost money."""
    await shop.take_in(FIRST)
    await shop.pay(FIRST.id)
    await shop.refund(FIRST.id, amount=cny("3.00"))

    said = await oms.inside("money", "reconcile")

    (row,) = [line.split() for line in said.out.splitlines() if line.startswith("CNY ")]
    captured, refunded, transferred, held = map(Decimal, row[3:])
    assert (refunded, captured) == (Decimal("3.00"), refunded + transferred + held)
