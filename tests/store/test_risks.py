"""Promises at risk: the shipped diagrams are walked, their records stored, and the store says what will be late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import insert

from oms_workflow.diagrams.bundling import bundle_of
from oms_workflow.domain.arrival import Announcement
from oms_workflow.domain.backorder_promise import PartState, PromisedPart, PromiseRevision, RevisionReason
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.promises import Promises
from oms_workflow.domain.promise import Promise
from oms_workflow.engine.bundle import pack
from oms_workflow.store.database import Database
from oms_workflow.store.instances import Instances
from oms_workflow.store.process_versions import Deployment, ProcessVersions
from oms_workflow.store.projections import apply
from oms_workflow.store.risks import Risk, risks
from oms_workflow.store.tables.processes import node_visits
from tests.domain.orders_for_tests import an_order
from tests.processes.walking import Walk, shipped

from .shop import Shop

BEGUN = datetime.fromisoformat("2026-01-05T08:00:00+00:00")


async def deployed(shop: Shop) -> str:
    """Deploy the order's process with everything it calls; give its hash."""
    read = shipped()
    packed = pack(bundle_of("order_to_cash", read.definitions, read.decisions, read.calendars))
    digest = sha256(packed).hexdigest()
    what = Deployment(
        process_id="order_to_cash", name="Order", version_tag="", sha256=digest, bundle=packed, source=b"<xml/>",
        file="order_to_cash.bpmn", starts=(),
    )  # fmt: skip
    async with shop.unit() as unit:
        await ProcessVersions(unit).deploy(what, by="test", at=BEGUN)
    return digest


async def running(shop: Shop, walk: Walk, digest: str, order: str = "shop:1") -> None:
    """Store what every instance of a walk recorded."""
    actors = walk.stage.actors
    names = {id(actor): f"{order}:{number}" for number, actor in enumerate(actors)}
    async with shop.unit() as unit:
        for actor in actors:
            await Instances(unit).started(
                names[id(actor)],
                process_id=actor.instance.program.definition.id,
                version=1,
                sha256=digest,
                order_id=order,
                channel="shop",
                parent=names[id(actor.caller[0])] if actor.caller is not None else "",
                at=BEGUN,
            )
            await apply(unit, names[id(actor)], actor.records)


async def took(shop: Shop, digest: str, process: str, element: str, *minutes: int) -> None:
    """Let a node have taken so long in orders that are over."""
    async with shop.unit() as unit:
        connection = await unit.writing()
        for number, length in enumerate(minutes):
            name = f"past:{process}:{element}:{number}"
            await Instances(unit).started(
                name, process_id=process, version=1, sha256=digest, order_id="", channel="shop", at=BEGUN
            )
            visit = {"instance": name, "token": 1, "element": element, "outcome": "completed", "entered_at": BEGUN}
            done = {"left_at": BEGUN + timedelta(minutes=length), "milliseconds": length * 60_000}
            await connection.execute(insert(node_visits).values(**visit, **done))


async def placed(shop: Shop, ship_by: timedelta, deliver_by: timedelta = timedelta(days=30)) -> None:
    promise = Promise(ship_by=BEGUN + ship_by, deliver_by=BEGUN + deliver_by)
    await shop.take_in(replace(an_order(("a", "TEA", 2), number="1"), promise=promise), at=BEGUN)


async def at_risk(shop: Shop, at: timedelta = timedelta(0), **more: Any) -> list[Risk]:
    async with shop.unit() as unit:
        return list(await risks(unit, at=BEGUN + at, **more))


async def test_a_promise_that_the_limits_ahead_do_not_allow_is_at_risk(database: Database) -> None:
    """Nothing is late yet, and somebody can still do something about it."""
    shop = Shop(database)
    digest = await deployed(shop)
    await placed(shop, ship_by=timedelta(hours=1))
    walk = Walk.of_order()
    assert walk.open == ["AwaitPacked"]
    await running(shop, walk, digest)
    found = {one.promise: one for one in await at_risk(shop)}
    risk = found["ship_by"]
    assert (risk.order_id, risk.promised_at) == ("shop:1", BEGUN + timedelta(hours=1))
    assert risk.expected_at > risk.promised_at
    assert (risk.slowest.process, risk.slowest.basis) == ("fulfilment", "limit")
    assert risk.ahead >= 1


async def test_what_nodes_took_before_says_more_than_their_limits(database: Database) -> None:
    """The warehouse may take a day and takes twenty minutes: this order is in no danger, until it waits too long."""
    shop = Shop(database)
    digest = await deployed(shop)
    await placed(shop, ship_by=timedelta(hours=3))
    await running(shop, Walk.of_order(), digest)
    assert "ship_by" in {one.promise for one in await at_risk(shop)}
    for element in ("AwaitPacked", "BookCarrier", "AwaitHandedOver", "RecordHandOver"):
        await took(shop, digest, "fulfilment", element, 10, 20, 20, 30, 300)
    assert "ship_by" not in {one.promise for one in await at_risk(shop)}
    late = {one.promise: one for one in await at_risk(shop, at=timedelta(hours=2, minutes=50))}
    assert late["ship_by"].slowest.basis == "past"


async def test_what_is_over_or_missed_already_is_not_at_risk(database: Database) -> None:
    """A missed promise is listed as missed; here it would hide what can still be kept."""
    shop = Shop(database)
    digest = await deployed(shop)
    await placed(shop, ship_by=timedelta(hours=1))
    await running(shop, Walk.of_order(), digest)
    assert "ship_by" not in {one.promise for one in await at_risk(shop, at=timedelta(hours=2))}
    assert await at_risk(shop, order_id="shop:2") == []


async def test_an_order_whose_goods_come_after_its_promise_is_at_risk_before_any_node_is_late(
    database: Database,
) -> None:
    """Nobody ships what is not there, however fast the warehouse is."""
    shop = Shop(database)
    digest = await deployed(shop)
    await placed(shop, ship_by=timedelta(days=20), deliver_by=timedelta(days=30))
    await running(shop, Walk.of_order(), digest)
    assert await at_risk(shop) == []
    await shop.warehouse("HZ")
    told = Announcement(sku="TEA", warehouse="HZ", quantity=2, expected_at=BEGUN + timedelta(days=27))
    receipt = await shop.call(Arrivals, "announce", told, key="ship", at=BEGUN)
    part = PromisedPart(
        line_id="shop:1/a", quantity=2, state=PartState.ANNOUNCED, receipt=receipt.id, expected_at=receipt.expected_at,
        ships_at=BEGUN + timedelta(days=28), arrives_at=BEGUN + timedelta(days=29), day=date(2026, 2, 3),
    )  # fmt: skip
    first = PromiseRevision(
        order_id="shop:1", number=1, at=BEGUN, reason=RevisionReason.BACKORDERED, parts=(part,), matters=True
    )
    assert await shop.call(Promises, "add", first)

    (risk,) = await at_risk(shop)

    assert (risk.promise, risk.expected_at) == ("ship_by", BEGUN + timedelta(days=28))
    assert not await shop.call(Promises, "add", first)  # somebody else was first
