"""Messages nobody waits for yet: kept for a time, then given up, and one can see that they were."""

from __future__ import annotations

import pytest

from oms_workflow.play import WalkRefused
from oms_workflow.play.result import show
from tests.engine.walking import Walk

LATE = """
process p
  start S
  catch Pause timer={pause}
  catch Wait message=ready key==1
  S -> Pause -> Wait
"""

SENDER = """
process sender
  start S
  throw Tell message=ready key==1 {ttl}
  call Hear process=late
  S -> Tell -> Hear
process late
  start S2
  catch Pause timer=PT2H
  receive Wait message=ready key==1
  S2 -> Pause -> Wait
"""


def expired(walk: Walk) -> list[str]:
    return show(walk.stage, []).expired


def test_a_message_waits_for_whoever_wants_it():
    walk = Walk(LATE.format(pause="P29D"))
    walk.message("ready", "1")
    walk.advance("P29D")

    assert (walk.status, expired(walk)) == ("completed", []), walk


def test_after_thirty_days_it_is_given_up():
    walk = Walk(LATE.format(pause="P30D"))
    walk.message("ready", "1")
    walk.advance("P30D")

    assert (walk.status, walk.waiting, expired(walk)) == ("active", ["Wait"], ["ready"]), walk


def test_a_walk_says_how_long():
    walk = Walk(LATE.format(pause="PT1H"))
    walk.step(message="ready", correlationKey="1", ttl="PT30M")
    walk.step(message="ready", correlationKey="1", ttl="PT2H", variables={"which": "second"})
    walk.advance("PT1H")

    assert walk.status == "completed", walk
    assert walk.variables["which"] == "second"
    walk.step(expect={"expired": ["ready"]})


@pytest.mark.parametrize("ttl", ["PT0S", "soon", "P1M"])
def test_a_walk_says_it_as_a_duration(ttl):
    with pytest.raises(WalkRefused, match="duration above zero"):
        Walk(LATE.format(pause="PT1H")).step(message="ready", ttl=ttl)


@pytest.mark.parametrize("kind", ["throw", "send"])
def test_the_diagram_says_how_long_what_it_sends_is_kept(kind):
    drawing = SENDER.replace("throw Tell", f"{kind} Tell")
    walk = Walk(drawing.format(ttl="messageTtl=PT1H"))
    walk.advance("PT2H")

    assert (walk.status, expired(walk)) == ("active", ["ready"]), walk


@pytest.mark.parametrize("ttl", ["", "messageTtl=PT3H"])
def test_what_is_kept_long_enough_arrives(ttl):
    walk = Walk(SENDER.format(ttl=ttl))
    walk.advance("PT2H")

    assert walk.status == "completed", walk


def test_an_end_event_sends_with_a_time_of_its_own():
    walk = Walk("process p\n start S\n end E message=ready key==1 messageTtl=P1D\n S -> E")

    walk.advance("P1D")

    assert expired(walk) == ["ready"], walk


def test_of_two_messages_the_one_that_is_over_is_passed_by():
    walk = Walk("process p\n start S\n catch Pause timer=PT1H\n receive Wait message=ready key==1\n S -> Pause -> Wait")
    walk.step(message="ready", correlationKey="1", ttl="PT10M", variables={"which": "first"})
    walk.step(message="ready", correlationKey="1", ttl="P1D", variables={"which": "second"})
    walk.advance("PT1H")

    assert walk.variables["which"] == "second", walk
