"""Gateways that count, transactions and quantities in a migration: what they have gathered so far goes along."""

from __future__ import annotations

from oms_workflow.engine import facts
from tests.engine.intervening import cancel, move, repeat, skip, token_at
from tests.engine.migrating import migrate, problems
from tests.engine.walking import Walk

SOME = """
process p
  start S
  and Ask
  service A type=x
  service B type=x
  service C type=x
  complex Enough when="=activationCount >= {wanted}"
  service After type=x
  end E
  S -> Ask
  Ask -> A -> Enough
  Ask -> B -> Enough
  Ask -> C -> Enough
  Enough -> After -> E
"""
RENAMED = {"Enough": "Plenty", "A": "Z"}


def renamed(drawing: str) -> str:
    """The same with other names, and other positions."""
    new = drawing.replace("Enough", "Plenty").replace("service A ", "service Z ").replace("Ask -> A ", "Ask -> Z ")
    return new.replace("start S\n", "start S\n  user Pad\n").replace("S -> Ask\n", "S -> Pad -> Ask\n")


def test_a_complex_gateway_goes_on_counting():
    walk = Walk(SOME.format(wanted=2))
    walk.complete("A")
    assert migrate(walk, renamed(SOME.format(wanted=2)), RENAMED) == "", walk
    assert walk.open == ["B", "C"]
    walk.complete("B")
    assert walk.open == ["After", "C"], walk


def test_a_complex_gateway_that_fired_still_waits_for_the_rest():
    walk = Walk(SOME.format(wanted=2))
    walk.complete("A")
    walk.complete("B")
    walk.complete("After")
    assert migrate(walk, renamed(SOME.format(wanted=2)), RENAMED) == "", walk
    walk.complete("C")
    assert walk.status == "completed", walk
    assert walk.completed.count("After") == 1


def test_a_condition_that_asks_for_less_lets_the_gateway_go():
    walk = Walk(SOME.format(wanted=3))
    walk.complete("A")
    assert migrate(walk, SOME.format(wanted=1)) == ""
    assert walk.open == ["After", "B", "C"], walk


def test_what_a_stopped_gateway_has_gathered_goes_along():
    drawing = SOME.format(wanted="n")
    walk = Walk(drawing, {"n": 9})
    for name in "ABC":
        walk.complete(name)
    assert walk.status == "incident"
    assert problems(walk, renamed(drawing)) == ["no-target Enough"]
    assert migrate(walk, renamed(drawing), RENAMED) == "", walk
    walk.step(set={"n": 3})
    walk.resolve("retry")
    assert walk.open == ["After"], walk


SALE = """
process p
  start S
  tx Sale
    start s
    service Reserve type=x undo=Release
    service Release type=x compensates
    service Pay type=x undo=Refund
    service Refund type=x compensates
    end No cancel
    s -> Reserve -> Pay -> No
  catch Cancelled on=Sale cancel
  user Tell
  end E
  S -> Sale -> E
  Cancelled -> Tell -> E
"""


def test_a_transaction_that_is_being_cancelled_goes_on_undoing():
    walk = Walk(SALE)
    walk.complete("Reserve")
    walk.complete("Pay")
    assert walk.open == ["Refund"]
    new = SALE.replace("Refund", "GiveBack").replace("Reserve", "Hold").replace("Sale", "Deal")
    assert migrate(walk, new, {"Refund": "GiveBack", "Reserve": "Hold", "Sale": "Deal"}) == "", walk
    walk.complete("GiveBack")
    assert walk.open == ["Release"], walk
    walk.complete("Release")
    assert walk.open == ["Tell"], walk


def test_a_transaction_that_is_being_cancelled_needs_its_way_out_and_opens_nothing_new():
    walk = Walk(SALE)
    walk.complete("Reserve")
    walk.complete("Pay")
    without = SALE.replace("end No cancel", "end No").replace(
        "catch Cancelled on=Sale cancel", "catch Cancelled on=Sale timer=PT1H"
    )
    assert problems(walk, without) == ["no-cancel-event Sale"]
    more = SALE + "  catch Late on=Sale timer=PT1H\n  Late -> E\n"
    assert migrate(walk, more) == "", walk
    assert walk.waiting == [], walk


def test_what_undoes_is_neither_skipped_nor_begun_again_nor_cancelled():
    """The handlers answer to it; without it they would answer to nobody."""
    walk = Walk(SALE)
    walk.complete("Reserve")
    walk.complete("Pay")
    walk.complete("Refund")
    assert walk.open == ["Release"]
    token = token_at(walk, "Sale")
    for why in (skip(walk, "Sale"), repeat(walk, "Sale", token=token), cancel(walk, "Sale")):
        assert "compensation is under way" in why
    assert "is not running" in repeat(walk, "Pay")
    walk.complete("Release")
    assert walk.open == ["Tell"], walk


def test_a_token_is_moved_into_a_transaction_and_cancels_it_from_there():
    walk = Walk(SALE.replace("S -> Sale", "S -> Before -> Sale").replace("user Tell", "user Tell\n  user Before"))
    assert move(walk, "Before", "Pay") == "", walk
    walk.complete("Pay")
    assert walk.open == ["Refund"], walk


def test_tokens_that_were_gathered_for_an_activity_are_still_there():
    drawing = """
process p
  start S
  and F
  user A
  user B
  user Both start=2
  end E
  S -> F -> A -> Both -> E
  F -> B -> Both
"""
    walk = Walk(drawing)
    walk.complete("A")
    assert migrate(walk, drawing.replace("Both", "Pair"), {"Both": "Pair"}) == "", walk
    walk.complete("B")
    assert walk.open == ["Pair"], walk


def test_moves_of_old_histories_stay_in_their_scope():
    """They were refused when they were made; taken in now, those histories would not replay."""
    walk = Walk(SALE)
    walk.tell(
        facts.TokenMoved(at=walk.stage.now, token=token_at(walk, "Reserve"), element="Tell", by="mei", across=False)
    )
    assert "same scope" in walk.detail("fact_ignored")[0]["why"]
    assert walk.open == ["Reserve"]
