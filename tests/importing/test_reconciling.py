"""Orders of real exports against the books they fill: payments, refunds, unpaid orders, and every difference."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from oms_workflow.connect.importing import ImportMapping, history_in, parse_mapping, read_mapping
from oms_workflow.connect.reception.message import Message
from oms_workflow.domain.money import Money
from oms_workflow.domain.reconciliation import Cause, Claim, Reconciled, Standing, reconcile
from oms_workflow.store.accounts import AccountQuery, accounts, kept_aside
from oms_workflow.store.checks import check
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.beside import BESIDE, needs

from .reading import write
from .shop import Shop

DATA = BESIDE / "data"
ROOT = Path(__file__).parents[2]
PLAIN = """
channel = "shop"
currency = "CNY"
country = "CN"
time_zone = "UTC"
[files.orders]
key = "id"
[order]
external_id = "id"
placed_at = { value = "2026-11-11 10:00:00" }
paid = "paid"
refunded = "refunded"
[contact]
name = { value = "N" }
street = { value = "S" }
city = { value = "C" }
[lines]
sku = { value = "TEA" }
unit_price = "price"
"""


async def reconciled(shop: Shop) -> dict[str, Reconciled]:
    """Reconcile all orders, with what the export said."""
    found = {}
    async with UnitOfWork(shop.database) as unit:
        async for one in accounts(unit, AccountQuery()):
            said = history_in(one.notes)
            claim = Claim()
            if said is not None:
                claim = Claim(
                    paid=said.paid, refunded=said.refunded, instalments=int(said.facts.get("instalments", "1"))
                )
            found[one.account.order.external_id] = reconcile(one.account, claim)
    return found


def chosen(name: str) -> ImportMapping:
    return read_mapping(ROOT / "examples" / "imports" / f"{name}.toml")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name.strip(): cell for name, cell in row.items()} for row in csv.DictReader(file)]


def copy(source: Path, target: Path, wanted: Callable[[dict[str, str]], bool]) -> None:
    """Write the rows of a file that are wanted, byte for byte."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        read = csv.DictReader(file)
        with target.open("w", encoding="utf-8", newline="") as out:
            written = csv.DictWriter(out, fieldnames=list(read.fieldnames or ()))
            written.writeheader()
            written.writerows(row for row in read if wanted({name.strip(): cell for name, cell in row.items()}))


def some(rows: Iterable[dict[str, str]], many: int) -> list[dict[str, str]]:
    return list(rows)[:many]


@needs(DATA)
async def test_every_unpaid_order_and_refund_of_tmall_reconciles(shop: Shop, tmp_path: Path) -> None:
    """All unpaid orders, all partial refunds, some of the others: the books hold exactly what the buyer is out of."""
    source = DATA / "tmall" / "tmall_order_report.csv"
    rows = rows_of(source)
    unpaid = [row for row in rows if not row["订单付款时间"]]
    paid = [row for row in rows if row["订单付款时间"]]
    partly = [row for row in paid if 0 < Decimal(row["退款金额"]) < Decimal(row["总金额"])]
    whole = some((row for row in paid if Decimal(row["退款金额"]) == Decimal(row["总金额"])), 60)
    kept = some((row for row in paid if not Decimal(row["退款金额"])), 60)
    wanted = {row["订单编号"]: row for row in (*unpaid, *partly, *whole, *kept)}
    assert unpaid
    assert partly
    copy(source, tmp_path / source.name, lambda row: row["订单编号"] in wanted)
    await shop.take([tmp_path / source.name], chosen("tmall"))
    found = await reconciled(shop)
    assert set(found) == set(wanted)
    for number, row in wanted.items():
        money, one = found[number].account.money, found[number]
        assert money.due == Money.of(row["总金额"], "CNY")
        assert money.refunded == Money.of(row["退款金额"], "CNY")
        assert money.balance == Money.of(row["买家实际支付金额"] if row["订单付款时间"] else 0, "CNY")
        assert {each.cause for each in one.differences} == (set() if row["订单付款时间"] else {Cause.UNPAID})
    before = await shop.counts()
    await shop.take([tmp_path / source.name], chosen("tmall"))
    assert await shop.counts() == before
    assert all(one.violations == 0 for one in await check(shop.database))


@needs(DATA)
async def test_items_freight_and_payments_of_olist_reconcile_or_say_why(shop: Shop, tmp_path: Path) -> None:
    """All orders whose payments differ, all without items, some of the others; sums made from the files alone."""
    folder = DATA / "olist"
    due: dict[str, Decimal] = defaultdict(Decimal)
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows_of(folder / "olist_order_items_dataset.csv"):
        due[row["order_id"]] += Decimal(row["price"]) + Decimal(row["freight_value"])
    for row in rows_of(folder / "olist_order_payments_dataset.csv"):
        paid[row["order_id"]] += Decimal(row["payment_value"])
    names = [row["order_id"] for row in rows_of(folder / "olist_orders_dataset.csv")]
    differ = {name for name in names if name in due and due[name] != paid[name]}
    bare = {name for name in names if name not in due}
    others = {name for name in names if name not in differ | bare}
    wanted = differ | bare | set(sorted(others)[:150])
    target = tmp_path / "olist"
    target.mkdir()
    for path in folder.glob("*.csv"):
        copy(path, target / path.name, lambda row: row.get("order_id", next(iter(wanted))) in wanted)
    await shop.take([target], chosen("olist"))
    found = await reconciled(shop)
    assert set(found) == wanted - bare
    for name, one in found.items():
        assert one.goods + one.account.order.freight == Money.of(due[name], "BRL")
        assert one.account.money.captured == Money.of(paid[name], "BRL")
        assert bool(one.differences) == (name in differ)
        for each in one.differences:
            assert each.amount == Money.of(paid[name] - due[name], "BRL")
    causes = {each.cause for one in found.values() for each in one.differences}
    assert causes == {Cause.ROUNDING, Cause.INSTALMENT_INTEREST, Cause.PAID_LESS}
    async with UnitOfWork(shop.database) as unit:
        aside = {one.order_id.removeprefix("olist:"): one.codes for one in await kept_aside(unit)}
    assert set(aside) == bare
    assert all("no-items" in codes for codes in aside.values())


def plain(folder: Path, paid: str, refunded: str) -> list[Path]:
    """An export with one order of 100."""
    return write(folder, {"orders.csv": f"id,price,paid,refunded\n1,100.00,{paid},{refunded}\n"})


async def test_a_later_export_books_only_what_was_given_back_since(shop: Shop, tmp_path: Path) -> None:
    """The column grows from export to export; booking it anew each time would give the money back again."""
    for told, booked in [("0.00", "0.00"), ("30.00", "30.00"), ("30.00", "30.00"), ("70.00", "70.00")]:
        await shop.take(plain(tmp_path, "100.00", told), PLAIN)
        money = (await shop.get("shop:1")).money
        assert money.refunded == Money.of(booked, "CNY")
    assert money.refundable == Money.of("30.00", "CNY")
    assert all(one.violations == 0 for one in await check(shop.database))


async def test_a_refund_of_what_is_in_no_ledger_is_a_difference(shop: Shop, tmp_path: Path) -> None:
    """Payments that are not recorded leave nothing to give back from; nobody invents them."""
    mapping = PLAIN.replace('paid = "paid"\nrefunded = "refunded"\n', "")
    mapping += '[payments]\namount = "paid"\nrecord = false\n[refunds]\namount = "refunded"\n'
    await shop.take(plain(tmp_path, "100.00", "30.00"), mapping)
    one = (await reconciled(shop))["1"]
    assert one.standing is Standing.DIFFERS
    assert {each.cause for each in one.differences} == {
        Cause.UNPAID, Cause.PAID_AT_CHANNEL, Cause.REFUNDED_AT_CHANNEL,
    }  # fmt: skip


@pytest.mark.parametrize("succeeded", [True, None])
async def test_a_refund_of_ours_is_not_booked_again(shop: Shop, tmp_path: Path, succeeded: bool | None) -> None:
    """The channel's next export counts it too; one under way as well."""
    from tests.store.shop import Shop as Ledger

    await shop.take(plain(tmp_path, "100.00", "0.00"), PLAIN)
    ledger = Ledger(shop.database)
    await ledger.refund("shop:1", succeeded, amount=Money.of("25.00", "CNY"))
    await shop.take(plain(tmp_path, "100.00", "25.00"), PLAIN)
    money = (await shop.get("shop:1")).money
    assert money.refunded + money.refunding == Money.of("25.00", "CNY")


async def test_an_order_whose_whole_payment_went_back_is_called_off(shop: Shop, tmp_path: Path) -> None:
    """At the channel it is over: it does not ship, and its process hears it; who got a part back gets the goods."""
    text = "id,price,paid,refunded\n1,10.00,10.00,10.00\n2,10.00,10.00,4.00\n"
    paths = write(tmp_path, {"orders.csv": text})
    said: list[Message] = []

    async def publish(_: Any, messages: Sequence[Message]) -> None:
        said.extend(messages)

    for _ in range(2):
        await shop.take(paths, parse_mapping(PLAIN), publish=publish)
    wishes = [one for one in said if one.name == "order.cancel_requested"]
    assert {(one.id, one.key, one.variables["reason"]) for one in wishes} == {
        ("order.cancel_requested/shop:1/refunded", "shop:1", "refunded_at_channel")
    }
    gone, rest = await shop.get("shop:1"), await shop.get("shop:2")
    assert (gone.may_ship, rest.may_ship) == (False, True)
