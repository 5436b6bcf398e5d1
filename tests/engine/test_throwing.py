"""Errors and escalations: who catches them, and what happens when nobody does."""

from __future__ import annotations

from tests.engine.walking import Walk

CATCHERS = """
process p
  start S
  sub Inner
    start s
    service Work type=x
    s -> Work
  catch Specific on=Inner error=NO_STOCK
  catch Anything on=Inner error=*
  service Backorder type=x
  service Apologise type=x
  S -> Inner
  Specific -> Backorder
  Anything -> Apologise
"""


def test_an_error_of_a_job_climbs_to_the_nearest_catcher_the_specific_one_first():
    walk = Walk(CATCHERS)
    walk.step(error="Work", code="NO_STOCK")

    assert walk.open == ["Backorder"], walk
    assert walk.detail("error_thrown") == [{"code": "NO_STOCK", "message": "", "caught_by": "Specific"}]


def test_a_catcher_without_code_catches_every_other_error():
    walk = Walk(CATCHERS)
    walk.step(error="Work", code="FIRE")

    assert walk.open == ["Apologise"], walk


def test_an_error_of_a_job_that_nobody_catches_waits_as_an_incident():
    """An order ends only where the diagram says so."""
    walk = Walk("process p\n  start S\n  service Work type=x\n  end E\n  S -> Work -> E")
    walk.step(error="Work", code="FIRE")
    assert [code for code, _ in walk.incidents] == ["uncaught-error"]

    walk.resolve("retry")
    walk.complete("Work")

    assert walk.status == "completed", walk


def test_an_error_end_event_that_nobody_catches_fails_the_instance():
    walk = Walk("process p\n  start S\n  end Bad error=FIRE\n  S -> Bad")

    assert walk.status == "failed", walk
    assert walk.first.finish.code == "FIRE"


def test_an_event_sub_process_catches_an_error_thrown_in_its_scope():
    walk = Walk(
        """
        process p
          start S
          and Fork
          service Other type=x
          service Work type=x
          S -> Fork
          Fork -> Other
          Fork -> Work
          esub Rescue
            start Caught error=FIRE
            service Pay type=x
            Caught -> Pay
        """
    )
    walk.step(error="Work", code="FIRE")

    assert walk.open == ["Pay"], walk


def test_an_event_sub_process_may_throw_to_its_neighbour_but_not_to_itself():
    """One handles the request to cancel and throws; its neighbour catches and cleans up."""
    walk = Walk(
        """
        process p
          start S
          service Work type=x
          S -> Work
          esub Request
            start Asked message=cancel key="=order" nonstop
            end Accepted error=CANCELLED
            Asked -> Accepted
          esub Clean
            start Caught error=CANCELLED
            service Undo type=x
            end Again error=CANCELLED
            Caught -> Undo -> Again
        """,
        {"order": "o1"},
    )
    walk.message("cancel", "o1")
    assert walk.open == ["Undo"], walk

    walk.complete("Undo")

    assert walk.status == "failed", walk


def test_what_an_error_carries_can_be_mapped_at_the_boundary_event():
    walk = Walk(
        """
        process p
          start S
          service Work type=x
          catch Bad on=Work error=* out.reason==errorCode out.missing==sku
          service Tell type=x
          S -> Work
          Bad -> Tell
        """
    )
    walk.step(error="Work", code="NO_STOCK", variables={"sku": "A-1"})

    assert walk.variables == {"reason": "NO_STOCK", "missing": "A-1"}, walk


ESCALATION = """
process p
  start S
  sub Inner
    start s
    throw Shout escalation=LATE
    service Work type=x
    s -> Shout -> Work
  catch Heard on=Inner escalation=LATE {nonstop}
  service Manager type=x
  S -> Inner
  Heard -> Manager
"""


def test_a_non_interrupting_escalation_lets_the_thrower_go_on():
    assert Walk(ESCALATION.format(nonstop="nonstop")).open == ["Manager", "Work"]


def test_an_interrupting_escalation_ends_the_thrower_at_once():
    """The thrower must not move on first: Work would have been started for nothing."""
    walk = Walk(ESCALATION.format(nonstop=""))

    assert walk.open == ["Manager"], walk
    assert "activated Work" not in walk.kinds("activated")


def test_an_escalation_nobody_catches_is_told_and_changes_nothing():
    walk = Walk("process p\n  start S\n  throw Shout escalation=LATE\n  service Work type=x\n  S -> Shout -> Work")

    assert walk.open == ["Work"], walk
    assert walk.stage.escalations == ["LATE"]


def test_an_escalation_of_a_called_process_is_caught_at_the_call_while_it_goes_on():
    walk = Walk(
        """
        process parent
          start S
          call Ship process=child
          catch Heard on=Ship escalation=LATE nonstop
          service Manager type=x
          S -> Ship
          Heard -> Manager
        process child
          start s
          throw Shout escalation=LATE
          service Carry type=x
          s -> Shout -> Carry
        """
    )

    assert walk.open == ["Carry", "Manager"], walk


def test_a_job_may_escalate_and_go_on():
    walk = Walk(
        """
        process p
          start S
          service Work type=x
          catch Heard on=Work escalation=* nonstop
          service Manager type=x
          S -> Work
          Heard -> Manager
        """
    )
    walk.step(escalate="Work", code="SLOW")

    assert walk.open == ["Manager", "Work"], walk


def test_an_error_thrown_on_by_a_handler_is_caught_by_one_beside_it():
    """Its own start would only begin it anew, though it has the very code; the one beside it catches every code."""
    walk = Walk(
        """
        process p
          start S
          service Do type=x
          esub Mend
            start First error=BROKEN
            service Repair type=x
            end Again error=BROKEN
            First -> Repair -> Again
          esub Other
            start Any error=*
            user Ask
            Any -> Ask
          S -> Do
        """
    )
    walk.step(error="Do", code="BROKEN")
    walk.complete("Repair")

    assert walk.open == ["Ask"], walk


def test_an_escalation_out_of_a_handler_that_does_not_interrupt_is_caught_by_one_beside_it():
    """Its own start would only begin it anew; the one beside it has not begun yet."""
    walk = Walk(
        """
        process p
          start S
          user Work
          esub Hear
            start Late escalation=LATE nonstop
            throw Shout escalation=LATE
            Late -> Shout
          esub Other
            start Any escalation=* nonstop
            user Manager
            Any -> Manager
          S -> Work
        """
    )
    walk.step(escalate="Work", code="LATE")

    assert walk.open == ["Manager", "Work"], walk
    assert walk.stage.escalations == []


def test_an_error_out_of_a_compensation_handler_is_not_caught_on_the_completed_activity_it_undoes():
    """The boundary events of an activity are off once it is complete."""
    walk = Walk(
        """
        process p
          start S
          sub Pack
            start s
            service Wrap type=x undo=Unwrap
            service Unwrap type=x compensates
            s -> Wrap
          catch Torn on=Pack error=*
          user Complain
          throw Undo compensation
          end E
          S -> Pack -> Undo -> E
          Torn -> Complain -> E
        """
    )
    walk.complete("Wrap")
    walk.step(error="Unwrap", code="TORN")

    assert walk.status == "incident", walk
    assert "Complain" not in walk.open
