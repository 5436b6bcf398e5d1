"""Waves on the command line: rules, who waits, what went."""

from __future__ import annotations

from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.ports.waves import Waves
from tests.domain.orders_for_tests import NOON, an_order
from tests.store.shop import Shop

from .conftest import Oms


async def test_a_rule_is_made_listed_and_dropped(oms: Oms, shop: Shop) -> None:
    made = await oms.document("waves rule", "HZ", "--at", "16:30", "--at", "11:00", "--most", 80, "--wait", 120)
    assert made["times"] == ["11:00", "16:30"]
    assert (await oms.document("waves rules"))["rules"] == [made]
    assert (await oms.document("waves drop", "HZ"))["dropped"]
    assert (await oms.inside("waves", "drop", "HZ")).code == 1
    assert (await oms.inside("waves", "rule", "HZ", "--at", "25:00")).code == 2


async def test_who_waits_is_shown_and_let_go_once(oms: Oms, shop: Shop) -> None:
    await oms.document("waves rule", "HZ", "--most", 1)
    for number in ("1", "2"):
        (fulfilment,) = await shop.ready(an_order((number, "TEA", 1), number=number))
        await shop.call(Shipments, "plan", fulfilment.id, carrier="sf", service="std", key=shop.key(), at=NOON)
        await shop.call(Waves, "join", fulfilment.id, at=NOON)
    assert len((await oms.document("waves waiting", "HZ"))["waiting"]) == 2

    done = await oms.document("waves release", "HZ", "--by", "lead")

    assert [(one["wave"], one["fulfilments"]) for one in done["waves"]] == [
        ("HZ.W1", ["shop:1.F1"]), ("HZ.W2", ["shop:2.F1"]),
    ]  # fmt: skip
    assert (await oms.document("waves release", "HZ"))["waves"] == []
    assert [one["wave"] for one in (await oms.document("waves list"))["waves"]] == ["HZ.W2", "HZ.W1"]
    assert (await oms.document("waves show", "HZ.W1"))["released_by"] == "lead"
    assert (await oms.inside("waves", "show", "HZ.W9")).code == 1
    assert (await oms.inside("waves", "show", "HZ.W1")).code == 0
