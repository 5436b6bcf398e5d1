"""Complex gateways: when they go on, what becomes of tokens that come late, and what happens when they cannot go on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.engine.walking import Walk

ANSWERS = """
process p
  start S
  or Ask
  service A type=x
  service B type=x
  service C type=x
  complex Enough when="{when}"
  service After type=x
  end E
  S -> Ask
  Ask -> A if "=a"
  Ask -> B if "=b"
  Ask -> C if "=c"
  A -> Enough
  B -> Enough
  C -> Enough
  Enough -> After -> E
"""
ALL = {"a": True, "b": True, "c": True}


def answers(when: str, **asked: bool) -> Walk:
    return Walk(ANSWERS.format(when=when), ALL | asked)


def test_it_goes_on_with_the_second_of_three_answers_and_takes_the_third_without_a_word():
    """Two offers are enough to order by; the third must not order a second time."""
    walk = answers("=activationCount >= 2")
    walk.complete("A")
    assert walk.open == ["B", "C"], walk

    walk.complete("C")
    assert walk.open == ["After", "B"], walk
    walk.complete("B")

    assert walk.open == ["After"], walk
    walk.complete("After")
    assert walk.status == "completed", walk
    assert walk.trace == ["A", "C", "B", "After"]


def test_an_answer_that_comes_last_is_waited_for_before_the_process_ends():
    """What was begun is not forgotten: the process ends when its last token has ended."""
    walk = answers("=activationCount >= 1")
    walk.complete("B")
    walk.complete("After")

    assert walk.status == "active"
    walk.complete("A")
    walk.complete("C")
    assert walk.status == "completed", walk
    assert walk.trace.count("After") == 1


@given(some.permutations("ABC"), some.integers(1, 3), some.sets(some.sampled_from("abc"), min_size=1))
def test_whatever_comes_in_whichever_order_it_goes_on_once(order, enough, asked):
    """Two of two, two of three, one of one: it depends on how many come, never on which or when."""
    walk = answers(f"=activationCount >= {enough}", **{name: name in asked for name in "abc"})
    coming = [name for name in order if name.lower() in asked]
    for position, name in enumerate(coming, start=1):
        walk.complete(name)
        assert ("After" in walk.open) is (position >= enough), walk

    if len(coming) >= enough:
        walk.complete("After")
        assert walk.status == "completed", walk
        assert walk.trace.count("After") == 1
    else:
        assert [code for code, _ in walk.incidents] == ["never-activated"], walk


def test_the_condition_may_ask_how_many_wait_on_each_flow():
    """The chief's answer is enough by itself, the others' only together."""
    when = "=activationCounts.A_Enough > 0 or activationCounts.B_Enough + activationCounts.C_Enough > 1"
    chief = answers(when)
    chief.complete("A")
    assert chief.open == ["After", "B", "C"], chief

    others = answers(when)
    others.complete("B")
    assert others.open == ["A", "C"], others
    others.complete("C")
    assert others.open == ["A", "After"], others


def test_the_condition_may_read_variables_and_is_asked_again_when_they_change():
    """The standard lets the gateway wait until its condition becomes true, not until a token comes."""
    walk = answers("=activationCount = 3 or hurry")
    walk.complete("A")
    assert walk.open == ["B", "C"], walk

    walk.step(set={"hurry": True})

    assert walk.open == ["After", "B", "C"], walk


def test_a_flow_whose_token_is_not_expected_is_not_waited_for():
    """It resets by the rule of inclusive joins, so it can serve the next turn of a loop."""
    walk = Walk(
        """
        process p
          start S
          xor Again
          and Ask
          service A type=x
          service B type=x
          complex First when="=activationCount >= 1"
          service After type=x
          xor Enough
          end E
          S -> Again -> Ask
          Ask -> A -> First
          Ask -> B -> First
          First -> After -> Enough
          Enough -> E default
          Enough -> Again if "=more"
        """,
        {"more": True},
    )
    walk.complete("A")
    walk.complete("B")
    walk.complete("After")
    assert walk.open == ["A", "B"], walk

    walk.complete("B")
    assert walk.open == ["A", "After"], walk
    walk.complete("A")
    walk.complete("After", more=False)

    assert walk.status == "completed", walk
    assert walk.trace == ["A", "B", "After", "B", "A", "After"]


def test_a_second_token_of_a_flow_waits_for_the_next_time():
    """A token that was not expected in this round opens the next one; it is neither lost nor merged."""
    walk = Walk(
        """
        process p
          start S
          and Ask
          service A type=x give=2
          service B type=x
          complex First when="=activationCount >= 1"
          service After type=x
          end E
          S -> Ask
          Ask -> A -> First
          Ask -> B -> First
          First -> After -> E
        """
    )
    walk.complete("A")
    assert walk.open == ["After", "B"], walk

    walk.complete("B")

    assert walk.open == ["After", "After"], walk


def test_conditions_tell_the_first_phase_from_the_late_tokens():
    """BPMN 2.0.2, 13.4.5: at the reset conditions are asked again, and may look at waitingForStart."""
    walk = Walk(
        """
        process p
          start S
          and Ask
          service A type=x
          service B type=x
          service C type=x
          complex First when="=activationCount >= 1"
          service Order type=x
          service Decline type=x
          S -> Ask
          Ask -> A -> First
          Ask -> B -> First
          Ask -> C -> First
          First -> Order if "=waitingForStart"
          First -> Decline if "=not(waitingForStart) and activationCount = 2"
        """
    )
    walk.complete("A")
    assert walk.open == ["B", "C", "Order"], walk
    walk.complete("B")
    assert walk.open == ["C", "Order"], walk

    walk.complete("C")

    assert walk.open == ["Decline", "Order"], walk


def test_no_condition_need_hold_at_the_reset():
    walk = answers("=activationCount >= 1")
    walk.complete("A")
    walk.complete("B")
    walk.complete("C")

    assert walk.incidents == []


DECIDE = """
process p
  start S
  complex Which
  service A type=x
  service B type=x
  service C type=x
  S -> Which
  Which -> A if "=n > 1"
  Which -> B if "=n > 2"
  Which -> C default
"""


@pytest.mark.parametrize(("n", "taken"), [(3, ["A", "B"]), (2, ["A"]), (1, ["C"])])
def test_one_that_only_splits_takes_every_flow_that_holds_once(n, taken):
    """With nothing to wait for it resets at once, and that must not send everything a second time."""
    assert Walk(DECIDE, {"n": n}).open == taken


def test_a_first_phase_without_a_way_on_is_an_incident_that_a_retry_mends():
    walk = Walk(DECIDE.replace("Which -> C default", 'Which -> C if "=n = 1"'), {"n": 0})
    assert [code for code, _ in walk.incidents] == ["no-way-on"], walk

    walk.step(set={"n": 1})
    walk.resolve("retry")

    assert walk.open == ["C"], walk


def test_a_condition_that_can_no_longer_hold_is_an_incident_that_says_what_waits():
    """An order that waits for a third answer nobody was asked for would wait for ever, and nobody would know."""
    walk = answers("=activationCount >= limit", c=False)
    walk.complete("A")
    assert walk.incidents == []
    walk.complete("B")
    ((code, message),) = walk.incidents
    assert code == "never-activated"
    assert "'=activationCount >= limit'" in message
    assert "2 waiting" in message

    walk.resolve("retry")
    assert [code for code, _ in walk.incidents] == ["never-activated"], walk
    walk.step(set={"limit": 2})
    walk.resolve("retry")

    assert walk.open == ["After"], walk
    walk.complete("After")
    assert walk.status == "completed", walk


def test_while_something_can_still_change_the_variables_nobody_is_called():
    walk = Walk(
        """
        process p
          start S
          and Ask
          service A type=x
          service B type=x
          complex Both when="=activationCount = 3 or late"
          service After type=x
          esub Hurry
            start In timer=PT1H nonstop=true
            script Now expression="=true" result=late
            In -> Now
          S -> Ask
          Ask -> A -> Both
          Ask -> B -> Both
          Both -> After
        """,
        {"late": False},
    )
    walk.complete("A")
    walk.complete("B")
    assert walk.incidents == []

    walk.advance("PT1H")

    assert walk.open == ["After"], walk


def test_an_interrupted_scope_forgets_what_its_gateway_had_gathered():
    """The next run of the sub-process begins with a gateway that waits for start."""
    walk = Walk(
        """
        process p
          start S
          xor Again
          sub Offers
            start In
            and Ask
            service A type=x
            service B type=x
            complex First when="=activationCount >= 1"
            service After type=x
            In -> Ask
            Ask -> A -> First
            Ask -> B -> First
            First -> After
          catch Stop on=Offers message=stop key="=1"
          S -> Again -> Offers
          Stop -> Again
        """
    )
    walk.complete("A")
    walk.message("stop", "1")
    assert walk.open == ["A", "B"], walk

    walk.complete("B")

    assert walk.open == ["A", "After"], walk


def test_each_item_of_a_loop_has_a_gateway_of_its_own():
    walk = Walk(
        """
        process p
          start S
          sub Offers times="=2"
            start In
            and Ask
            service A type=x
            service B type=x
            complex First when="=activationCount >= 1"
            service After type=x
            In -> Ask
            Ask -> A -> First
            Ask -> B -> First
            First -> After
          S -> Offers
        """
    )
    walk.complete("A")
    walk.complete("A")

    assert walk.open == ["After", "After", "B", "B"], walk


def test_an_inclusive_join_behind_it_waits_while_a_token_waits_at_it():
    """The token at the gateway may still go on, so the join may not."""
    walk = Walk(
        """
        process p
          start S
          and Fork
          service A type=x
          service B type=x
          service C type=x
          complex Two when="=activationCount >= 2"
          or Join
          service After type=x
          S -> Fork
          Fork -> A -> Two
          Fork -> B -> Two
          Fork -> C -> Join
          Two -> Join
          Join -> After
        """
    )
    walk.complete("C")
    walk.complete("A")
    assert walk.open == ["B"], walk

    walk.complete("B")

    assert walk.open == ["After"], walk


def test_gateways_that_set_each_other_off_without_end_are_stopped():
    """A circle without a wait is stopped as a runaway, also when it turns through joins only."""
    walk = Walk(
        """
        process p
          start S
          service Go type=x
          complex One when="=activationCount >= 1"
          complex Two when="=activationCount >= 1"
          end E
          S -> Go -> One
          One -> Two if "=true"
          Two -> One if "=true"
          Two -> E if "=false"
          Go -> Two
        """
    )
    walk.complete("Go")

    assert {code for code, _ in walk.incidents} == {"runaway"}, walk.incidents
