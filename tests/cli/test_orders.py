"""Finding orders, looking at one and reading its history; what identifies the buyer stays covered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from oms_workflow.bpmn.calendar import ALWAYS
from oms_workflow.diagrams.collection import read_collection
from oms_workflow.domain.customer import Address, Contact
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.note import NoteKind
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.promise import Promise
from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.store import projections
from oms_workflow.store.instances import Instances
from oms_workflow.store.process_versions import ProcessVersions
from oms_workflow.temporal.deploying import deploy
from tests.domain.orders_for_tests import NOON, an_order
from tests.drawing import bpmn
from tests.store.shop import Shop

from .conftest import Oms

DRAWN = """
process send
  start S
  service Pack name="Pack the goods 打包" type=test.pack owner=warehouse sla=PT1H
  user Look name="Look into it 人工查看" owner=planning
  end E
  S -> Pack -> Look -> E
"""

BROKEN = {"incident": 3, "code": "job-failed", "message": "the press is broken"}
ASKED = {"message": "order.cancel_requested", "message_id": "order.cancel_requested/shop:10/mei-1a"}
SECRETS = ("李小四", "13800138000", "si.li@example.com", "文三路", "ring twice")


def title(order: Order, text: str) -> Order:
    return replace(order, lines=tuple(replace(line, title=text) for line in order.lines))


async def happened(shop: Shop, order: str, *told: tuple[RecordKind, str, int, dict], instance: str = "") -> str:
    """Let records of an instance about an order be known; a minute passes between two."""
    name = instance or f"order:{order}"
    async with shop.unit() as unit:
        latest = await ProcessVersions(unit).latest("send")
        await Instances(unit).started(
            name, process_id="send", version=None, sha256=latest.sha256 if latest else "", order_id=order,
            channel="shop", at=NOON,
        )  # fmt: skip
        records = [
            Record(
                seq=seq,
                at=NOON + timedelta(minutes=seq),
                kind=kind,
                element=element,
                token=token,
                scope=1,
                detail=detail,
            )
            for seq, (kind, element, token, detail) in enumerate(told, start=1)
        ]
        await projections.apply(unit, name, records)
    return name


async def deploy_drawn(shop: Shop, folder: object) -> None:
    path = folder / "send.bpmn"  # type: ignore[operator]
    path.write_bytes(bpmn(DRAWN))
    await deploy(shop.database, read_collection([path], year=2026), by="test", at=NOON)


async def test_orders_are_listed_newest_first_and_page_by_page(oms: Oms, shop: Shop) -> None:
    for number in ("1", "2", "3"):
        await shop.take_in(
            an_order((f"{number}1", "TEA", 1), number=number, placed_at=NOON + timedelta(hours=int(number)))
        )

    first = await oms.document("orders list", "--limit", 2)
    second = await oms.document("orders list", "--limit", 2, "--page", 2)

    assert [one["order"] for one in first["orders"]] == ["shop:3", "shop:2"]
    assert (first["more"], second["more"]) == (True, False)
    assert [one["order"] for one in second["orders"]] == ["shop:1"]
    assert first["orders"][0]["total"] == "10.00 CNY"


async def test_orders_are_found_by_status_hold_number_and_words(oms: Oms, shop: Shop) -> None:
    await shop.take_in(title(an_order(("A1", "TEA", 1), number="A"), "Green 100% tea"))
    await shop.take_in(an_order(("B1", "POT", 1), number="B77"))
    await shop.pay("shop:B77")
    await shop.call(
        Holds, "place", "shop:B77", HoldKind.AUDIT, handle="x", reason="odd", by="test", key=shop.key(), at=NOON
    )

    async def found(*asked: str) -> list[str]:
        return [one["order"] for one in (await oms.document("orders list", *asked))["orders"]]

    assert await found("--status", "awaiting_payment") == ["shop:A"]
    assert await found("--status", "on-hold") == ["shop:B77"]
    assert await found("--hold", "audit") == ["shop:B77"]
    assert await found("--text", "B7") == ["shop:B77"]
    assert await found("--text", "100% TEA") == ["shop:A"]
    assert await found("--text", "100_") == []
    assert await found("--text", "A1") == ["shop:A"]
    assert await found("--channel", "shop") == ["shop:A", "shop:B77"]


async def test_late_orders_and_those_with_incidents_are_found(oms: Oms, shop: Shop) -> None:
    promised = replace(an_order(("P1", "TEA", 1), number="P"), promise=Promise(ship_by=NOON - timedelta(days=400)))
    for order in (promised, an_order(("Q1", "TEA", 1), number="Q"), an_order(("R1", "TEA", 1), number="R")):
        await shop.take_in(order)
    await happened(
        shop, "shop:Q",
        (RecordKind.ACTIVATED, "Pack", 2, {}),
        (RecordKind.SLA_STARTED, "Pack", 2, {"due": NOON.isoformat(), "calendar": ALWAYS.id}),
        (RecordKind.SLA_BREACHED, "Pack", 2, {"owner": "warehouse"}),
        (RecordKind.INCIDENT_RAISED, "Pack", 2, BROKEN),
    )  # fmt: skip

    late = await oms.document("orders list", "--overdue")
    stopped = await oms.document("orders list", "--incident")

    assert {one["order"] for one in late["orders"]} == {"shop:P", "shop:Q"}
    assert [(one["order"], one["incidents"], one["late_nodes"]) for one in stopped["orders"]] == [("shop:Q", 1, 1)]


async def test_a_status_that_does_not_exist_is_answered_with_what_was_meant(oms: Oms, shop: Shop) -> None:
    said = await oms.inside("orders", "list", "--status", "shiped", "--json")
    assert said.code == 2
    assert "Did you mean: shipped" in said.json["message"]
    assert "cancelled" in said.json["known"]


async def test_an_unknown_order_is_answered_with_those_spelt_alike(oms: Oms, shop: Shop) -> None:
    await shop.take_in(an_order(("1", "TEA", 1), number="22017"))
    said = await oms.inside("orders", "show", "shop:22071")
    assert said.code == 1
    assert "shop:22017" in said.err


async def test_an_order_of_two_channels_has_to_be_named_by_its_id(oms: Oms, shop: Shop) -> None:
    one = an_order(("1", "TEA", 1), number="5")
    await shop.take_in(one)
    other = replace(one, id="tmall:5", channel="tmall", lines=(replace(one.lines[0], id="tmall:5/1"),))
    await shop.take_in(other)

    said = await oms.inside("orders", "show", "5")

    assert said.code == 2
    assert "shop:5, tmall:5" in said.err
    assert (await oms.document("orders show", "tmall:5"))["order"] == "tmall:5"


async def test_an_order_is_shown_with_its_goods_money_and_parcels(oms: Oms, shop: Shop) -> None:
    (fulfilment,) = await shop.ready(an_order(("1", "TEA", 2), number="7"))
    shipment = await shop.packed(fulfilment)

    told = await oms.document("orders show", shipment.packages[0].tracking_number)

    assert told["order"] == "shop:7"
    assert told["money"]["captured"] == "20.00 CNY"
    assert told["lines"][0]["quantities"]["allocated"] == 2
    (planned,) = told["fulfilments"][0]["shipments"]
    assert planned["packages"][0]["pieces"] == [{"line": "shop:7/1", "quantity": 2}]
    page = (await oms.inside("orders", "show", "7")).out
    assert "2 allocated" in page
    assert shipment.packages[0].tracking_number in page


async def test_nothing_that_identifies_the_buyer_is_printed(oms: Oms, shop: Shop) -> None:
    """Support compares the ends of a number with the caller's; whoever reads over the shoulder learns nothing."""
    contact = Contact(
        name="李小四", phone="+8613800138000", email="si.li@example.com",
        address=Address(country="CN", region="浙江省", city="杭州市", street="文三路 5 号"),
    )  # fmt: skip
    kept = await shop.call(Customers, "keep", contact, channel="shop", buyer_id="b", key=shop.key(), at=NOON)
    await shop.take_in(replace(an_order(("1", "TEA", 1), number="8"), customer_ref=kept.customer_ref))
    await shop.call(
        Orders, "add_note", "shop:8", NoteKind.BUYER_MESSAGE, "ring twice", flag=0, by="buyer", key=shop.key(), at=NOON
    )

    told = await oms.document("orders show", "shop:8")
    page = await oms.inside("orders", "show", "shop:8")

    assert told["contact"]["phone"] == "***8000"
    assert told["contact"]["name"] == "李**"
    assert [note["kind"] for note in told["notes"]] == ["buyer_message"]
    for secret in SECRETS:
        assert secret not in str(told) + page.out


async def test_where_an_order_is_and_what_is_wrong_is_said_in_names_of_the_diagram(
    oms: Oms, shop: Shop, tmp_path: object
) -> None:
    await deploy_drawn(shop, tmp_path)
    await shop.take_in(an_order(("1", "TEA", 1), number="9"))
    name = await happened(
        shop, "shop:9",
        (RecordKind.ACTIVATED, "Pack", 2, {}),
        (RecordKind.INCIDENT_RAISED, "Pack", 2, BROKEN),
    )  # fmt: skip

    told = await oms.document("orders show", "shop:9")
    page = (await oms.inside("orders", "show", "shop:9")).out
    listed = (await oms.inside("orders", "list")).out

    (node,) = told["instances"][0]["nodes"]
    assert (node["element"], node["name"], node["owner"]) == ("Pack", "Pack the goods 打包", "warehouse")
    assert told["instances"][0]["version"] == 1
    assert told["incidents"][0]["incident"] == f"{name}#3"
    assert "the press is broken" in page
    assert f"oms incidents retry '{name}#3'" in page
    assert "1 incident(s); Pack the goods" in listed


async def test_a_history_tells_when_where_what_and_by_whom(oms: Oms, shop: Shop, tmp_path: object) -> None:
    await deploy_drawn(shop, tmp_path)
    await shop.take_in(an_order(("1", "TEA", 1), number="10"))
    await happened(
        shop, "shop:10",
        (RecordKind.STARTED, "send", 1, {}),
        (RecordKind.FLOW_TAKEN, "S_Pack", 0, {}),
        (RecordKind.ACTIVATED, "Pack", 2, {}),
        (RecordKind.MESSAGE_CAUGHT, "Look", 2, ASKED),
        (RecordKind.TASK_DONE, "Look", 4, {"by": "mei"}),
    )  # fmt: skip
    await happened(shop, "shop:10", (RecordKind.ACTIVATED, "Look", 2, {}), instance="order:shop:10/Call:3")

    told = await oms.document("orders history", "shop:10")
    page = (await oms.inside("orders", "history", "shop:10")).out
    everything = (await oms.inside("orders", "history", "shop:10", "--all")).out

    assert [one["at"] for one in told["records"]] == sorted(one["at"] for one in told["records"])
    assert {one["instance"] for one in told["records"]} == {"order:shop:10", "order:shop:10/Call:3"}
    assert "12:05:00" in page
    assert "answered by mei" in page
    assert "order.cancel_requested, mei-1a" in page
    assert "flow taken" not in page
    assert "flow taken" in everything


async def test_an_order_without_a_process_says_so(oms: Oms, shop: Shop) -> None:
    await shop.take_in(an_order(("1", "TEA", 1), number="11"))
    assert "No process was started" in (await oms.inside("orders", "show", "11")).out
    assert "Nothing happened" in (await oms.inside("orders", "history", "11")).out


@pytest.mark.parametrize("end", ["shipped", "cancelled"])
async def test_an_order_that_is_over_is_not_cancelled(oms: Oms, shop: Shop, end: str) -> None:
    (fulfilment,) = await shop.ready(an_order(("1", "TEA", 2), number="12"))
    await (shop.ship(fulfilment) if end == "shipped" else shop.cancel("shop:12"))

    said = await oms.inside("orders", "cancel", "shop:12", "--json")

    assert said.code == 1
    assert said.json["error"] == {"shipped": "TOO_LATE_TO_CANCEL", "cancelled": "ORDER_CANCELLED"}[end]


@pytest.mark.parametrize("wrong", [["--reason", "Because Mrs Li called"], ["--scope", "all"]])
async def test_a_wish_to_cancel_is_checked_before_it_is_sent(oms: Oms, shop: Shop, wrong: list[str]) -> None:
    await shop.take_in(an_order(("1", "TEA", 1), number="13"))
    assert (await oms.inside("orders", "cancel", "shop:13", *wrong)).code == 2


@pytest.mark.parametrize("columns", ["80", "140"])
async def test_no_line_is_wider_than_the_terminal(
    oms: Oms, shop: Shop, monkeypatch: pytest.MonkeyPatch, columns: str, tmp_path: object
) -> None:
    """Ids are folded, never cut: they are what people copy."""
    monkeypatch.setenv("COLUMNS", columns)
    await deploy_drawn(shop, tmp_path)
    number = "20251122-" + "7" * 40
    await shop.take_in(title(an_order(("1", "TEA", 1), number=number), "A very long name of a good " * 4))
    await happened(shop, f"shop:{number}", (RecordKind.ACTIVATED, "Pack", 2, {}))

    for command in (["orders", "list"], ["orders", "show", number], ["orders", "history", number], ["stock", "show"]):
        said = await oms.inside(*command)
        assert max(map(len, said.out.splitlines())) <= int(columns)
        assert "…" not in said.out
