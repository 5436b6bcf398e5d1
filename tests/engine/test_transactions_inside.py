"""Transactions that loop, stand in each other, hold event sub-processes, or are undoing something when cancelled."""

from __future__ import annotations

import pytest

from tests.engine.walking import Walk

ITEMS = """
process p
  start S
  tx Sale each==orders item=order
    start s
    service Reserve type=x undo=Release
    service Release type=x compensates
    user Ask
    xor Sure
    end Done
    end No cancel
    s -> Reserve -> Ask -> Sure
    Sure -> No if "=ok = false"
    Sure -> Done default
  catch Cancelled on=Sale cancel
  service Tell type=x
  service Ship type=x
  end E
  S -> Sale -> Ship -> E
  Cancelled -> Tell -> E
"""


def handlers(walk: Walk) -> list[object]:
    """What the handlers at work see as their order."""
    state = walk.first.instance.state
    seen = []
    for token in state.tokens.values():
        if token.undoes and token.role == "plain":
            around = [token, *state.scopes_above(token)]
            seen.append(next(one.variables["order"] for one in around if one.variables and "order" in one.variables))
    return seen


def test_cancelling_one_of_many_undoes_them_all():
    """The loop is one activity with one border: what another item has done, finished or not, is undone as well."""
    walk = Walk(ITEMS, {"orders": ["a", "b", "c"]})
    walk.complete("Reserve")
    walk.complete("Reserve")
    walk.complete("Ask", ok=True)
    assert walk.open == ["Ask", "Reserve"], walk
    walk.complete("Ask", ok=False)
    seen = []
    while walk.open == ["Release"]:
        seen += handlers(walk)
        walk.complete("Release")

    assert seen == ["b", "a"], walk
    assert walk.open == ["Tell"], walk
    walk.complete("Tell")
    assert walk.status == "completed", walk


def test_many_that_all_end_well_are_undone_from_outside():
    walk = Walk(ITEMS.replace("service Ship type=x", "throw Ship compensation"), {"orders": ["a", "b"]})
    for _ in "ab":
        walk.complete("Reserve")
        walk.complete("Ask", ok=True)
    seen = []
    while walk.open == ["Release"]:
        seen += handlers(walk)
        walk.complete("Release")

    assert seen == ["b", "a"], walk
    assert walk.status == "completed", walk


def test_in_a_loop_one_after_the_other_the_turns_before_are_undone_too():
    walk = Walk(ITEMS.replace("item=order", "item=order sequential"), {"orders": ["a", "b", "c"]})
    walk.complete("Reserve")
    walk.complete("Ask", ok=True)
    walk.complete("Reserve")
    walk.complete("Ask", ok=False)
    seen = []
    while walk.open == ["Release"]:
        seen += handlers(walk)
        walk.complete("Release")

    assert seen == ["b", "a"], walk
    assert walk.open == ["Tell"], walk


def test_while_items_still_run_nobody_outside_can_undo_those_that_are_done():
    walk = Walk(
        ITEMS.replace("S -> Sale", "and Fork\n  user Wait\n  throw Undo compensation\n  S -> Fork -> Sale").replace(
            "Cancelled -> Tell -> E", "Cancelled -> Tell -> E\n  Fork -> Wait -> Undo -> E"
        ),
        {"orders": ["a", "b"]},
    )
    walk.complete("Reserve")
    walk.complete("Ask", ok=True)
    walk.complete("Wait")

    assert walk.open == ["Reserve"], walk


NESTED = """
process p
  start S
  tx Outer
    start os
    service Book type=x undo=Unbook
    service Unbook type=x compensates
    tx Inner
      start s
      service Pay type=x undo=Refund
      service Refund type=x compensates
      user Ask
      xor Sure
      end Done
      end No cancel
      s -> Pay -> Ask -> Sure
      Sure -> No if "=ok = false"
      Sure -> Done default
    catch InnerCancelled on=Inner cancel
    user After
    xor All
    end Fine
    end Off cancel
    os -> Book -> Inner -> After -> All
    InnerCancelled -> After
    All -> Off if "=all = false"
    All -> Fine default
  catch OuterCancelled on=Outer cancel
  service Tell type=x
  end E
  S -> Outer -> E
  OuterCancelled -> Tell -> E
"""


def test_cancelling_the_inner_of_two_leaves_the_outer_as_it_is():
    walk = Walk(NESTED)
    walk.complete("Book")
    walk.complete("Pay")
    walk.complete("Ask", ok=False)
    assert walk.open == ["Refund"], walk
    walk.complete("Refund")
    assert walk.open == ["After"], walk
    walk.complete("After", all=True)

    assert walk.status == "completed", walk
    assert "Unbook" not in walk.completed


def test_cancelling_the_outer_undoes_the_inner_that_was_completed():
    walk = Walk(NESTED)
    walk.complete("Book")
    walk.complete("Pay")
    walk.complete("Ask", ok=True)
    walk.complete("After", all=False)
    for element in ("Refund", "Unbook", "Tell"):
        assert walk.open == [element], walk
        walk.complete(element)

    assert walk.status == "completed", walk


def test_cancelling_the_outer_does_not_undo_again_what_the_inner_undid():
    walk = Walk(NESTED)
    for element, told in (("Book", {}), ("Pay", {}), ("Ask", {"ok": False}), ("Refund", {}), ("After", {"all": False})):
        walk.complete(element, **told)

    assert walk.open == ["Unbook"], walk


BUSY = """
process p
  start S
  tx Sale
    start s
    and Fork
    service Reserve type=x undo=Release
    service Release type=x compensates
    service Pay type=x undo=Refund
    service Refund type=x compensates
    throw Undo compensation
    service After type=x
    user Check
    end Done
    end No cancel
    s -> Fork
    Fork -> Reserve -> Pay -> Undo -> After -> Done
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


def test_a_handler_at_work_is_not_stopped_by_the_cancellation_nor_run_twice():
    """The refund that is under way may have gone out already: it is waited for, and what else is left follows."""
    walk = Walk(BUSY)
    walk.complete("Reserve")
    walk.complete("Pay")
    assert walk.open == ["Check", "Refund"], walk
    walk.complete("Check")
    assert walk.open == ["Refund"], walk
    walk.complete("Refund")
    assert walk.open == ["Release"], walk
    walk.complete("Release")

    assert walk.open == ["Tell"], walk
    assert walk.completed.count("Refund") == 1


def test_handlers_at_work_in_a_sub_process_are_waited_for_too():
    """The sub-process around them stays until they are done; the work beside them is undone after."""
    walk = Walk(
        """
        process p
          start S
          tx Sale
            start s
            and Fork
            service Book type=x undo=Unbook
            service Unbook type=x compensates
            sub Part
              start ps
              service Reserve type=x undo=Release
              service Release type=x compensates
              service Pay type=x undo=Refund
              service Refund type=x compensates
              throw Undo compensation
              service After type=x
              ps -> Reserve -> Pay -> Undo -> After
            catch Failed on=Part error=BAD
            user Check
            end Done
            end No cancel
            s -> Fork
            Fork -> Part -> Done
            Failed -> Done
            Fork -> Book -> Check -> No
          catch Cancelled on=Sale cancel
          catch Bad on=Sale error=BAD
          service Tell type=x
          service Repair type=x
          end E
          S -> Sale -> E
          Cancelled -> Tell -> E
          Bad -> Repair -> E
        """
    )
    for element in ("Book", "Reserve", "Pay", "Check"):
        walk.complete(element)
    assert walk.open == ["Refund"], walk
    walk.complete("Refund")
    assert walk.open == ["Release"], walk
    walk.complete("Release")
    assert walk.open == ["Unbook"], walk
    walk.complete("Unbook")

    assert walk.open == ["Tell"], walk
    walk.complete("Tell")
    assert walk.status == "completed", walk


def test_an_error_in_a_handler_passes_the_border_of_the_sub_process_that_is_undone():
    """The sub-process was completed: what was drawn to catch its errors acts no more; the transaction's border does."""
    walk = Walk(
        """
        process p
          start S
          tx Sale
            start s
            sub Part
              start ps
              service Pay type=x undo=Refund
              service Refund type=x compensates
              ps -> Pay
            catch Failed on=Part error=BAD
            end No cancel
            s -> Part -> No
            Failed -> No
          catch Cancelled on=Sale cancel
          catch Bad on=Sale error=BAD
          service Tell type=x
          service Repair type=x
          end E
          S -> Sale -> E
          Cancelled -> Tell -> E
          Bad -> Repair -> E
        """
    )
    walk.complete("Pay")
    walk.step(error="Refund", code="BAD")

    assert walk.open == ["Repair"], walk
    walk.complete("Repair")
    assert walk.status == "completed", walk


ASIDE = """
process p
  start S
  tx Sale
    start s
    user Check
    end No cancel
    s -> Check -> No
    esub Aside
      start Asked message=gift key==order nonstop
      service Wrap type=x undo=Unwrap
      service Unwrap type=x compensates
      service Card type=x
      Asked -> Wrap -> Card
    esub Trouble
      start Failed error=BAD
      service Look type=x
      Failed -> Look
  catch Cancelled on=Sale cancel
  catch Bad on=Sale error=BAD
  service Tell type=x
  service Repair type=x
  end E
  S -> Sale -> E
  Cancelled -> Tell -> E
  Bad -> Repair -> E
"""


@pytest.mark.parametrize("done", [("Wrap",), ("Wrap", "Card")], ids=["still under way", "completed"])
def test_what_an_event_sub_process_inside_did_is_undone(done):
    walk = Walk(ASIDE, {"order": "o1"})
    walk.message("gift", "o1")
    for element in done:
        walk.complete(element)
    walk.complete("Check")
    assert walk.open == ["Unwrap"], walk
    assert walk.waiting == [], walk
    walk.complete("Unwrap")

    assert walk.open == ["Tell"], walk


def test_an_event_sub_process_inside_does_not_catch_what_fails_while_undoing():
    """It would end the transaction as if nothing had been cancelled."""
    walk = Walk(ASIDE, {"order": "o1"})
    walk.message("gift", "o1")
    walk.complete("Wrap")
    walk.complete("Check")
    walk.step(error="Unwrap", code="BAD")

    assert walk.open == ["Repair"], walk


def test_an_event_sub_process_that_interrupts_a_transaction_ends_it_as_drawn():
    walk = Walk(ASIDE.replace("user Check", "service Check type=x"), {"order": "o1"})
    walk.step(error="Check", code="BAD")
    walk.complete("Look")

    assert walk.status == "completed", walk
    assert "Tell" not in walk.completed


def test_a_transaction_in_a_called_process_is_cancelled_there():
    walk = Walk(
        """
        process p
          start S
          call Child process=child
          service Next type=x
          S -> Child -> Next
        process child
          start CS
          tx Sale
            start s
            service Pay type=x undo=Refund
            service Refund type=x compensates
            end No cancel
            s -> Pay -> No
          catch Cancelled on=Sale cancel
          throw Told escalation=OFF
          CS -> Sale
          Cancelled -> Told
        """
    )
    walk.complete("Pay")
    walk.complete("Refund")

    assert walk.open == ["Next"], walk
    assert walk.stage.escalations == ["OFF"], walk
