"""The audit: every contradiction, made by hand behind the world's back, is found and named."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine, text

from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.ports.carrier_gateway import CarrierGateway
from oms_workflow.domain.ports.channel_write_back import ChannelWriteBack, ShippedNews
from oms_workflow.domain.ports.notification_gateway import NotificationGateway

from .conftest import OpenWorld
from .outside import DAY, MORNING, Outside
from .test_world_other_systems import a_message

FAR = 4_000_000_000_000_000  # a moment in 2096


async def a_day_of_work(open_world: OpenWorld) -> Outside:
    """Let one order be paid, sent and partly refunded."""
    outside = await open_world()
    promised = await outside.pay(TransactionKind.AUTHORISE, "100.00", key="T1")
    captured = await outside.pay(
        TransactionKind.CAPTURE, "100.00", parent=promised.provider_ref, key="T2", at=MORNING + DAY
    )
    await outside.pay(TransactionKind.REFUND, "40.00", parent=captured.provider_ref, key="T3", at=MORNING + DAY)
    await outside.submit()
    await outside.label()
    await outside.announce({"tea": 1})
    return outside


async def test_a_day_of_work_is_sound(open_any_world: OpenWorld) -> None:
    """And every key is listed with what came of it."""
    outside = await a_day_of_work(open_any_world)
    audit = await outside.world.audit()
    assert audit.is_clean
    assert {(one.system, one.operation, one.calls, one.effects) for one in audit.keys} == {
        ("payment", "authorise", 1, 1),
        ("payment", "capture", 1, 1),
        ("payment", "refund", 1, 1),
        ("warehouse", "submit", 1, 1),
        ("warehouse", "announce_return", 1, 1),
        ("carrier", "label", 1, 1),
    }


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("INSERT INTO world_deeds SELECT id + 100, system, operation, key, subject, thing, at FROM world_deeds "
         "WHERE operation = 'label'", "one key, one effect"),
        ("DELETE FROM world_calls WHERE operation = 'label'", "no effect without a call"),
        ("DELETE FROM world_answers WHERE operation = 'label'", "every effect is remembered"),
        ("INSERT INTO world_labels SELECT carrier, 'X1', subject, shipment, parcel, service, warehouse, reference, at, "
         "hands_over_at, ends_at, cancelled_at, key FROM world_labels", "one label for a parcel"),
        ("UPDATE world_payments SET minor = 10001 WHERE kind = 'capture'", "captures within the promise"),
        ("UPDATE world_payments SET minor = 10001 WHERE kind = 'refund'", "refunds within the capture"),
        ("UPDATE world_payments SET outcome = 'canceled' WHERE kind = 'authorise'", "no capture after a void"),
        (f"UPDATE world_warehouse_orders SET cancelled_at = {FAR}", "nothing ships after an accepted cancel"),
        ("INSERT INTO world_warehouse_orders SELECT 'WO2', fulfilment, subject, warehouse, carrier, service, lines, "
         "at, packs_at, NULL, cancelled_at, rejected_at, key FROM world_warehouse_orders",
         "one warehouse order for a fulfilment order"),
        ("UPDATE world_labels SET hands_over_at = NULL", "no way without a hand-over"),
        ("INSERT INTO world_goods_back SELECT 'shop:1.R2', subject, warehouse, "
         "'[[\"shop:1/tea\", \"tea\", 2]]', at, key FROM world_goods_back", "no more back than out"),
    ],
)  # fmt: skip
async def test_a_contradiction_is_found(open_world: OpenWorld, tmp_path: Any, statement: str, rule: str) -> None:
    """An audit that has never found anything proves nothing."""
    outside = await a_day_of_work(open_world)
    engine = create_engine(f"sqlite:///{tmp_path / 'world.db'}")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    found = (await outside.world.audit()).contradictions
    assert rule in {one.rule for one in found}
    assert "shop:1" in str(found) or "label" in str(found) or "pay_" in str(found) or "SF" in str(found)


async def test_the_shop_s_own_mistakes_are_found_too(open_world: OpenWorld) -> None:
    """Two keys for one parcel, one notice, one write-back: each key acted once, and still it happened twice."""
    outside = await open_world()
    await outside.label(key="a")
    await outside.label(key="b")
    news = ShippedNews(
        order_id="shop:1", channel="shop", external_id="e", package_id="P", carrier="sf", tracking_number="1",
        pieces=(("1", 1),), at=MORNING,
    )  # fmt: skip
    for key in ("c", "d"):
        await outside.port(ChannelWriteBack).shipped(news, key=key)
        await outside.port(NotificationGateway).send(a_message(), key=key)
    audit = await outside.world.audit()
    assert [one.rule for one in audit.contradictions] == ["one label for a parcel", "told once", "told once"]
    assert all(one.effects == 1 for one in audit.keys)


async def test_a_cancelled_label_is_no_second_label(open_world: OpenWorld) -> None:
    """Booking again after a cancellation is how a carrier is changed."""
    outside = await open_world()
    first = await outside.label(key="a")
    await outside.port(CarrierGateway).cancel_label("sf", first.tracking_number, key="b")
    await outside.label(key="c", carrier="zto")
    assert (await outside.world.audit()).is_clean
