"""A suspended instance: nothing moves, nothing is lost, and deadlines run on."""

from __future__ import annotations

import pytest

from oms_workflow.engine import facts, view
from oms_workflow.engine.reopening import open_commands
from tests.engine.intervening import do, move, resume, skip, suspend, token_at
from tests.engine.walking import Walk

SIDES = """
process p
  start S
  and Fork
  service Pack type=x
  catch Paid message=paid key=k
  catch Later timer=PT1H
  and Join
  end E
  S -> Fork -> Pack -> Join -> E
  Fork -> Paid -> Join
  Fork -> Later -> Join
"""


def test_answers_messages_and_timers_wait_and_are_acted_on_in_their_order():
    walk = Walk(SIDES)
    suspend(walk)

    walk.message("paid", "k")
    walk.advance("PT2H")
    walk.complete("Pack")

    assert walk.status == "suspended", walk
    assert walk.completed == ["S", "Fork"]
    resume(walk)
    assert walk.status == "completed", walk
    assert walk.completed[2:5] == ["Paid", "Later", "Pack"]
    assert walk.detail("resumed")[0]["held"] == 3


def test_what_a_suspended_instance_shows():
    walk = Walk(SIDES)
    suspend(walk)
    walk.message("paid", "k")

    shown = view.of(walk.first.instance)

    assert shown["status"] == "suspended"
    assert shown["suspended"] == {"since": walk.stage.now.isoformat(), "by": "mei", "reason": "because", "held": 1}


def test_a_timer_that_rang_meanwhile_rings_once():
    walk = Walk(
        "process p\n  start S\n  user Ask\n  catch Late on=Ask timer=PT1H nonstop\n  user Tell\n"
        "  S -> Ask\n  Late -> Tell"
    )
    suspend(walk)
    walk.advance("P3D")
    assert view.next_due(walk.first.instance) is None

    resume(walk)
    walk.advance("P3D")

    assert walk.open == ["Ask", "Tell"], walk
    assert walk.kinds("timer_fired") == ["timer_fired Late"]


def test_conditions_are_looked_at_again_when_it_goes_on():
    walk = Walk('process p\n  start S\n  catch When condition="=x > 1"\n  end E\n  S -> When -> E', {"x": 0})
    suspend(walk)
    walk.step(set={"x": 5})
    assert walk.status == "suspended"

    resume(walk)

    assert walk.status == "completed", walk


def test_a_deadline_runs_on_and_its_breach_is_written_down_when_it_happens():
    walk = Walk("process p\n  start S\n  service Pack type=x sla=PT2H slaWarn=50%\n  end E\n  S -> Pack -> E")
    suspend(walk)
    walk.advance("PT3H")

    assert walk.kinds("sla_warned", "sla_breached") == ["sla_warned Pack", "sla_breached Pack"]
    assert walk.detail("sla_breached")[0]["on_breach"] == "record"


def test_the_escalation_of_a_breach_waits_while_the_breach_itself_is_told_at_once():
    walk = Walk(
        """
        process p
          start S
          service Pack type=x sla=PT2H slaOnBreach=escalate
          catch Late on=Pack escalation=SLA_BREACHED
          user Tell
          S -> Pack
          Late -> Tell
        """
    )
    suspend(walk)
    walk.advance("PT3H")
    assert walk.kinds("sla_breached", "escalation_thrown") == ["sla_breached Pack"]

    resume(walk)

    assert walk.kinds("sla_breached", "escalation_thrown") == ["sla_breached Pack", "escalation_thrown Pack"]
    assert walk.open == ["Tell"], walk


def test_a_hold_stops_the_clock_of_a_suspended_instance_too():
    walk = Walk(
        'process p\n  start S\n  service Pack type=x sla=PT2H slaPauseOn="audit"\n  end E\n  S -> Pack -> E',
    )
    suspend(walk)
    walk.step(set={"holds": ["audit"]})
    walk.advance("PT5H")

    assert walk.kinds("sla_paused", "sla_breached") == ["sla_paused Pack"], walk


@pytest.mark.parametrize("what", ["move", "skip", "suspend"])
def test_a_suspended_instance_is_not_mended(what):
    walk = Walk(SIDES)
    suspend(walk)
    why = {
        "move": lambda: move(walk, "Pack", "Join"),
        "skip": lambda: skip(walk, "Pack"),
        "suspend": lambda: suspend(walk),
    }[what]()

    assert "suspended; resume it first" in why
    assert walk.open == ["Pack"]


def test_one_that_is_not_suspended_cannot_be_resumed():
    walk = Walk(SIDES)
    assert resume(walk) == "the instance is not suspended"


def test_a_suspended_instance_can_be_ended():
    walk = Walk(SIDES)
    suspend(walk)
    walk.complete("Pack")
    walk.tell(facts.Cancelled(at=walk.stage.now, by="mei"))

    assert walk.status == "terminated"
    assert walk.detail("resumed")[0]["held"] == 1
    assert [one["fact"] for one in walk.detail("fact_ignored")] == ["JobCompleted"]


def test_what_comes_after_the_end_that_a_kept_fact_brought_is_noted():
    walk = Walk(
        "process p\n  start S\n  and F\n  user A\n  user B\n  end E terminate\n  end G\n"
        "  S -> F -> A -> E\n  F -> B -> G"
    )
    suspend(walk)
    walk.complete("A")
    walk.complete("B")
    resume(walk)

    assert walk.status == "completed", walk
    assert [one["fact"] for one in walk.detail("fact_ignored")] == ["JobCompleted"]


def test_errors_failures_and_ends_of_called_processes_are_kept_too():
    walk = Walk(
        """
        process p
          start S
          and F
          call C process=q
          service A type=x
          service B type=x
          catch No on=A error=NO
          S -> F -> C
          F -> A
          F -> B
        process q
          start T
          user U
          T -> U
        """
    )
    suspend(walk)
    walk.complete("U")
    walk.step(error="A", code="NO")
    walk.step(fail="B", message="away")
    assert walk.open == ["A", "B"]

    resume(walk)

    assert walk.status == "incident", walk
    assert {"C", "No"} <= set(walk.completed)


def test_work_whose_answer_is_kept_is_not_asked_for_again():
    """Else a run that continues as new would do it twice, or start a called process that was there already."""
    walk = Walk(SIDES)
    suspend(walk)
    walk.complete("Pack")
    assert [type(one).__name__ for one in open_commands(walk.first.instance)] == ["StartTimer"]


def test_a_second_answer_can_be_told_from_the_first():
    from oms_workflow.engine import suspension

    walk = Walk(SIDES)
    suspend(walk)
    token = token_at(walk, "Pack")
    assert not suspension.is_answered(walk.first.instance.state, token)

    walk.complete("Pack")

    assert suspension.is_answered(walk.first.instance.state, token)
    assert do(walk, facts.Suspended) != ""


SAME_NEWS = """
process p
  start S
  user Work
  catch Called on=Work message=called key==k
  catch Paid on=Work message=paid key==k
  user Talk
  catch PaidLater message=paid key==k
  user Thank
  S -> Work -> PaidLater
  Called -> Talk -> PaidLater -> Thank
"""


def test_a_message_kept_for_what_another_one_ended_goes_to_whoever_waits_next():
    """As if both had come at the resume: the first ends what waited for the second, and that one is not lost."""
    walk = Walk(SAME_NEWS, {"k": 1})
    suspend(walk)
    walk.message("called", "1")
    walk.message("paid", "1", sum=5)
    resume(walk)
    walk.complete("Talk")

    assert walk.open == ["Thank"], walk
    assert walk.variables["sum"] == 5


def test_a_message_kept_for_an_instance_that_is_ended_is_there_for_the_next_one():
    walk = Walk(SAME_NEWS, {"k": 1})
    suspend(walk)
    walk.message("paid", "1")
    walk.tell(facts.Cancelled(at=walk.stage.now))
    walk.start({"k": 1})

    caught = [record.element for record in walk.stage.actors[1].records if record.kind == "message_caught"]
    assert caught == ["Paid"], walk
