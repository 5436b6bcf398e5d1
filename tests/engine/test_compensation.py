"""Undoing what was done: in reverse, once, with the variables of then."""

from __future__ import annotations

from tests.engine.walking import Walk

SALE = """
process sale
  start S
  service Reserve type=x undo=Release
  service Release type=x compensates
  service Pay type=x undo=Refund
  service Refund type=x compensates
  service Ship type=x undo=Recall
  service Recall type=x compensates
  throw Undo compensation
  end E
  S -> Reserve -> Pay -> Undo -> Ship -> E
"""


RECALL = "  service Recall type=x compensates\n"


def test_completed_activities_are_undone_last_one_first():
    walk = Walk(SALE)
    walk.complete("Reserve")
    walk.complete("Pay")
    assert walk.open == ["Refund"], walk

    walk.complete("Refund")
    assert walk.open == ["Release"], walk
    walk.complete("Release")

    assert walk.open == ["Ship"], walk
    assert [record.element for record in walk.records if record.kind == "compensated"] == ["Refund", "Release"]


def test_an_activity_is_undone_once():
    walk = Walk(SALE.replace("service Ship type=x undo=Recall", "throw Ship compensation").replace(RECALL, ""))
    for element in ("Reserve", "Pay", "Refund", "Release"):
        walk.complete(element)

    assert walk.status == "completed", walk


def test_a_named_activity_alone_is_undone():
    walk = Walk(SALE.replace("throw Undo compensation", "throw Undo compensation=Reserve"))
    walk.complete("Reserve")
    walk.complete("Pay")

    assert walk.open == ["Release"], walk


def test_a_handler_sees_the_variables_its_activity_had():
    walk = Walk(
        """
        process p
          start S
          service Pay type=x in.sum==amount undo=Refund
          service Refund type=x compensates
          throw Undo compensation
          S -> Pay -> Undo
        """,
        {"amount": 100},
    )
    walk.complete("Pay", amount=5)

    (refund,) = [token for token in walk.first.instance.state.tokens.values() if token.undoes]
    assert refund.variables == {"sum": 100}, walk


def test_a_completed_sub_process_is_undone_from_within():
    walk = Walk(
        """
        process p
          start S
          sub Sale
            start s
            service Reserve type=x undo=Release
            service Release type=x compensates
            service Pay type=x undo=Refund
            service Refund type=x compensates
            s -> Reserve -> Pay
          service Check type=x
          end Undo compensation
          S -> Sale -> Check -> Undo
        """
    )
    for element in ("Reserve", "Pay", "Check", "Refund", "Release"):
        walk.complete(element)

    assert walk.status == "completed", walk


def test_every_completed_item_of_a_loop_is_undone():
    walk = Walk(
        """
        process p
          start S
          service Send type=x each==parcels item=parcel undo=Recall
          service Recall type=x compensates
          end Undo compensation
          S -> Send -> Undo
        """,
        {"parcels": ["a", "b"]},
    )
    walk.complete("Send")
    walk.complete("Send")
    seen = []
    while walk.open:
        (token,) = [one for one in walk.first.instance.state.tokens.values() if one.undoes]
        seen.append(token.variables["parcel"])
        walk.complete("Recall")

    assert seen == ["b", "a"], walk
    assert walk.status == "completed", walk


def test_compensation_thrown_in_an_event_sub_process_undoes_the_scope_around_it():
    """BPMN 2.0.2, 10.7.1. A cancelled order is cleaned up from the event sub-process that handles the cancellation."""
    walk = Walk(
        """
        process p
          start S
          service Reserve type=x undo=Release
          service Release type=x compensates
          service Wait type=x
          S -> Reserve -> Wait
          esub Cancel
            start Asked message=cancel key="=order"
            throw Undo compensation
            service Close type=x
            Asked -> Undo -> Close
        """,
        {"order": "o1"},
    )
    walk.complete("Reserve")
    walk.message("cancel", "o1")
    assert walk.open == ["Release"], walk

    walk.complete("Release")

    assert walk.open == ["Close"], walk


def test_what_is_not_completed_is_not_undone():
    walk = Walk(
        SALE.replace(
            "S -> Reserve -> Pay -> Undo -> Ship -> E",
            "S -> Fork\n  and Fork\n  Fork -> Reserve -> E\n  Fork -> Undo -> E",
        )
        .replace("  service Pay type=x undo=Refund\n  service Refund type=x compensates\n", "")
        .replace("  service Ship type=x undo=Recall\n  service Recall type=x compensates\n", "")
    )

    assert walk.open == ["Reserve"], walk


BESIDE = """
process p
  start S
  service Book type=x undo=Unbook
  service Pay type=x undo=Repay
  service Unbook type=x compensates
  service Repay type=x compensates
  throw Undo compensation= beside
  service Tell type=x
  end E
  S -> Book -> Pay -> Undo -> Tell -> E
"""


def test_an_event_that_does_not_wait_goes_on_while_all_is_undone_beside_it():
    """BPMN 2.0.2, 13.5.5: it just triggers the compensation and immediately continues."""
    walk = Walk(BESIDE)
    walk.complete("Book")
    walk.complete("Pay")
    assert walk.open == ["Repay", "Tell"], walk

    walk.complete("Tell")
    assert walk.status == "active", walk
    walk.complete("Repay")
    assert walk.open == ["Unbook"], walk
    walk.complete("Unbook")

    assert walk.status == "completed", walk
    assert [one.element for one in walk.records if one.kind.value == "compensated"] == ["Repay", "Unbook"]


def test_an_end_event_that_does_not_wait_leaves_the_scope_open_until_all_is_undone():
    walk = Walk(BESIDE.replace("throw Undo", "end Undo").replace(" -> Undo -> Tell -> E", " -> Undo\n  S -> Tell -> E"))
    walk.complete("Tell")
    walk.complete("Book")
    walk.complete("Pay")
    walk.complete("Repay")
    assert walk.status == "active", walk

    walk.complete("Unbook")

    assert walk.status == "completed", walk


def test_undoing_that_is_not_waited_for_happens_once():
    walk = Walk(
        BESIDE.replace("Undo -> Tell", "Undo -> Again -> Tell").replace(
            "  service Tell", "  throw Again compensation=\n  service Tell"
        )
    )
    walk.complete("Book")
    walk.complete("Pay")

    assert walk.open == ["Repay", "Tell"], walk


def test_with_nothing_to_undo_the_event_just_goes_on():
    walk = Walk(
        """
        process p
          start S
          xor Booked
          service Book type=x undo=Unbook
          service Unbook type=x compensates
          throw Undo compensation= beside
          service Tell type=x
          S -> Booked
          Booked -> Book if "=false"
          Booked -> Undo default
          Book -> Undo -> Tell
        """
    )
    assert walk.open == ["Tell"], walk
    walk.complete("Tell")

    assert walk.status == "completed", walk


def test_an_interruption_ends_the_undoing_beside_it_too():
    walk = Walk(
        """
        process p
          start S
          sub Trip
            start In
            service Book type=x undo=Unbook
            service Unbook type=x compensates
            throw Undo compensation= beside
            user Tell
            In -> Book -> Undo -> Tell
          catch Stop on=Trip message=stop key="=1"
          service After type=x
          S -> Trip
          Stop -> After
        """
    )
    walk.complete("Book")
    assert walk.open == ["Tell", "Unbook"], walk

    walk.message("stop", "1")

    assert walk.open == ["After"], walk


def test_a_cancelled_transaction_takes_over_the_undoing_that_went_on_beside():
    """What is being undone is not undone twice, what is left is undone, and only then the transaction is left."""
    walk = Walk(
        """
        process p
          start S
          tx Sale
            start In
            service Book type=x undo=Unbook
            service Pay type=x undo=Repay
            service Unbook type=x compensates
            service Repay type=x compensates
            throw Undo compensation= beside
            user Tell
            end No cancel
            In -> Book -> Pay -> Undo -> Tell -> No
          catch Cancelled on=Sale cancel
          service After type=x
          end E
          S -> Sale -> E
          Cancelled -> After -> E
        """
    )
    walk.complete("Book")
    walk.complete("Pay")
    assert walk.open == ["Repay", "Tell"], walk

    walk.complete("Tell")
    assert walk.open == ["Repay"], walk
    walk.complete("Repay")
    assert walk.open == ["Unbook"], walk
    walk.complete("Unbook")

    assert walk.open == ["After"], walk


def test_a_failing_undoing_beside_is_an_incident_and_holds_nothing_else_up():
    walk = Walk(BESIDE)
    walk.complete("Book")
    walk.complete("Pay")
    walk.step(fail="Repay", retries=0)
    walk.complete("Tell")
    assert walk.status == "incident", walk

    walk.resolve("retry")
    walk.complete("Repay")
    walk.complete("Unbook")

    assert walk.status == "completed", walk
