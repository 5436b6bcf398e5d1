"""Sub-processes, event sub-processes and called processes."""

from __future__ import annotations

from oms_workflow.engine import facts
from tests.engine.walking import Walk


def test_a_sub_process_is_done_when_nothing_moves_inside():
    walk = Walk(
        """
        process p
          start S
          sub Inner
            start s
            and fork
            service A type=x
            service B type=x
            s -> fork
            fork -> A
            fork -> B
          service After type=x
          S -> Inner -> After
        """
    )
    walk.complete("A")
    assert walk.open == ["B"], walk

    walk.complete("B")

    assert walk.open == ["After"], walk


def test_an_interrupting_boundary_event_ends_everything_inside_innermost_first():
    walk = Walk(
        """
        process p
          start S
          sub Outer
            start s
            sub Inner
              start t
              service A type=x
              t -> A
            catch Slow on=Inner timer=PT5H
            s -> Inner
          catch Stop on=Outer message=stop key="=order"
          service After type=x
          end E
          S -> Outer -> E
          Stop -> After -> E
        """,
        {"order": "o1"},
    )
    walk.message("stop", "o1")

    assert walk.open == ["After"], walk
    assert walk.kinds("terminated") == ["terminated A", "terminated Inner", "terminated Outer"]
    assert walk.waiting == []


ESCAPE = """
process p
  start S
  service Work type=x
  end E
  S -> Work -> E
  esub Watch
    start Call message=call key="=order" {nonstop}
    service Answer type=x
    end Done
    Call -> Answer -> Done
"""


def test_a_non_interrupting_event_sub_process_runs_beside_the_rest_each_time():
    walk = Walk(ESCAPE.format(nonstop="nonstop"), {"order": "o1"})
    walk.message("call", "o1")
    walk.message("call", "o1")
    assert walk.open == ["Answer", "Answer", "Work"], walk

    walk.complete("Work")
    assert walk.status == "active", walk
    walk.complete("Answer")
    walk.complete("Answer")

    assert walk.status == "completed", walk


def test_an_interrupting_event_sub_process_takes_over_and_its_end_is_the_end_of_the_scope():
    walk = Walk(ESCAPE.format(nonstop=""), {"order": "o1"})
    walk.message("call", "o1", reason="fire")
    assert walk.open == ["Answer"], walk

    walk.complete("Work") if "Work" in walk.open else None
    walk.complete("Answer")

    assert walk.status == "completed", walk
    assert "reason" not in walk.variables  # it belonged to the event sub-process


def test_an_event_sub_process_with_a_timer_counts_from_the_start_of_its_scope():
    walk = Walk(
        """
        process p
          start S
          service Work type=x
          end E
          S -> Work -> E
          esub Watch
            start Tick timer=PT1H
            service Ask type=x
            Tick -> Ask
        """
    )
    walk.advance("PT1H")

    assert walk.open == ["Ask"], walk


def test_values_an_event_brings_are_mapped_into_its_event_sub_process_only():
    walk = Walk(
        """
        process p
          start S
          service Work type=x
          S -> Work
          esub Watch
            start Call message=call key="=order" nonstop out.text==reason
            service Answer type=x in.said==text
            Call -> Answer
        """,
        {"order": "o1"},
    )
    walk.message("call", "o1", reason="fire")

    view = [
        token for token in walk.first.instance.state.tokens.values() if token.variables and "said" in token.variables
    ]
    assert [token.variables["said"] for token in view] == ["fire"], walk
    assert "text" not in walk.variables


CALLING = """
process parent
  start S
  call Ship process=child in.parcel==number {flags} {outs}
  catch Failed on=Ship error=LOST
  service Claim type=x
  end E
  S -> Ship -> E
  Failed -> Claim -> E
process child
  start s
  service Carry type=x
  xor how
  end fine
  end lost error=LOST
  s -> Carry -> how
  how -> lost if "=lost"
  how -> fine default
"""


def test_a_called_process_gets_its_inputs_and_gives_its_results_back():
    walk = Walk(CALLING.format(flags="", outs="out.arrived==arrived"), {"number": 5})
    child = walk.stage.actors[1]
    assert child.variables["parcel"] == 5

    walk.complete("Carry", lost=False, arrived="yes")

    assert walk.status == "completed", walk
    assert walk.variables["arrived"] == "yes"
    assert "lost" not in walk.variables  # mapped results only


def test_a_called_process_without_parent_variables_sees_only_what_is_mapped():
    walk = Walk(CALLING.format(flags="propagateAllParentVariables=false", outs=""), {"number": 5, "secret": 1})

    assert walk.stage.actors[1].variables == {"parcel": 5}


def test_an_error_a_called_process_does_not_catch_reaches_the_call():
    walk = Walk(CALLING.format(flags="", outs=""), {"number": 5})
    walk.complete("Carry", lost=True)

    assert walk.open == ["Claim"], walk


def test_an_error_nobody_catches_at_a_call_is_an_incident_and_a_retry_calls_anew():
    """The parent's diagram says nothing about it, so the order waits for a person instead of ending."""
    walk = Walk(
        CALLING.format(flags="", outs="").replace("error=LOST\n  service", "error=OTHER\n  service"), {"number": 5}
    )
    walk.complete("Carry", lost=True)
    assert [code for code, _ in walk.incidents] == ["child-failed"], walk

    walk.resolve("retry")
    walk.complete("Carry", lost=False)

    assert walk.stage.actors[0].instance.finished, walk


def test_a_call_that_is_interrupted_ends_the_called_process():
    walk = Walk(
        CALLING.format(flags="", outs="").replace("error=LOST\n  service", "timer=PT1H\n  service"), {"number": 5}
    )
    walk.advance("PT1H")

    assert walk.open == ["Claim"], walk
    assert walk.stage.actors[1].finish.outcome == "terminated"


def test_processes_that_call_each_other_without_end_are_stopped():
    walk = Walk("process p\n  start S\n  call Again process==next\n  S -> Again", {"next": "p"})

    assert walk.status == "incident", repr(walk.incidents[:1])


def test_cancelling_an_instance_ends_everything_in_it():
    walk = Walk(CALLING.format(flags="", outs=""), {"number": 5})
    walk.tell(facts.Cancelled(at=walk.stage.now, by="ops", reason="test"))

    assert walk.status == "terminated", walk
    assert walk.open == []
    assert [actor.finish.outcome for actor in walk.stage.actors] == ["terminated", "terminated"]
