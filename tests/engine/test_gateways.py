"""Gateways: who goes on, and when."""

from __future__ import annotations

import pytest

from tests.engine.walking import Walk

CHOICE = """
process p
  start S
  xor Which
  service A type=x
  service B type=x
  service C type=x
  end E
  S -> Which
  Which -> A if "=n > 10"
  Which -> B if "=n > 5"
  Which -> C default
  A -> E
  B -> E
  C -> E
"""


@pytest.mark.parametrize(("n", "taken"), [(11, "A"), (6, "B"), (1, "C")])
def test_an_exclusive_gateway_takes_the_first_flow_that_holds(n, taken):
    """Conditions may overlap; the order of the diagram decides, not the drawing's coordinates."""
    walk = Walk(CHOICE, {"n": n})

    assert walk.open == [taken], walk


def test_a_condition_that_is_null_stops_the_token_and_says_which_variable_is_missing():
    """Taking the default because a value is missing would send orders the wrong way without a word."""
    walk = Walk(CHOICE, {})

    assert walk.status == "incident"
    ((code, message),) = walk.incidents
    assert code == "no-way-on"
    assert "'=n > 10'" in message
    assert "n" in message


def test_a_stopped_gateway_goes_on_after_the_variable_is_set():
    walk = Walk(CHOICE, {})
    walk.step(set={"n": 7})

    walk.resolve("retry")

    assert walk.open == ["B"], walk
    assert walk.incidents == []


def test_an_exclusive_gateway_without_a_way_on_is_an_incident():
    walk = Walk(
        """
        process p
          start S
          xor Which
          end E
          end F
          S -> Which
          Which -> E if "=n = 1"
          Which -> F if "=n = 2"
        """,
        {"n": 3},
    )

    assert [code for code, _ in walk.incidents] == ["no-way-on"]


def test_a_parallel_join_waits_for_every_branch():
    walk = Walk(
        """
        process p
          start S
          and Fork
          service A type=x
          service B type=x
          and Join
          service After type=x
          end E
          S -> Fork
          Fork -> A -> Join
          Fork -> B -> Join
          Join -> After -> E
        """
    )
    walk.complete("A")
    assert walk.open == ["B"], walk

    walk.complete("B")

    assert walk.open == ["After"], walk


def test_two_tokens_on_one_flow_do_not_open_a_parallel_join():
    """A join counts flows, not arrivals: the second run of a loop must not stand in for the other branch."""
    walk = Walk(
        """
        process p
          start S
          and Fork
          and Twice
          xor Merge
          service B type=x
          and Join
          end E
          S -> Fork
          Fork -> Twice
          Twice -> Merge
          Twice -> Merge
          Merge -> Join
          Fork -> B -> Join
          Join -> E
        """.replace(
            "Twice -> Merge\n          Twice -> Merge",
            "Twice -> Merge\n          task T\n          Twice -> T -> Merge",
        )
    )

    assert walk.status == "active", walk
    assert "Join" not in walk.completed


INCLUSIVE = """
process p
  start S
  or Split
  service A type=x
  service B type=x
  service C type=x
  or Join
  service After type=x
  end E
  S -> Split
  Split -> A if "=a"
  Split -> B if "=b"
  Split -> C default
  A -> Join
  B -> Join
  C -> Join
  Join -> After -> E
"""


@pytest.mark.parametrize(
    ("a", "b", "expected"), [(True, True, ["A", "B"]), (True, False, ["A"]), (False, False, ["C"])]
)
def test_an_inclusive_gateway_takes_every_flow_that_holds_else_the_default(a, b, expected):
    assert Walk(INCLUSIVE, {"a": a, "b": b}).open == expected


def test_an_inclusive_join_waits_for_exactly_the_branches_that_were_taken():
    walk = Walk(INCLUSIVE, {"a": True, "b": True})
    walk.complete("A")
    assert walk.open == ["B"], walk

    walk.complete("B")

    assert walk.open == ["After"], walk


def test_an_inclusive_join_goes_on_when_the_token_it_waited_for_dies():
    """Engines that look only on arrival hang here for ever: the last token never arrives, it is taken away."""
    walk = Walk(
        """
        process p
          start S
          and Fork
          service A type=x
          service B type=x
          catch Late on=B timer=PT1H
          end Given
          or Join
          service After type=x
          end E
          S -> Fork
          Fork -> A -> Join
          Fork -> B -> Join
          Late -> Given
          Join -> After -> E
        """
    )
    walk.complete("A")
    assert walk.open == ["B"], walk

    walk.advance("PT1H")

    assert walk.open == ["After"], walk


def test_an_inclusive_join_in_a_loop_fires_once_a_turn():
    walk = Walk(
        """
        process p
          start S
          or Merge
          service A type=x
          xor Again
          end E
          S -> Merge -> A -> Again
          Again -> Merge if "=again"
          Again -> E default
        """
    )
    walk.complete("A", again=True)
    walk.complete("A", again=True)
    walk.complete("A", again=False)

    assert walk.status == "completed", walk
    assert walk.trace == ["A", "A", "A"]


def test_the_first_event_behind_an_event_based_gateway_wins_and_the_others_are_off():
    drawing = """
    process p
      start S
      event Race
      catch Paid message=paid key="=order"
      catch Late timer=PT30M
      service Ship type=x
      service Close type=x
      end E
      S -> Race
      Race -> Paid -> Ship -> E
      Race -> Late -> Close -> E
    """
    paid = Walk(drawing, {"order": "o1"})
    paid.message("paid", "o1", amount=5)
    paid.advance("PT1H")

    assert paid.open == ["Ship"], paid
    assert paid.variables["amount"] == 5

    late = Walk(drawing, {"order": "o1"})
    late.advance("PT30M")
    late.message("paid", "o1")

    assert late.open == ["Close"], late


def test_conditional_flows_out_of_a_task_open_every_branch_that_holds():
    """BPMN 2.0.2, 13.3.2: an activity splits like an inclusive gateway; unconditional flows are always taken."""
    walk = Walk(
        """
        process p
          start S
          service A type=x
          service Always type=x
          service Big type=x
          service Small type=x
          end E
          S -> A
          A -> Always
          A -> Big if "=n > 100"
          A -> Small default
          Always -> E
          Big -> E
          Small -> E
        """
    )
    walk.complete("A", n=500)

    assert walk.open == ["Always", "Big"], walk
