"""Activities that begin with several tokens or give several (BPMN 2.0.2, 10.3.1)."""

from __future__ import annotations

import pytest

from tests.engine.walking import Walk

CARTONS = """
process p
  start S
  service Pick type=x give={give}
  service Weigh type=x
  {what} Load start={start}
  end E
  S -> Pick -> Weigh -> Load -> E
"""


def cartons(give: int, start: int, what: str = "service") -> Walk:
    drawing = CARTONS.format(give=give, start=start, what=what)
    walk = Walk(drawing.replace("Load start", "Load type=x start") if what == "service" else drawing)
    walk.complete("Pick")
    return walk


def test_an_activity_gives_as_many_tokens_as_is_drawn():
    assert cartons(3, 1).open == ["Weigh"] * 3


def test_an_activity_begins_once_for_every_so_many_tokens():
    """Two cartons make a pallet; the third and the fourth make the next one."""
    walk = cartons(4, 2)
    loads = []
    for _ in range(4):
        walk.complete("Weigh")
        loads.append(walk.open.count("Load"))

    assert loads == [0, 1, 1, 2], walk
    walk.complete("Load")
    walk.complete("Load")
    assert walk.status == "completed", walk


def test_tokens_are_counted_over_all_flows():
    walk = Walk(
        """
        process p
          start S
          and Fork
          service A type=x
          service B type=x
          service C type=x
          service Load type=x start=2
          S -> Fork
          Fork -> A -> Load
          Fork -> B -> Load
          Fork -> C
        """
    )
    walk.complete("A")
    assert walk.open == ["B", "C"], walk

    walk.complete("B")

    assert walk.open == ["C", "Load"], walk


@pytest.mark.parametrize("loop", ["times=2", "times=2 sequential=true"])
def test_a_looping_activity_gathers_before_and_gives_after_the_whole_loop(loop):
    """Its quantities are those of the activity, not of each turn."""
    walk = Walk(
        f"""
        process p
          start S
          service Pick type=x give=2
          service Load type=x start=2 give=3 {loop}
          service Send type=x
          S -> Pick -> Load -> Send
        """.replace("times=2", 'times="=2"')
    )
    walk.complete("Pick")
    assert walk.open.count("Load") == (1 if "sequential" in loop else 2), walk
    walk.complete("Load")
    walk.complete("Load")

    assert walk.open == ["Send"] * 3, walk


def test_each_flow_that_is_taken_gets_them_all():
    walk = Walk(
        """
        process p
          start S
          service Pick type=x give=2
          service A type=x
          service B type=x
          service C type=x
          S -> Pick
          Pick -> A if "=true"
          Pick -> B if "=true"
          Pick -> C if "=false"
        """
    )
    walk.complete("Pick")

    assert walk.open == ["A", "A", "B", "B"], walk


def test_too_few_tokens_are_an_incident_once_no_further_one_can_come():
    """A scope that waits for a token nobody will send waits for ever, and nobody would know."""
    drawing = """
        process p
          start S
          or Which
          service A type=x
          service B type=x
          service Load type=x start=2
          S -> Which
          Which -> A if "=true"
          Which -> B if "=both"
          A -> Load
          B -> Load
        """
    both = Walk(drawing, {"both": True})
    both.complete("A")
    assert both.incidents == []
    both.complete("B")
    assert both.open == ["Load"], both

    one = Walk(drawing, {"both": False})
    one.complete("A")
    ((code, message),) = one.incidents
    assert code == "too-few-tokens"
    assert "begins with 2 tokens, but only 1 came" in message


def test_a_person_may_begin_with_the_tokens_that_came():
    walk = Walk(
        """
        process p
          start S
          service Pick type=x give=2
          xor Good
          service Load type=x start=2
          end Bad
          end E
          S -> Pick -> Good
          Good -> Load if "=good"
          Good -> Bad default
          Load -> E
        """,
        {"good": True},
    )
    walk.complete("Pick")
    assert walk.open == ["Load"]

    short = Walk(CARTONS.format(give=3, start=2, what="service").replace("Load start", "Load type=x start"))
    short.complete("Pick")
    for _ in range(3):
        short.complete("Weigh")
    short.complete("Load")
    assert [code for code, _ in short.incidents] == ["too-few-tokens"], short
    assert short.open == []

    short.resolve("retry")
    short.complete("Load")

    assert short.status == "completed", short
    assert short.trace.count("Load") == 2


def test_a_boundary_event_that_does_not_interrupt_may_still_bring_the_missing_token():
    walk = Walk(
        """
        process p
          start S
          user Pick
          catch Hourly on=Pick nonstop=true timer=R3/PT1H measure=cycle
          service Load type=x start=2
          S -> Pick -> Load
          Hourly -> Load
        """
    )
    walk.advance("PT1H")
    assert walk.open == ["Pick"], walk
    assert walk.incidents == []

    walk.advance("PT1H")
    assert walk.open == ["Load", "Pick"], walk
    walk.complete("Pick")

    assert [code for code, _ in walk.incidents] == ["too-few-tokens"], walk


def test_an_interruption_takes_gathered_tokens_with_it():
    walk = Walk(
        """
        process p
          start S
          sub Box
            start In
            service Pick type=x give=2
            user Weigh
            service Load type=x start=2
            In -> Pick -> Weigh -> Load
          catch Stop on=Box message=stop key="=1"
          service Unpack type=x
          S -> Box
          Stop -> Unpack
        """
    )
    walk.complete("Pick")
    walk.complete("Weigh")
    assert walk.open == ["Weigh"], walk

    walk.message("stop", "1")

    assert walk.open == ["Unpack"], walk
    walk.complete("Unpack")
    assert walk.status == "completed", walk


def test_an_inclusive_join_waits_for_tokens_that_are_gathered_before_it():
    walk = Walk(
        """
        process p
          start S
          or Fork
          service A type=x
          service B type=x
          service C type=x
          service Load type=x start=2
          or Join
          service After type=x
          S -> Fork
          Fork -> A if "=true"
          Fork -> B if "=true"
          Fork -> C if "=true"
          A -> Load
          B -> Load
          Load -> Join
          C -> Join
          Join -> After
        """
    )
    walk.complete("C")
    walk.complete("A")
    assert walk.open == ["B"], walk
    walk.complete("B")
    assert walk.open == ["Load"], walk

    walk.complete("Load")

    assert walk.open == ["After"], walk


def test_a_circle_that_multiplies_its_tokens_is_stopped():
    """An activity that takes two tokens and gives two back to itself never waits."""
    walk = Walk(
        """
        process p
          start S
          service Pick type=x give=2
          script Turn start=2 give=2 expression="=1" result=n
          end E
          S -> Pick -> Turn
          Turn -> Turn if "=n = 1"
          Turn -> E if "=n = 2"
        """
    )
    walk.complete("Pick")

    assert {code for code, _ in walk.incidents} == {"runaway"}


def test_a_sub_process_gathers_and_gives_like_any_activity():
    walk = Walk(
        """
        process p
          start S
          service Pick type=x give=2
          sub Load start=2 give=2
            start In
            service Lift type=x
            In -> Lift
          service Send type=x
          S -> Pick -> Load -> Send
        """
    )
    walk.complete("Pick")
    assert walk.open == ["Lift"], walk

    walk.complete("Lift")

    assert walk.open == ["Send", "Send"], walk


def test_who_may_come_back_in_a_circle_is_waited_for():
    """Three boxes, two to a pallet: the third waits while the first pallet may still be sent back to be packed anew."""
    walk = Walk(
        """
        process p
          start S
          user Pick give=3
          user Pack start=2
          xor Good
          end E
          S -> Pick -> Pack -> Good
          Good -> E if "=good"
          Good -> Pack default
        """,
        {"good": False},
    )
    walk.complete("Pick")
    assert (walk.open, walk.incidents) == (["Pack"], []), walk

    walk.complete("Pack")
    assert (walk.open, walk.incidents) == (["Pack"], []), walk
    walk.complete("Pack", good=True)

    assert walk.status == "completed", walk


def test_a_token_that_cannot_come_back_is_not_waited_for():
    walk = Walk("process p\n start S\n user Pick give=3\n user Pack start=2\n S -> Pick -> Pack")
    walk.complete("Pick")

    ((code, _),) = walk.incidents
    assert (walk.open, code) == (["Pack"], "too-few-tokens"), walk
