"""Processes that begin with a receive task or behind an event-based gateway (BPMN 2.0.2, 10.3.3, 10.6.6 and 13.2)."""

from __future__ import annotations

import pytest

from tests.engine.walking import Walk

TASK = """
process p
  receive Order instantiate message=order out.total==amount
  service Pack type=x
  end E
  Order -> Pack -> E
"""

FIRST = """
process p
  event Which instantiate
  catch Web message=web
  catch Call message=call
  catch Alarm signal=alarm
  service A type=x
  service B type=x
  service C type=x
  end E
  Which -> Web -> A -> E
  Which -> Call -> B -> E
  Which -> Alarm -> C -> E
"""

ALL = """
process p
  event Which instantiate parallel
  catch Paid message=paid key="=order" out.sum==amount
  catch Stock message=stock key="=order"
  service A type=x
  service B type=x
  end E
  Which -> Paid -> A -> E
  Which -> Stock -> B -> E
"""


def walk_of(drawing: str) -> Walk:
    return Walk(drawing, start=False)


def test_the_message_of_a_receive_task_starts_the_process_and_is_taken_by_the_task():
    walk = walk_of(TASK)
    walk.message("order", amount=5)

    assert walk.open == ["Pack"], walk
    assert walk.variables == {"amount": 5, "total": 5}
    walk.complete("Pack")
    assert walk.status == "completed", walk
    assert walk.trace == ["Order", "Pack"]


def test_every_such_message_starts_an_instance_of_its_own():
    walk = walk_of(TASK)
    walk.message("order", "1")
    walk.message("order", "2")

    assert walk.open == ["Pack", "Pack"], walk
    assert len(walk.stage.actors) == 2


def test_a_receive_task_that_started_the_process_can_be_undone_like_any_other():
    """Its completion is remembered, though it never waited."""
    walk = walk_of(
        """
        process p
          receive Order instantiate message=order undo=Decline
          service Decline type=x compensates
          service Pack type=x
          end Undo compensation=
          Order -> Pack -> Undo
        """
    )
    walk.message("order")
    walk.complete("Pack")

    assert walk.open == ["Decline"], walk


def test_such_a_process_is_not_begun_plainly():
    """It would wait for a message that starts another instance instead."""
    for drawing in (TASK, FIRST, ALL):
        walk = Walk(drawing)
        assert [code for code, _ in walk.incidents] == ["no-start"], walk
        assert walk.waiting == []


@pytest.mark.parametrize(("name", "taken"), [("web", "A"), ("call", "B")])
def test_the_first_event_behind_a_gateway_starts_the_process_and_the_others_are_off(name, taken):
    walk = walk_of(FIRST)
    walk.message(name)

    assert walk.open == [taken], walk
    assert walk.waiting == []
    walk.complete(taken)
    assert walk.status == "completed", walk
    assert "Which" in walk.completed


def test_another_event_behind_the_gateway_starts_another_instance():
    walk = walk_of(FIRST)
    walk.message("web")
    walk.message("call")

    assert walk.open == ["A", "B"], walk
    assert len(walk.stage.actors) == 2


def test_a_signal_behind_the_gateway_starts_it_too():
    walk = walk_of(FIRST)
    walk.step(signal="alarm")

    assert walk.open == ["C"], walk


def test_a_date_behind_the_gateway_starts_it_when_it_is_due():
    walk = walk_of(
        """
        process p
          event Which instantiate
          catch Web message=web
          catch Evening timer=2026-01-05T18:00:00Z measure=date
          service A type=x
          service B type=x
          end E
          Which -> Web -> A -> E
          Which -> Evening -> B -> E
        """
    )
    walk.begin({"timer": True})

    assert walk.open == ["B"], walk


@pytest.mark.parametrize(("first", "second", "opened"), [("paid", "stock", ["A", "B"]), ("stock", "paid", ["B", "A"])])
def test_all_events_behind_a_parallel_gateway_must_come_whichever_is_first(first, second, opened):
    """The first message starts the process, the other one must be for the same order."""
    walk = walk_of(ALL)
    walk.message(first, "o1", order="o1", amount=5)
    assert walk.open == [opened[0]], walk
    assert len(walk.waiting) == 1
    walk.complete(opened[0])
    assert walk.status == "active", walk

    walk.message(second, "o1", amount=7)

    walk.complete(opened[1])
    assert walk.status == "completed", walk
    assert len(walk.stage.actors) == 1


def test_receive_tasks_may_stand_behind_such_a_gateway():
    walk = walk_of(ALL.replace("catch Stock", "receive Stock").replace("catch Paid", "receive Paid"))
    walk.message("stock", "o1", order="o1")
    assert walk.open == ["B", "Paid"], walk

    walk.message("paid", "o1", amount=3)

    assert walk.open == ["A", "B"], walk
    assert walk.trace == ["Stock", "Paid"]


def test_a_message_for_another_order_starts_another_instance():
    walk = walk_of(ALL)
    walk.message("paid", "o1", order="o1", amount=5)
    walk.message("stock", "o2", order="o2")

    assert len(walk.stage.actors) == 2
    walk.message("stock", "o1")
    assert walk.open.count("A") == 1
    assert walk.open.count("B") == 2, walk


def test_what_the_first_message_maps_is_there_for_the_key_of_the_others():
    """Each message of a parallel start may call the order by a name of its own."""
    walk = walk_of(ALL.replace('key="=order" out.sum==amount', 'key="=order" out.order==number'))
    walk.message("paid", "o1", number="o1")
    walk.complete("A")

    walk.message("stock", "o1")
    walk.complete("B")

    assert walk.status == "completed", walk


def test_a_first_message_without_what_the_others_are_keyed_by_is_an_incident_that_is_mended():
    walk = walk_of(ALL)
    walk.message("paid", "o1", amount=5)
    assert [code for code, _ in walk.incidents] == ["expression-failed"], walk

    walk.step(set={"order": "o1"})
    walk.resolve("retry")
    walk.message("stock", "o1")

    assert walk.open == ["A", "B"], walk


def test_an_event_sub_process_of_the_process_is_open_from_the_start():
    walk = walk_of(
        """
        process p
          receive Order instantiate message=order
          user Pack
          end E
          esub Stop
            start In message=stop key="=order"
            service Undo type=x
            In -> Undo
          Order -> Pack -> E
        """
    )
    walk.message("order", order="o1")
    walk.message("stop", "o1")

    assert walk.open == ["Undo"], walk
