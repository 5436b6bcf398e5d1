"""What buyers ask for and suppliers bring reaches the shop, once, and without a name in any message."""

from __future__ import annotations

import json
from typing import Any

import pytest

from oms_workflow.connect.reception import staff
from oms_workflow.domain.arrival import Announcement
from oms_workflow.domain.bundle import Bundle, Component
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.bundles import Bundles
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.returns import Returns
from oms_workflow.domain.returns import Reception, ReturnType
from oms_workflow.domain.tracking import ParcelStatus
from oms_workflow.errors import OrderRefused
from oms_workflow.store.bindings import bind
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import an_order

from .conftest import OpenDesk
from .front_desk import FrontDesk
from .outside import DAY, HOUR, MORNING

NEW_HOME = {
    "name": "Wang Wu",
    "country": "CN",
    "region": "广东",
    "city": "广州市",
    "street": "中山路 8 号",
    "phone": "138 0013 8000",
}


def news(event: str = "e1", **more: Any) -> dict[str, Any]:
    return {"event": event, "occurred_at": MORNING.isoformat(), "order": "shop:1"} | more


async def an_order_of(desk: FrontDesk, **goods: int) -> None:
    await desk.shop.take_in(an_order(*((sku, sku, quantity) for sku, quantity in (goods or {"tea": 2}).items())))


async def delivered(desk: FrontDesk) -> None:
    """Bring two teas to the buyer."""
    await desk.shop.warehouse("hz", {"tea": 20})
    (fulfilment,) = await desk.shop.ready(an_order(("tea", "tea", 2)))
    await desk.shop.ship(fulfilment)


async def test_a_wish_to_cancel_reaches_the_process(open_desk: OpenDesk) -> None:
    """The process decides; nothing is cancelled by a webhook."""
    desk = await open_desk({"buyer": {"cancels": {"after": "PT1H", "scope": "rest"}}})
    await an_order_of(desk)
    assert desk.outside is not None
    await desk.outside.begin()
    await desk.catch_up()
    assert desk.of("order.cancel_requested") == [{"order_id": "shop:1", "reason": "changed_mind", "scope": "rest"}]
    assert (await desk.shop.view("shop:1")).cancelled_at is None


async def test_a_new_address_goes_to_the_vault_and_waits_as_a_revision(open_desk: OpenDesk) -> None:
    """What was audited is never changed silently, and no message says where somebody lives."""
    desk = await open_desk({"buyer": {"moves": [{"after": "PT1H", "to": NEW_HOME}]}})
    await an_order_of(desk)
    assert desk.outside is not None
    await desk.outside.begin()
    await desk.catch_up()
    [changed] = desk.of("order.changed")

    assert changed["changes"] == 2  # the address
    before = await desk.shop.call(Orders, "get", "shop:1")
    assert before.destination.region == "浙江省"
    after = await desk.shop.call(
        Orders, "accept_revision", "shop:1", changed["revision"], key="accept", at=MORNING + DAY
    )
    assert (after.destination.region, after.destination.city) == ("广东省", "广州市")
    contact = await desk.shop.call(Customers, "contact", after.customer_ref)
    assert (contact.name, contact.phone) == ("Wang Wu", "+8613800138000")
    said = json.dumps([dict(one.variables) for one in desk.published.values()], ensure_ascii=False)
    assert "Wang" not in said
    assert "中山路" not in said


async def test_the_older_of_two_changes_is_stale_when_it_comes_last(desk: FrontDesk) -> None:
    """The version says which came first at the channel."""
    await an_order_of(desk)
    newer = await desk.take("buyer.address_changed", news("e2", version=2), {"contact": NEW_HOME})
    older = await desk.take("buyer.address_changed", news("e1", version=1), {"contact": NEW_HOME | {"street": "一街"}})
    again = await desk.take("buyer.address_changed", news("e2", version=2), {"contact": NEW_HOME})
    assert len(newer.messages) == 1
    assert again.messages == newer.messages
    first, second = newer.messages[0].variables["revision"], older.messages[0].variables["revision"]
    await desk.shop.call(Orders, "accept_revision", "shop:1", first, key="a", at=MORNING + DAY)
    with pytest.raises(OrderRefused) as refused:
        await desk.shop.call(Orders, "accept_revision", "shop:1", second, key="b", at=MORNING + DAY)
    assert refused.value.code == "STALE_VERSION"


async def test_a_remark_is_kept_and_its_intent_told(open_desk: OpenDesk) -> None:
    """The words stay in the database; a person reads them there."""
    desk = await open_desk({"buyer": {"writes": [{"after": "PT1H", "text": "请加急, Wang Wu", "flag": 3}]}})
    await an_order_of(desk)
    assert desk.outside is not None
    await desk.outside.begin()
    await desk.catch_up()
    [told] = desk.of("order.remark_added")
    assert told["intents"] == ["hurry"]
    [note] = await desk.shop.call(Orders, "notes", "shop:1")
    assert (note.id, note.text, note.flag) == (told["note_id"], "请加急, Wang Wu", 3)


async def test_a_return_is_opened_and_its_goods_come_back(open_desk: OpenDesk) -> None:
    """Asked for, sent, counted: the whole way, told by the world."""
    desk = await open_desk({"buyer": {"wants_back": [{"after_delivery": "P1D", "lines": {"tea": 1}}]}})
    fulfilment = await desk.submitted(tea=2)
    await desk.labelled(fulfilment)
    await desk.catch_up()
    [asked] = desk.of("return.requested")
    assert asked == {"return_id": "shop:1.R1", "order_id": "shop:1", "kind": "return"}

    assert desk.outside is not None
    await desk.outside.announce({"tea": 1}, return_id="shop:1.R1", at=MORNING + 15 * DAY)
    await desk.catch_up()
    assert [one for one in desk.names if one.startswith("return")] == [
        "return.requested",
        "return.sent",
        "return.received",
    ]
    found = await desk.shop.call(Returns, "get", "shop:1.R1")
    assert [item.reception for item in found.items] == [Reception.RECEIVED]
    assert desk.refused == []
    assert (await desk.outside.world.audit()).is_clean
    await desk.shop.sound()


async def test_an_exchange_names_its_new_goods(desk: FrontDesk) -> None:
    """The process needs them to make the linked order."""
    await delivered(desk)
    goods = [{"sku": "cup", "quantity": 1, "unit_price": "12.50"}]
    lines = [{"line": "shop:1/tea", "quantity": 1}]
    wish = news(kind="exchange", reason="too_small", lines=lines, new=goods)
    for _ in range(2):
        await desk.take("buyer.return_requested", wish)
    assert desk.of("exchange.requested") == [{"return_id": "shop:1.R1", "order_id": "shop:1", "goods": goods}]
    [opened] = await desk.shop.call(Returns, "of_order", "shop:1")
    assert opened.type is ReturnType.EXCHANGE


async def test_more_than_went_out_cannot_be_wanted_back(desk: FrontDesk) -> None:
    """The sender hears why."""
    await delivered(desk)
    wish = news(kind="return", reason="broken", lines=[{"line": "shop:1/tea", "quantity": 3}])
    with pytest.raises(OrderRefused) as refused:
        await desk.take("buyer.return_requested", wish)
    assert refused.value.code == "QUANTITY_EXCEEDED"


@pytest.mark.parametrize(
    ("what", "body", "private"),
    [
        ("cancel_requested", news(reason="because I, Wang Wu, say so"), {}),
        ("cancel_requested", news(reason="ok", scope="half"), {}),
        ("address_changed", news(version=1), {}),
        ("address_changed", news(version=1), {"contact": NEW_HOME | {"country": "China"}}),
        ("address_changed", news(version=1), {"contact": NEW_HOME | {"street": "x" * 300}}),
        ("address_changed", news(version=-1), {"contact": NEW_HOME}),
        ("wrote", news(), {}),
        ("wrote", news(), {"text": ""}),
        ("return_requested", news(kind="gift", reason="ok", lines=[{"line": "shop:1/tea", "quantity": 1}]), {}),
        ("return_requested", news(kind="return", reason="ok", lines=[]), {}),
        ("return_requested", news(kind="return", reason="ok", lines=[{"line": "shop:2/tea", "quantity": 1}]), {}),
    ],
)
async def test_a_bad_wish_is_refused_without_repeating_it(
    desk: FrontDesk, what: str, body: dict[str, Any], private: dict[str, Any]
) -> None:
    """Names and addresses must not come back in an error."""
    await an_order_of(desk)
    with pytest.raises(OrderRefused) as refused:
        await desk.take(f"buyer.{what}", body, private)
    assert refused.value.code == "DATA_REFUSED"
    assert "Wang" not in str(refused.value)
    assert desk.published == {}


async def test_goods_that_arrive_wake_the_orders_that_wait(open_desk: OpenDesk) -> None:
    """Once, however often the receipt is told."""
    desk = await open_desk(
        stock=[{"sku": "tea", "warehouse": "hz", "quantity": 5, "at": "PT2H"}],
        chances={"duplicate": 1},
    )
    await desk.shop.warehouse("hz")
    await an_order_of(desk, tea=2)
    await desk.shop.call(Orders, "backorder", "shop:1", {"shop:1/tea": 2}, key="b", at=MORNING)
    assert desk.outside is not None
    await desk.outside.world.start(MORNING)
    await desk.catch_up(MORNING + 5 * HOUR)
    assert desk.of("stock.arrived") == [{"order_id": "shop:1"}]
    assert (await desk.shop.balance("tea", "hz")).on_hand == 5


async def test_goods_nobody_waits_for_wake_nobody(desk: FrontDesk) -> None:
    """They are simply on the shelf."""
    await desk.shop.warehouse("hz")
    body = {"event": "s", "occurred_at": MORNING.isoformat(), "sku": "tea", "warehouse": "hz", "quantity": 3}
    received = await desk.take("stock.received", body)
    assert received.messages == ()
    assert "No order waits" in received.remark
    with pytest.raises(OrderRefused) as refused:
        await desk.take("stock.received", body | {"event": "t", "quantity": 0})
    assert refused.value.code == "DATA_REFUSED"


async def test_an_address_staff_finds_out_goes_to_the_vault(open_desk: OpenDesk) -> None:
    """The process gets its reference only."""
    answer = {"element": "LookIntoOrder", "variables": {"decision": "fix"}, "contact": NEW_HOME}
    desk = await open_desk({"staff": {"tasks": [answer]}})
    assert desk.outside is not None
    await desk.outside.world.task_opened("shop:1", "order:shop:1", "LookIntoOrder", 4, MORNING)
    [told] = await desk.outside.told("staff")
    async with UnitOfWork(desk.database) as unit:
        ports = {port: bind(port, unit) for port in staff.PORTS}
        done = await staff.task_answered(told.body, ports, private=told.private, at=told.due_at)
        await unit.commit()

    assert (done.order_id, done.instance, done.element, done.token) == ("shop:1", "order:shop:1", "LookIntoOrder", 4)
    assert done.variables["decision"] == "fix"
    contact = await desk.shop.call(Customers, "contact", done.variables["customer_ref"])
    assert contact.name == "Wang Wu"
    assert "Wang" not in f"{told!r} {told.body} {done!r}"


async def test_an_ordinary_answer_of_staff_is_passed_on(desk: FrontDesk) -> None:
    """Nothing is written for it; a bad one is refused."""
    body = {"order": "shop:1", "instance": "order:shop:1", "element": "X", "token": 1, "variables": {"decision": "ok"}}
    told = {"event": "e", "occurred_at": MORNING.isoformat()} | body
    done = await staff.task_answered(told, {}, private={}, at=MORNING)
    assert done.variables == {"decision": "ok"}
    with pytest.raises(OrderRefused):
        await staff.task_answered(told | {"token": "one"}, {}, private={}, at=MORNING)


async def test_announced_goods_that_come_wake_the_orders_that_wait(desk: FrontDesk) -> None:
    """Once, however often the warehouse says so; broken ones go on no shelf."""
    await desk.shop.warehouse("hz")
    await an_order_of(desk, tea=2)
    await desk.shop.call(Orders, "backorder", "shop:1", {"shop:1/tea": 2}, key="b", at=MORNING)
    told = Announcement(sku="tea", warehouse="hz", quantity=5, expected_at=MORNING)
    made = await desk.shop.call(Arrivals, "announce", told, key="a", at=MORNING)
    body = {"event": "s", "occurred_at": MORNING.isoformat(), "receipt": made.id, "quantity": 4, "damaged": 1}
    for _ in range(2):
        await desk.take("stock.arrived", body)
    assert desk.of("stock.arrived") == [{"order_id": "shop:1"}]
    balance = await desk.shop.balance("tea", "hz")
    assert (balance.on_hand, balance.damaged) == (3, 1)
    with pytest.raises(OrderRefused, match="more pieces than came"):
        await desk.take("stock.arrived", body | {"event": "t", "damaged": 5})


async def test_a_bundle_comes_back_as_its_components(desk: FrontDesk) -> None:
    """The buyer names what was bought; half a bundle is no return of it."""
    await desk.shop.warehouse("hz", {"tea": 4, "cup": 4})
    parts = (Component(sku="tea", quantity=2), Component(sku="cup"))
    await desk.shop.call(Bundles, "save", Bundle(sku="set", components=parts))
    (part,) = await desk.shop.ready(an_order(("s", "set", 2)))
    await desk.shop.report(await desk.shop.ship(part), ParcelStatus.DELIVERED)
    wish = news(kind="return", reason="broken", lines=[{"line": "shop:1/s", "quantity": 1}])
    received = await desk.take("buyer.return_requested", wish)
    (opened,) = await desk.shop.call(Returns, "of_order", "shop:1")
    assert received.messages[0].variables["return_id"] == opened.id
    assert [(one.line_id, one.quantity) for one in opened.items] == [("shop:1/s+1", 2), ("shop:1/s+2", 1)]
