"""Real exports of two shops, dirt included, go through intake; their known dirt is found and nothing sound is refused.

The files are not part of the project; where they are missing these tests say so.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from oms_workflow.domain.intake import ChannelHabits, IntakeReading, read_order
from oms_workflow.domain.problem import Weight
from tests.beside import BESIDE, needs

DATA = BESIDE / "data"
pytestmark = needs(DATA)
AT = datetime(2026, 11, 22, tzinfo=UTC)


def table(name: str) -> list[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def errors(reading: IntakeReading) -> set[str]:
    return {one.field for one in reading.problems if one.weight is Weight.ERROR}


def test_every_tmall_order_is_read() -> None:
    """Headers with blanks, provinces in two spellings, paid amounts net of refunds: none of it stops an order."""
    habits = ChannelHabits(channel="tmall", shop="t", currency="CNY", zone=ZoneInfo("Asia/Shanghai"))
    kinds: Counter[str] = Counter()
    for row in table("tmall/tmall_order_report.csv"):
        clean = {name.strip(): value for name, value in row.items()}
        raw = {
            "number": clean["订单编号"],
            "placed_at": clean["订单创建时间"],
            "paid_at": clean["订单付款时间"],
            "paid": clean["买家实际支付金额"] if clean["订单付款时间"] else "",
            "refunded": clean["退款金额"],
            "region": clean["收货地址"],
            "lines": [{"sku": "unknown", "quantity": 1, "unit_price": clean["总金额"]}],
        }
        reading = read_order(raw, habits, at=AT)
        assert reading.draft is not None, reading.problems
        kinds.update(one.field for one in reading.problems if one.field in ("region", "paid", "refunded", "paid_at"))
    assert kinds["region"] == 0
    assert kinds["refunded"] == 0
    assert kinds["paid"] == 0


def test_olist_orders_are_read_or_refused_for_a_reason() -> None:
    """Orders without items are refused; a hand-over before approval and payments that differ are said, not hidden."""
    habits = ChannelHabits(channel="olist", shop="o", currency="BRL", zone=ZoneInfo("America/Sao_Paulo"), country="BR")
    items: dict[str, list[dict[str, Any]]] = {}
    for row in table("olist/olist_order_items_dataset.csv"):
        items.setdefault(row["order_id"], []).append(row)
    paid: dict[str, float] = {}
    for row in table("olist/olist_order_payments_dataset.csv"):
        paid[row["order_id"]] = round(paid.get(row["order_id"], 0) + float(row["payment_value"]), 2)
    customers = {row["customer_id"]: row for row in table("olist/olist_customers_dataset.csv")}
    refused: Counter[str] = Counter()
    said: Counter[str] = Counter()
    orders = table("olist/olist_orders_dataset.csv")
    for row in orders:
        mine, person = items.get(row["order_id"], []), customers[row["customer_id"]]
        freight = round(sum(float(one["freight_value"]) for one in mine), 2)
        raw = {
            "number": row["order_id"],
            "placed_at": row["order_purchase_timestamp"],
            "approved_at": row["order_approved_at"],
            "handed_over_at": row["order_delivered_carrier_date"],
            "delivered_at": row["order_delivered_customer_date"],
            "deliver_by": row["order_estimated_delivery_date"],
            "freight": freight,
            "paid": paid.get(row["order_id"], ""),
            "city": person["customer_city"],
            "region": person["customer_state"],
            "postal_code": person["customer_zip_code_prefix"],
            "lines": [
                {"oid": f"{one['order_id']}-{one['order_item_id']}", "sku": one["product_id"], "quantity": 1,
                 "unit_price": one["price"], "seller": one["seller_id"]}
                for one in mine
            ],
        }  # fmt: skip
        reading = read_order(raw, habits, at=AT)
        assert (reading.draft is None) == bool(errors(reading))
        assert (reading.draft is None) == (not mine), reading.problems
        refused.update(errors(reading))
        said.update(one.field for one in reading.problems if one.weight is Weight.WARNING)
    assert set(refused) == {"lines"}
    assert said["handed_over_at"] > 0
    assert said["paid"] > 0
