"""Moving tokens: inside a scope, out of sub-processes, into them, and what is refused because it is not sound."""

from __future__ import annotations

import pytest

from tests.engine.intervening import move
from tests.engine.walking import Walk

NESTED = """
process p
  start S
  user A
  sub Outer
    start T
    user Deep
    sub Inner in.x==1
      start U
      user Deeper
      user Deepest
      U -> Deeper -> Deepest
    T -> Deep -> Inner
  catch Late on=Outer timer=PT5H
  user B
  end E
  S -> A -> Outer -> B -> E
  Late -> B
"""
TWO = """
process p
  start S
  sub Pair
    start T
    and F
    user One
    user Two
    T -> F -> One
    F -> Two
  user B
  S -> Pair -> B
"""


def test_out_of_a_sub_process_which_ends_with_the_token():
    walk = Walk(NESTED)
    walk.complete("A")

    assert move(walk, "Deep", "B") == ""

    assert walk.open == ["B"], walk
    assert walk.waiting == []
    assert walk.kinds("terminated") == ["terminated Deep", "terminated Outer"]


def test_into_a_sub_process_which_is_opened_without_being_begun():
    walk = Walk(NESTED)

    assert move(walk, "A", "Deepest") == ""

    assert walk.open == ["Deepest"], walk
    assert walk.waiting == ["Late"]
    walk.complete("Deepest")
    walk.complete("B")
    assert walk.completed == ["S", "Deepest", "Inner_end", "Inner", "Outer_end", "Outer", "B", "E"], walk


def test_into_the_sub_process_that_runs_already():
    walk = Walk(NESTED)
    walk.complete("A")

    assert move(walk, "Deep", "Deepest") == ""

    assert walk.open == ["Deepest"], walk
    assert walk.kinds("terminated") == ["terminated Deep"]


def test_from_one_sub_process_across_to_another():
    walk = Walk(
        "process p\n  start S\n  sub A\n    start T\n    user X\n    T -> X\n"
        "  sub B\n    start U\n    user Y\n    U -> Y\n  S -> A -> B"
    )
    assert move(walk, "X", "Y") == ""
    assert walk.open == ["Y"], walk
    assert walk.kinds("terminated") == ["terminated X", "terminated A"]


def test_not_out_of_a_sub_process_that_holds_others():
    """One of two would come out beside a sub-process that still goes on: there would be a token too many."""
    walk = Walk(TWO)
    assert "holds other tokens" in move(walk, "One", "B")
    assert walk.open == ["One", "Two"]


def test_not_out_of_a_loop():
    walk = Walk(
        "process p\n  start S\n  sub L each==items item=i\n    start T\n    user X\n    T -> X\n"
        "  user B\n  S -> L -> B",
        {"items": [1]},
    )
    assert "cannot be moved out of it" in move(walk, "X", "B")
    assert walk.open == ["X"], walk


@pytest.mark.parametrize("kind", ["sub L each==items item=i", "esub L"])
def test_not_into_what_does_not_run_like_a_plain_sub_process(kind):
    trigger = " message=m key=k" if kind.startswith("esub") else ""
    link = "" if trigger else " -> L"
    walk = Walk(
        f"process p\n  start S\n  user A\n  {kind}\n    start T{trigger}\n    user X\n    T -> X\n  S -> A{link}",
        {"items": [1]},
    )
    assert "not a plain embedded sub-process" in move(walk, "A", "X")
    assert walk.open == ["A"], walk


def test_not_into_a_sub_process_whose_inputs_or_events_have_no_value():
    """Half of it would be open: it is as if nothing had been asked."""
    walk = Walk(
        """
        process p
          start S
          user A
          sub B
            start T
            user X
            T -> X
          catch Late on=B timer==when
          S -> A -> B
        """
    )
    before = [one.id for one in walk.first.instance.state.tokens.values()]

    assert "timer" in move(walk, "A", "X")

    assert [one.id for one in walk.first.instance.state.tokens.values()] == before
    assert walk.open == ["A"]
    assert walk.waiting == []
