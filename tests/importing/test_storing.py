"""Importing into a shop: good orders come in once, bad ones stay out, and nothing happens twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from oms_workflow.connect.importing import history_in
from oms_workflow.domain.changes import Arrival
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.money import Money
from oms_workflow.domain.ports.imports import ErrorPolicy, RowOutcome
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.store.checks import check

from .reading import FLAT, GOOD, HEAD, ITEMS, ORDERS, PAYMENTS, TABLES, row, write
from .shop import Shop

THREE = HEAD + GOOD + row(id="2", price="x") + row(id="3")
"""Two good orders with a bad one between them."""


def write_all(folder: Path, text: str = THREE, name: str = "orders.csv") -> list[Path]:
    """Write one file of orders."""
    return write(folder, {name: text})


async def test_good_orders_come_in_and_bad_ones_are_kept_aside(shop: Shop, tmp_path: Path) -> None:
    """The counts say what became of each, and which orders can be worked with."""
    report = await shop.take(write_all(tmp_path))
    assert (report.new, report.quarantined, report.is_clean) == (2, 1, False)
    assert report.order_ids == ["shop:1", "shop:3"]
    assert report.by_code["bad-number"] == 1
    assert [str(one.place) for one in report.reasons] == ["orders.csv:3"]
    assert (await shop.get("shop:1")).order.total == Money.of("20.00", "CNY")
    assert all(one.violations == 0 for one in await check(shop.database))


async def test_the_same_file_again_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    """Whoever is not sure whether an import went through does it again."""
    paths = write_all(tmp_path)
    first = await shop.take(paths)
    before = await shop.counts()
    again = await shop.take(paths)
    assert await shop.counts() == before
    assert again.repeated
    assert (again.new, again.known, again.quarantined) == (0, 2, 1)
    assert again.order_ids == first.order_ids
    assert again.quarantine == first.quarantine


async def test_orders_of_another_file_are_known_again(shop: Shop, tmp_path: Path) -> None:
    """Exports of Monday and Tuesday overlap; all orders of the second one are told, in its order."""
    await shop.take(write_all(tmp_path, HEAD + GOOD, "monday.csv"))
    report = await shop.take(write_all(tmp_path, HEAD + row(id="4") + GOOD, "tuesday.csv"))
    assert (report.new, report.known) == (1, 1)
    assert report.order_ids == ["shop:4", "shop:1"]


async def test_a_changed_order_becomes_a_revision(shop: Shop, tmp_path: Path) -> None:
    """What was audited is never changed in silence, and the old file does not change it back."""
    old = write_all(tmp_path, HEAD + GOOD, "monday.csv")
    await shop.take(old)
    report = await shop.take(write_all(tmp_path, HEAD + row(price="12.00"), "tuesday.csv"))
    assert (report.new, report.changed) == (0, 1)
    counted = await shop.counts()
    assert counted["order_revisions"] == 1
    assert (await shop.get("shop:1")).order.total == Money.of("20.00", "CNY")
    await shop.take(old)
    assert await shop.counts() == counted


async def test_reject_everything_stores_nothing_when_one_is_bad(shop: Shop, tmp_path: Path) -> None:
    """All or nothing, and the batch keeps what was found."""
    report = await shop.take(write_all(tmp_path), policy=ErrorPolicy.REJECT_EVERYTHING)
    assert report.rejected
    assert not report.order_ids
    assert "orders" not in await shop.counts()
    bad = await shop.rows(report.batch, RowOutcome.QUARANTINED)
    assert [one["code"] for one in bad[0].problems] == ["bad-number"]


async def test_reject_everything_takes_good_files(shop: Shop, tmp_path: Path) -> None:
    """Nothing bad, nothing rejected."""
    report = await shop.take(write_all(tmp_path, HEAD + GOOD), policy=ErrorPolicy.REJECT_EVERYTHING)
    assert (report.rejected, report.new) == (False, 1)


async def test_ignore_failed_lets_doubtful_orders_in_on_hold(shop: Shop, tmp_path: Path) -> None:
    """What is merely doubtful waits inside for a person; what is no order at all stays out."""
    strict = f'{FLAT}\n[checks]\nbad-phone = "quarantine"'
    text = HEAD + row(phone="12345") + row(id="2", price="x")
    report = await shop.take(write_all(tmp_path, text), strict, ErrorPolicy.IGNORE_FAILED)
    assert (report.new, report.let_in, report.quarantined) == (1, 1, 1)
    assert [hold.kind for hold in (await shop.get("shop:1")).holds] == [HoldKind.DATA]


async def test_money_that_does_not_add_up_is_held(shop: Shop, tmp_path: Path) -> None:
    """The payment counts, and a person looks at the difference before anything is promised."""
    files = {"orders.csv": ORDERS, "items.csv": ITEMS, "payments.csv": PAYMENTS.replace("15.00", "14.00")}
    report = await shop.take(write(tmp_path, dict(files)), TABLES)
    view = await shop.get("shop:1")
    assert report.by_code["payment-mismatch"] == 1
    assert view.money.captured == Money.of("14.00", "CNY")
    assert [hold.kind for hold in view.holds] == [HoldKind.DATA]
    assert not (await shop.get("shop:2")).holds


async def test_the_past_is_a_note_that_can_be_read_back(shop: Shop, tmp_path: Path) -> None:
    """Runs are compared with what really happened."""
    head, line = HEAD.strip() + ",sent\n", GOOD.strip() + ",2026-11-12 08:00:00\n"
    mapping = f'{FLAT}\n[history.times]\nsent_at = "sent"'
    await shop.take(write_all(tmp_path, head + line), mapping)
    async with shop.open_ports() as ports:
        orders: Orders = ports[Orders]
        history = history_in(note.text for note in await orders.notes("shop:1"))
    assert history is not None
    assert history.times["sent_at"].isoformat() == "2026-11-12T00:00:00+00:00"


async def test_a_refused_order_takes_no_other_with_it(shop: Shop, tmp_path: Path) -> None:
    """A number that belongs to another order is found by the shop, after all rows were read."""
    mapping = FLAT.replace('external_id = "id"', 'external_id = "id"\nnumber = "name"')
    first = HEAD + row(id="1", name="N1")
    await shop.take(write_all(tmp_path, first, "monday.csv"), mapping)
    second = HEAD + row(id="7", name="N7") + row(id="8", name="N1", sku="CUP") + row(id="9", name="N9")
    paths = write_all(tmp_path, second, "tuesday.csv")
    report = await shop.take(paths, mapping)
    assert (report.new, report.refused, report.quarantined) == (2, 1, 1)
    assert report.order_ids == ["shop:N7", "shop:N9"]
    assert [one.code for one in report.reasons] == ["refused-by-shop"]
    again = await shop.take(paths, mapping)
    assert (again.known, again.refused, again.order_ids) == (2, 1, report.order_ids)


async def test_an_import_that_broke_off_goes_on(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database went away in the midst: what was in stays, the rest comes in, nothing doubles."""
    paths = write_all(tmp_path, HEAD + "".join(row(id=str(number)) for number in range(120)))
    taken: list[tuple[str, Arrival]] = []

    def breaking(order_id: str, arrival: Arrival) -> None:
        taken.append((order_id, arrival))
        if len(taken) == 70:
            raise WorldUnavailable("The database is gone.")

    with pytest.raises(WorldUnavailable):
        await shop.take(paths, on_taken=breaking)
    assert (await shop.counts())["orders"] == 100
    report = await shop.take(paths)
    assert (report.new, report.known, report.repeated) == (20, 100, False)
    assert (await shop.counts())["orders"] == 120
    assert len(report.order_ids) == 120


async def test_personal_data_stays_in_the_vault(shop: Shop, tmp_path: Path) -> None:
    """Batches are looked at by people who have no business with names."""
    report = await shop.take(write_all(tmp_path, HEAD + GOOD + row(id="2", price="x", phone="4711")))
    kept = "".join(map(str, await shop.rows(report.batch)))
    for secret in ("王小明", "138", "文三路", "4711"):
        assert secret not in kept


async def test_refusal_is_told_in_full(shop: Shop) -> None:
    """An order that was never imported is unknown."""
    with pytest.raises(OrderRefused):
        await shop.get("shop:1")
