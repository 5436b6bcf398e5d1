"""Timers, messages, signals, conditions and links: what happens when something happens."""

from __future__ import annotations

import pytest

from oms_workflow.play import WalkRefused
from tests.engine.walking import Walk

WITH_DEADLINE = """
process p
  start S
  service Work type=x
  catch Late on=Work timer=PT2H {nonstop}
  service Remind type=x
  end E
  end F
  S -> Work -> E
  Late -> Remind -> F
"""


def test_an_interrupting_boundary_timer_ends_its_host():
    walk = Walk(WITH_DEADLINE.format(nonstop=""))
    walk.advance("PT2H")

    assert walk.open == ["Remind"], walk
    assert walk.kinds("terminated") == ["terminated Work"]


def test_a_non_interrupting_boundary_timer_leaves_its_host_alone():
    walk = Walk(WITH_DEADLINE.format(nonstop="nonstop"))
    walk.advance("PT2H")
    assert walk.open == ["Remind", "Work"], walk

    walk.advance("P1D")

    assert walk.open == ["Remind", "Work"], walk


def test_a_boundary_timer_is_off_once_the_work_is_done():
    walk = Walk(WITH_DEADLINE.format(nonstop=""))
    walk.complete("Work")
    walk.advance("P1D")

    assert walk.status == "completed", walk
    assert walk.kinds("timer_fired") == []


def test_a_cycle_fires_as_often_as_drawn_each_at_its_own_time():
    walk = Walk(
        """
        process p
          start S
          service Work type=x
          catch Every on=Work timer=R3/PT10M measure=cycle nonstop
          end F
          end E
          S -> Work -> E
          Every -> F
        """
    )
    walk.advance("PT2H")

    fired = [record.at.strftime("%H:%M") for record in walk.records if record.kind == "timer_fired"]
    assert fired == ["08:10", "08:20", "08:30"], walk


def test_a_timer_reads_its_duration_from_a_variable():
    walk = Walk(
        """
        process p
          start S
          catch Pause timer="=wait"
          end E
          S -> Pause -> E
        """,
        {"wait": "PT45M"},
    )
    walk.advance("PT44M")
    assert walk.status == "active", walk

    walk.advance("PT1M")

    assert walk.status == "completed", walk


def test_a_timer_that_cannot_be_read_is_an_incident_that_a_retry_mends():
    walk = Walk("process p\n  start S\n  catch Pause timer==wait\n  end E\n  S -> Pause -> E", {})
    ((code, message),) = walk.incidents
    assert code == "expression-failed"
    assert "ISO 8601 duration such as PT30M" in message

    walk.step(set={"wait": "PT1H"})
    walk.resolve("retry")
    walk.advance("PT1H")

    assert walk.status == "completed", walk


MESSAGES = """
process p
  start S
  service Work type=x
  catch Note on=Work message=note key="=order" nonstop
  service Read type=x
  end E
  end F
  S -> Work -> E
  Note -> Read -> F
"""


def test_a_non_interrupting_message_is_caught_every_time():
    walk = Walk(MESSAGES, {"order": "o1"})
    walk.message("note", "o1")
    walk.message("note", "o1")

    assert walk.open == ["Read", "Read", "Work"], walk


def test_a_message_with_another_key_is_not_ours():
    walk = Walk(MESSAGES, {"order": "o1"})
    walk.message("note", "o2")

    assert walk.open == ["Work"], walk


def test_a_message_that_comes_early_waits_for_the_one_who_wants_it():
    """A payment notice may overtake the order; it must not be lost."""
    walk = Walk(
        """
        process p
          start S
          service First type=x
          catch Paid message=paid key="=order"
          end E
          S -> First -> Paid -> E
        """,
        {"order": "o1"},
    )
    walk.message("paid", "o1", amount=7)
    walk.complete("First")

    assert walk.status == "completed", walk
    assert walk.variables["amount"] == 7


def test_a_signal_reaches_everyone_who_waits_for_it():
    walk = Walk(
        """
        process p
          start S
          and Fork
          catch A signal=go
          catch B signal=go
          catch C signal=stop
          end E
          S -> Fork
          Fork -> A -> E
          Fork -> B -> E
          Fork -> C -> E
        """
    )
    walk.step(signal="go")

    assert walk.waiting == ["C"], walk


def test_a_thrown_signal_reaches_a_waiting_branch_of_the_same_instance():
    walk = Walk(
        """
        process p
          start S
          and Fork
          catch Heard signal=go
          service Work type=x
          throw Shout signal=go
          end E
          S -> Fork
          Fork -> Heard -> E
          Fork -> Work -> Shout -> E
        """
    )
    walk.complete("Work")

    assert walk.status == "completed", walk


def test_a_thrown_message_starts_the_process_that_begins_with_it():
    walk = Walk(
        """
        process sender
          start S
          throw Tell message=order-ready key="=order" in.order==order
          end E
          S -> Tell -> E
        process receiver
          start Begin message=order-ready
          service Pack type=x
          end E2
          Begin -> Pack -> E2
        """,
        {"order": "o1"},
    )

    assert walk.open == ["Pack"], walk
    assert len(walk.stage.actors) == 2
    assert walk.stage.actors[1].variables == {"order": "o1"}


def test_a_conditional_event_acts_when_its_condition_turns_true_and_again_only_after_it_was_false():
    walk = Walk(
        """
        process p
          start S
          service Work type=x
          catch Hot on=Work condition="=heat > 50" nonstop
          service Cool type=x
          end E
          end F
          S -> Work -> E
          Hot -> Cool -> F
        """,
        {"heat": 10},
    )
    for heat in (60, 70, 20, 80):
        walk.step(set={"heat": heat})

    assert walk.open == ["Cool", "Cool", "Work"], walk


def test_a_link_leads_to_the_catch_of_the_same_name():
    walk = Walk(
        """
        process p
          start S
          throw Away link=far
          catch Here link=far
          service Work type=x
          end E
          S -> Away
          Here -> Work -> E
        """
    )

    assert walk.open == ["Work"], walk


def test_a_terminate_end_event_ends_every_branch_of_its_scope():
    walk = Walk(
        """
        process p
          start S
          and Fork
          service Long type=x
          service Short type=x
          end Kill terminate
          end E
          S -> Fork
          Fork -> Long -> E
          Fork -> Short -> Kill
        """
    )
    walk.complete("Short")

    assert walk.status == "completed", walk
    assert walk.kinds("terminated") == ["terminated Long"]


def test_a_path_may_simply_stop():
    """BPMN 2.0.2, 10.5.2: without start and end events the first and last nodes stand for them."""
    walk = Walk("process p\n  service A type=x\n  service B type=x\n  A -> B")
    walk.complete("A")
    walk.complete("B")

    assert walk.status == "completed", walk


def test_a_message_for_an_event_that_is_off_before_it_arrives_goes_to_the_next_one():
    """It was matched with the boundary event, but the sub-process ended at once; nobody may lose it."""
    walk = Walk(
        """
        process p
          start S
          sub Tell
            start s
            throw Say message=news key="=k"
            s -> Say
          catch Early on=Tell message=news key="=k"
          user Never
          catch Late message=news key="=k"
          S -> Tell -> Late
          Early -> Never
        """,
        {"k": "1"},
    )

    assert walk.status == "completed", walk
    assert "Late" in walk.completed


def test_a_signal_that_sets_itself_off_without_end_is_told_and_not_played_for_ever():
    with pytest.raises(WalkRefused, match="without end: 'p' still hears SignalArrived"):
        Walk(
            """
            process p
              start S
              user Work
              esub Echo
                start Heard signal=hello nonstop
                throw Shout signal=hello
                Heard -> Shout
              throw First signal=hello
              S -> First -> Work
            """
        )
