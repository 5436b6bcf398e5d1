"""Audit: counted facts without names, and a risk that is scored even when the service sleeps."""

from __future__ import annotations

from decimal import Decimal

from activities.audit import gather_facts, score_risk
from activities.holds import place_holds
from oms_workflow.domain.note import NoteKind
from oms_workflow.domain.ports.orders import Orders
from tests.domain.orders_for_tests import NOON, an_order, cny

from .bench import Bench


async def test_facts_are_counted_for_the_table(bench: Bench) -> None:
    """The analyst's columns find what they ask for."""
    order = an_order(("a", "TEA", 2, "10.00"), freight=cny("6.00"))
    await bench.take_in(order)
    text = "请开发票"
    await bench.call(
        Orders, "add_note", order.id, NoteKind.BUYER_MESSAGE, text, flag=0, by="buyer", key=bench.key(), at=NOON
    )
    await bench.run(place_holds, order_id=order.id, findings=[{"kind": "channel", "reason": "the channel says wait"}])
    found = await bench.twice(gather_facts, order_id=order.id)
    facts = found.facts
    assert (facts.total, facts.currency, facts.pieces, facts.paid) == (Decimal("26.00"), "CNY", 2, False)
    assert (facts.remarks, facts.remark_intents) == (1, ["invoice"])
    assert found.holds == ["channel"]


async def test_what_nobody_knows_is_empty_not_zero(bench: Bench) -> None:
    """A buyer without an id has an unknown number of orders, not none."""
    order = an_order(("a", "TEA", 1), buyer_key="", address_digest="")
    await bench.take_in(order)
    facts = (await bench.run(gather_facts, order_id=order.id)).facts
    assert (facts.orders_of_buyer, facts.address_known) == (None, False)


async def test_the_risk_service_is_asked_with_one_key(bench: Bench) -> None:
    """It may charge by the question."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    answer = await bench.twice(score_risk, order_id=order.id)
    assert (answer.risk, answer.scored_by, answer.risk_reasons) == (7, "risk service", ["the test says so"])
    assert len(bench.outside.risk.effects.keys("score")) == 1


async def test_a_sleeping_service_does_not_stop_orders(bench: Bench) -> None:
    """The rules of the house stand in, and the answer says so."""
    order = an_order(("a", "TEA", 60), address_digest="")
    await bench.take_in(order)
    bench.outside.risk.effects.down = True
    answer = await bench.run(score_risk, order_id=order.id)
    assert answer.scored_by == "own rules"
    assert answer.risk == 35
    assert answer.risk_reasons[0] == "the address is not known"
