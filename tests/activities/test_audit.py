"""Audit: counted facts without names, and a risk that is scored even when the service sleeps."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from activities.audit import clean_order, gather_facts, score_risk
from activities.holds import place_holds
from oms_workflow.domain.fulfilment import RequestStatus
from oms_workflow.domain.note import NoteKind
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.orders import Orders
from tests.domain.orders_for_tests import NOON, an_order, cny

from .bench import SOMEBODY, Bench


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


async def test_a_phone_number_is_brought_into_one_spelling(bench: Bench) -> None:
    """Two spellings would be two buyers to every count, and one of them unreachable."""
    order = an_order(("a", "TEA", 1))
    written = await bench.somebody(order, replace(SOMEBODY, phone="138 0013 8000"))
    await bench.take_in(replace(order, customer_ref=written))
    key = bench.key()
    first = await bench.run(clean_order, key=key, order_id=order.id)
    assert (first.problems, first.blocking, first.tidied) == ([], 0, True)
    again = await bench.run(clean_order, key=key, forgetful=True, order_id=order.id)
    assert (again.problems, again.tidied) == ([], False)
    contact = await bench.call(Customers, "contact", (await bench.view(order.id)).order.customer_ref)
    assert contact.phone == "+8613800138000"


async def test_dirt_is_named_by_field_without_its_text(bench: Bench) -> None:
    """The process carries the code; the street stays in the vault."""
    dirty = replace(SOMEBODY, name="å¼\xa0ä¸\x89", phone="12", address=replace(SOMEBODY.address, street=""))
    order = an_order(("a", "TEA", 1))
    await bench.take_in(replace(order, customer_ref=await bench.somebody(order, dirty)))
    answer = await bench.run(clean_order, order_id=order.id)
    assert answer.problems == ["name.unreadable", "street.missing", "phone.impossible"]
    assert answer.blocking == 2  # the e-mail address reaches the buyer, so the number may be wrong


async def test_without_a_contact_that_is_the_problem(bench: Bench) -> None:
    """Erased or never stored: nobody can deliver there."""
    order = an_order(("a", "TEA", 1))
    await bench.take_in(order)
    assert (await bench.twice(clean_order, order_id=order.id)).problems == ["contact.missing"]


async def test_an_order_in_work_is_not_sent_elsewhere_by_tidying(bench: Bench) -> None:
    """The warehouse has the label already."""
    await bench.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 1))
    order = replace(order, customer_ref=await bench.somebody(order, replace(SOMEBODY, phone="138 0013 8000")))
    (fulfilment,) = await bench.ready(order)
    await bench.request(fulfilment.id, RequestStatus.SUBMITTED)
    assert not (await bench.run(clean_order, order_id=order.id)).tidied
