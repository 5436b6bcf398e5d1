"""What a cancelled transaction finds half done: sub-processes, inner cancellations, several handlers at work."""

from __future__ import annotations

import pytest

from tests.engine.walking import Walk

TWO_PARTS = """
process p
  start S
  tx Sale
    start s
    and Fork
    sub Goods undo=Scrap
      start gs
      service Pick type=x undo=PutBack
      service PutBack type=x compensates
      service Wrap type=x
      gs -> Pick -> Wrap
    service Scrap type=x compensates
    sub Money undo=Forget
      start ms
      service Pay type=x undo=Refund
      service Refund type=x compensates
      service Book type=x
      ms -> Pay -> Book
      esub Trouble
        start Failed error=BAD
        service Look type=x
        Failed -> Look
    service Forget type=x compensates
    user Check
    end Done
    end No cancel
    s -> Fork
    Fork -> Goods -> Done
    Fork -> Money -> Done
    Fork -> Check -> No
  catch Cancelled on=Sale cancel
  catch Bad on=Sale error=BAD
  service Tell type=x
  service Repair type=x
  end E
  S -> Sale -> E
  Cancelled -> Tell -> E
  Bad -> Repair -> E
"""


def test_a_sub_process_that_was_not_completed_is_undone_from_within_not_by_its_handler():
    walk = Walk(TWO_PARTS)
    for element in ("Pick", "Pay", "Check"):
        walk.complete(element)
    for element in ("Refund", "PutBack", "Tell"):
        assert walk.open == [element], walk
        walk.complete(element)

    assert walk.status == "completed", walk


def test_one_that_was_completed_is_undone_by_its_handler():
    walk = Walk(TWO_PARTS)
    for element in ("Pick", "Wrap", "Pay", "Check"):
        walk.complete(element)
    for element in ("Refund", "Scrap", "Tell"):
        assert walk.open == [element], walk
        walk.complete(element)


def test_an_event_sub_process_of_what_is_undone_catches_no_error_of_a_handler():
    walk = Walk(TWO_PARTS)
    for element in ("Pay", "Check"):
        walk.complete(element)
    walk.step(error="Refund", code="BAD")

    assert walk.open == ["Repair"], walk


def test_a_cancellation_inside_is_taken_over_by_the_one_around_it():
    walk = Walk(
        """
        process p
          start S
          tx Outer
            start os
            and Fork
            tx Inner
              start s
              service Reserve type=x undo=Release
              service Release type=x compensates
              service Pay type=x undo=Refund
              service Refund type=x compensates
              end No cancel
              s -> Reserve -> Pay -> No
            catch InnerCancelled on=Inner cancel
            service After type=x
            user Check
            end Done
            end Off cancel
            os -> Fork
            Fork -> Inner -> Done
            InnerCancelled -> After -> Done
            Fork -> Check -> Off
          catch OuterCancelled on=Outer cancel
          service Tell type=x
          end E
          S -> Outer -> E
          OuterCancelled -> Tell -> E
        """
    )
    for element in ("Reserve", "Pay", "Check"):
        walk.complete(element)
    for element in ("Refund", "Release", "Tell"):
        assert walk.open == [element], walk
        walk.complete(element)

    assert walk.status == "completed", walk
    assert "After" not in walk.completed


SEVERAL = """
process p
  start S
  tx Sale
    start s
    and Fork
    service Book type=x undo=Unbook
    service Unbook type=x compensates
    sub Part
      start ps
      and Split
      service Pack type=x undo=Unpack
      service Unpack type=x compensates
      service Reserve type=x undo=Release
      service Release type=x compensates
      throw Undo1 compensation=Reserve
      service Pay type=x undo=Refund
      service Refund type=x compensates
      throw Undo2 compensation=Pay
      service After type=x
      ps -> Pack -> Split
      Split -> Reserve -> Undo1 -> After
      Split -> Pay -> Undo2 -> After
    catch Slow on=Part timer=PT1H
    user Check
    end Done
    end No cancel
    s -> Fork
    Fork -> Book -> Part -> Done
    Slow -> Done
    Fork -> Check -> No
  catch Cancelled on=Sale cancel
  service Tell type=x
  end E
  S -> Sale -> E
  Cancelled -> Tell -> E
"""


def test_several_handlers_at_work_are_all_waited_for():
    walk = Walk(SEVERAL)
    for element in ("Book", "Pack", "Reserve", "Pay", "Check"):
        walk.complete(element)
    assert walk.open == ["Refund", "Release"], walk
    assert walk.waiting == [], walk
    walk.complete("Refund")
    assert walk.open == ["Release"], walk
    walk.complete("Release")
    for element in ("Unpack", "Unbook", "Tell"):
        assert walk.open == [element], walk
        walk.complete(element)

    assert walk.status == "completed", walk


@pytest.mark.parametrize("loop", ["each==[1,2]", "each==[1,2] sequential", '"while==true"'])
def test_a_task_that_loops_is_ended_with_all_its_turns(loop):
    """Turns under way are no handlers at work; those that were completed are undone."""
    walk = Walk(
        f"""
process p
  start S
  tx Sale
    start s
    and Fork
    service Pick type=x undo=PutBack {loop}
    service PutBack type=x compensates
    user Check
    end Done
    end No cancel
    s -> Fork -> Pick -> Done
    Fork -> Check -> No
  catch Cancelled on=Sale cancel
  service Tell type=x
  S -> Sale
  Cancelled -> Tell
"""
    )
    walk.complete("Pick")
    walk.complete("Check")
    assert walk.open == ["PutBack"], walk
    walk.complete("PutBack")

    assert walk.open == ["Tell"], walk
