"""Transactions: done as a whole, or undone as a whole and left over the cancel boundary event."""

from __future__ import annotations

from tests.engine.walking import Walk

SALE = """
process p
  start S
  tx Sale
    start s
    service Reserve type=x undo=Release
    service Release type=x compensates
    service Pay type=x undo=Refund
    service Refund type=x compensates
    xor Ask
    end Done
    end No cancel
    s -> Reserve -> Pay -> Ask
    Ask -> No if "=ok = false"
    Ask -> Done default
  catch Cancelled on=Sale cancel
  service Ship type=x
  service Tell type=x
  end E
  S -> Sale -> Ship -> E
  Cancelled -> Tell -> E
"""


def undone(walk: Walk) -> list[str]:
    return [record.element for record in walk.records if record.kind == "compensated"]


def test_a_transaction_that_is_not_cancelled_ends_like_a_sub_process():
    walk = Walk(SALE)
    walk.complete("Reserve")
    walk.complete("Pay", ok=True)

    assert walk.open == ["Ship"], walk
    assert undone(walk) == [], walk


def test_a_cancelled_transaction_is_undone_last_first_and_left_over_its_border():
    walk = Walk(SALE)
    walk.complete("Reserve")
    walk.complete("Pay", ok=False)
    assert walk.open == ["Refund"], walk
    walk.complete("Refund")
    assert walk.open == ["Release"], walk
    walk.complete("Release")

    assert walk.open == ["Tell"], walk
    assert undone(walk) == ["Refund", "Release"], walk
    assert "terminated Sale" in walk.kinds("terminated"), walk
    walk.complete("Tell")
    assert walk.status == "completed", walk
    assert "Ship" not in walk.completed


def test_a_transaction_with_nothing_to_undo_is_left_at_once():
    walk = Walk(
        """
        process p
          start S
          tx Sale
            start s
            service Pay type=x
            end No cancel
            s -> Pay -> No
          catch Cancelled on=Sale cancel
          service Tell type=x
          end E
          S -> Sale -> E
          Cancelled -> Tell -> E
        """
    )
    walk.complete("Pay")

    assert walk.open == ["Tell"], walk


PARALLEL = """
process p
  start S
  tx Sale
    start s
    and Fork
    service Reserve type=x undo=Release
    service Release type=x compensates
    sub Packing
      start ps
      service Pick type=x undo=PutBack
      service PutBack type=x compensates
      service Wrap type=x undo=Unwrap
      service Unwrap type=x compensates
      ps -> Pick -> Wrap
    service Check type=x
    end Done
    end No cancel
    s -> Fork
    Fork -> Reserve -> Done
    Fork -> Packing -> Done
    Fork -> Check -> No
  catch Cancelled on=Sale cancel
  catch Late on=Sale timer=PT1H
  service Tell type=x
  service Chase type=x
  end E
  S -> Sale -> E
  Cancelled -> Tell -> E
  Late -> Chase -> E
"""


def test_what_still_moves_is_ended_and_what_was_completed_in_it_is_undone():
    """All or nothing: an activity that was done in a sub-process which is still under way is undone, too."""
    walk = Walk(PARALLEL)
    walk.complete("Reserve")
    walk.complete("Pick")
    assert walk.open == ["Check", "Wrap"], walk
    walk.complete("Check")

    assert walk.open == ["PutBack"], walk
    walk.complete("PutBack")
    assert walk.open == ["Release"], walk
    walk.complete("Release")
    assert walk.open == ["Tell"], walk
    assert {"terminated Wrap", "terminated Packing", "terminated Sale"} <= set(walk.kinds("terminated")), walk


def test_a_completed_sub_process_inside_is_undone_from_within():
    walk = Walk(PARALLEL)
    for element in ("Pick", "Wrap", "Check", "Unwrap", "PutBack"):
        walk.complete(element)

    assert walk.open == ["Tell"], walk


def test_while_it_undoes_the_other_events_on_its_border_are_off():
    walk = Walk(PARALLEL)
    walk.complete("Reserve")
    walk.complete("Check")
    assert walk.waiting == [], walk
    walk.advance("PT2H")

    assert walk.open == ["Release"], walk


def test_two_cancel_ends_cancel_once():
    walk = Walk(PARALLEL.replace("Fork -> Reserve -> Done", "Fork -> Reserve -> No"))
    walk.complete("Reserve")
    walk.complete("Release")

    assert walk.open == ["Tell"], walk
    walk.complete("Tell")
    assert walk.status == "completed", walk


def test_an_error_out_of_a_transaction_undoes_nothing():
    """BPMN 2.0.2, 10.3.5: a hazard. The transaction is ended without compensation."""
    walk = Walk(
        SALE.replace("catch Cancelled on=Sale cancel", "catch Cancelled on=Sale cancel\n  catch Bad on=Sale error=BAD")
        .replace("Cancelled -> Tell", "Bad -> Repair -> E\n  Cancelled -> Tell")
        .replace("service Tell type=x", "service Tell type=x\n  service Repair type=x")
    )
    walk.complete("Reserve")
    walk.step(error="Pay", code="BAD")

    assert walk.open == ["Repair"], walk
    assert undone(walk) == [], walk


def test_an_error_in_a_handler_leaves_the_transaction_as_a_hazard():
    walk = Walk(
        SALE.replace("catch Cancelled on=Sale cancel", "catch Cancelled on=Sale cancel\n  catch Bad on=Sale error=BAD")
        .replace("Cancelled -> Tell", "Bad -> Repair -> E\n  Cancelled -> Tell")
        .replace("service Tell type=x", "service Tell type=x\n  service Repair type=x")
    )
    walk.complete("Reserve")
    walk.complete("Pay", ok=False)
    walk.step(error="Refund", code="BAD")

    assert walk.open == ["Repair"], walk
    walk.complete("Repair")
    assert walk.status == "completed", walk


def test_a_handler_that_fails_is_mended_and_the_undoing_goes_on():
    walk = Walk(SALE)
    walk.complete("Reserve")
    walk.complete("Pay", ok=False)
    walk.step(fail="Refund", retries=0)
    assert walk.status == "incident", walk
    walk.resolve("retry")
    assert walk.open == ["Refund"], walk
    walk.step(fail="Refund", retries=0)
    walk.resolve("skip")

    assert walk.open == ["Release"], walk
    walk.complete("Release")
    assert walk.open == ["Tell"], walk


def test_an_uncaught_error_in_a_handler_waits_for_a_person():
    walk = Walk(SALE)
    walk.complete("Reserve")
    walk.complete("Pay", ok=False)
    walk.step(error="Refund", code="X")
    assert [code for code, _ in walk.incidents] == ["uncaught-error"], walk
    walk.resolve("complete")
    walk.complete("Release")

    assert walk.open == ["Tell"], walk


def test_a_completed_transaction_is_undone_from_outside_like_a_sub_process():
    walk = Walk(SALE.replace("  service Ship type=x", "  throw Ship compensation"))
    walk.complete("Reserve")
    walk.complete("Pay", ok=True)
    for element in ("Refund", "Release"):
        assert walk.open == [element], walk
        walk.complete(element)

    assert walk.status == "completed", walk


def test_what_a_cancelled_transaction_undid_is_not_undone_again():
    walk = Walk(SALE.replace("  service Tell type=x", "  throw Tell compensation"))
    walk.complete("Reserve")
    walk.complete("Pay", ok=False)
    walk.complete("Refund")
    walk.complete("Release")

    assert walk.status == "completed", walk
    assert len(undone(walk)) == 2, walk


def test_a_transaction_is_entered_again_after_it_was_cancelled():
    walk = Walk(SALE.replace("Cancelled -> Tell -> E", "Cancelled -> Tell -> Sale"))
    walk.complete("Reserve")
    walk.complete("Pay", ok=False)
    for element in ("Refund", "Release", "Tell"):
        walk.complete(element)
    assert walk.open == ["Reserve"], walk
    walk.complete("Reserve")
    walk.complete("Pay", ok=True)

    assert walk.open == ["Ship"], walk
