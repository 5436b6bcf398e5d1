"""Joins that nobody can complete: told, and mended by going on, by moving, or by bringing what is missing."""

from __future__ import annotations

from oms_workflow.engine import view
from tests.engine.intervening import repeat
from tests.engine.walking import Walk

UNBALANCED = """
process p
  start S
  xor Choose
  service A type=x
  service B type=x
  and Join
  service After type=x
  S -> Choose
  Choose -> A if "=big"
  Choose -> B default
  A -> Join
  B -> Join
  Join -> After
"""


def starved() -> Walk:
    walk = Walk(UNBALANCED, {"big": True})
    walk.complete("A")
    return walk


def test_a_parallel_join_whose_last_chance_is_gone_is_an_incident_that_names_the_missing_flow():
    """The order would stand still for ever, and every list would say that it is active."""
    walk = starved()

    assert walk.status == "incident", walk
    ((code, message),) = walk.incidents
    assert code == "starved-join"
    assert message.startswith("'Join' waits for a token on B_Join")


def test_a_retry_goes_on_with_what_has_come():
    walk = starved()
    walk.resolve()

    assert (walk.open, walk.incidents) == (["After"], []), walk


def test_bringing_the_missing_token_completes_the_join_and_clears_the_incident():
    """Whoever begins the other branch by hand must not find the first token swallowed."""
    walk = starved()
    assert repeat(walk, "B") == ""
    assert walk.status == "incident"
    walk.complete("B")

    assert (walk.open, walk.incidents) == (["After"], []), walk
    walk.complete("After")
    assert walk.status == "completed"


def test_a_join_is_not_starved_while_something_moves_beside_it():
    walk = Walk(
        UNBALANCED.replace("S -> Choose", "and Fork\n  user Beside\n  S -> Fork -> Choose\n  Fork -> Beside"),
        {"big": False},
    )
    walk.complete("B")
    assert walk.status == "active", walk

    walk.complete("Beside")

    assert [code for code, _ in walk.incidents] == ["starved-join"], walk


def test_inclusive_joins_that_wait_for_each_other_are_told_both():
    """By the rule of 13.4.3 neither may go first."""
    walk = Walk(
        """
        process p
          start S
          and Fork
          or J
          or K
          xor X
          xor Y
          user A
          user B
          end E
          S -> Fork
          Fork -> J -> A -> X
          Fork -> K -> B -> Y
          X -> K if "=again"
          X -> E default
          Y -> J if "=again"
          Y -> E default
        """
    )

    assert [message[:16] for _, message in walk.incidents] == ["'J' waits for a ", "'K' waits for a "], walk
    walk.resolve()
    assert walk.open == ["A"], walk


def test_a_second_token_of_one_flow_is_told_when_it_is_left_behind():
    walk = Walk(
        """
        process p
          start S
          and Fork
          task A
          task B
          xor Merge
          and Join
          user After
          S -> Fork
          Fork -> A -> Merge
          Fork -> B -> Merge
          Fork -> Join
          Merge -> Join
          Join -> After
        """
    )
    assert walk.open == ["After"], walk
    walk.complete("After")

    assert [code for code, _ in walk.incidents] == ["starved-join"], walk
    walk.resolve()
    assert walk.open == ["After"], walk


def test_orders_of_an_earlier_edition_wait_as_they_did():
    walk = Walk(UNBALANCED, {"big": True}, edition=2)
    walk.complete("A")

    assert (walk.status, walk.open, walk.incidents) == ("active", [], []), walk


def test_the_view_tells_what_a_join_still_waits_for():
    """A token at a join is no open node; without this, people would look for it in vain."""
    walk = Walk(
        """
        process p
          start S
          and Fork
          user A
          user B
          and Join
          user After
          S -> Fork
          Fork -> A -> Join
          Fork -> B -> Join
          Join -> After
        """
    )
    assert view.of(walk.first.instance)["joins"] == []
    walk.complete("A")

    (join,) = view.of(walk.first.instance)["joins"]

    assert (join["element"], join["came"], join["missing"]) == ("Join", ["A_Join"], ["B_Join"]), walk
