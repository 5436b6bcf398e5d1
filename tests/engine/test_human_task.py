"""Work before a person: opened with all it needs, told in the records, done by an answer."""

from __future__ import annotations

from tests.engine.walking import Walk

ASKS = """
process p
  start S
  user Decide owner=service
  end E
  S -> Decide -> E
"""


def test_a_task_is_told_in_the_records_with_what_a_desk_shows() -> None:
    """The rows of a work list are made from records alone."""
    walk = Walk(ASKS)

    assert walk.open == ["Decide"], walk
    told = walk.detail("task_opened")
    assert [(one["name"], one["kind"], one["owner"], one["priority"]) for one in told] == [
        ("Decide", "userTask", "service", 50)
    ]


def test_an_answered_task_lets_the_flow_go_on() -> None:
    """Nothing but the answer does."""
    walk = Walk(ASKS)
    walk.advance("P30D")
    assert walk.open == ["Decide"], walk

    walk.complete("Decide", approved=True)

    assert walk.status == "completed", walk
