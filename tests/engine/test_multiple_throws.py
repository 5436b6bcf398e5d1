"""Events with several definitions that throw: all of them, each once, and what ends the scope last."""

from __future__ import annotations

import pytest

from tests.engine.walking import Walk


def sent(walk: Walk) -> list[str]:
    return walk.kinds("message_sent", "signal_sent", "escalation_thrown", "error_thrown", "compensated", "terminated")


THROW = """
process p
  start S
  service Pay type=x undo=Refund
  service Refund type=x compensates
  {kind} Tell any="{what}"
  service Next type=x
  S -> Pay -> Tell
"""


def test_all_definitions_of_a_throw_event_are_thrown_in_their_order():
    walk = Walk(THROW.format(kind="throw", what="signal=one; message=two; signal=three") + "  Tell -> Next\n")
    walk.complete("Pay")

    assert sent(walk) == ["signal_sent Tell", "message_sent Tell", "signal_sent Tell"], walk
    assert [one["signal"] for one in walk.detail("signal_sent")] == ["one", "three"]
    assert walk.open == ["Next"], walk


def test_what_comes_after_a_compensation_is_thrown_when_all_is_undone():
    walk = Walk(THROW.format(kind="throw", what="message=before; compensation; message=after") + "  Tell -> Next\n")
    walk.complete("Pay")
    assert sent(walk) == ["message_sent Tell"], walk
    assert walk.open == ["Refund"], walk
    walk.complete("Refund")

    assert walk.kinds("activated").count("activated Tell") == 1, walk
    assert [one["message"] for one in walk.detail("message_sent")] == ["before", "after"], walk
    assert walk.open == ["Next"], walk


def test_a_compensation_that_is_not_waited_for_runs_beside_the_rest():
    what = "message=before; compensation beside; message=after"
    walk = Walk(THROW.format(kind="throw", what=what) + "  Tell -> Next\n")
    walk.complete("Pay")

    assert [one["message"] for one in walk.detail("message_sent")] == ["before", "after"], walk
    assert walk.open == ["Next", "Refund"], walk


def test_a_retry_throws_only_what_is_left():
    walk = Walk(THROW.format(kind="throw", what="message=a; message=b key==order") + "  Tell -> Next\n")
    walk.complete("Pay")
    assert walk.status == "incident", walk
    walk.step(set={"order": "o1"})
    walk.resolve("retry")

    assert [one["message"] for one in walk.detail("message_sent")] == ["a", "b"], walk
    assert walk.open == ["Next"], walk


def test_what_fails_after_a_compensation_can_be_retried_or_declared_done():
    drawn = THROW.format(kind="throw", what="compensation; message=b key==order") + "  Tell -> Next\n"
    for action, said in (("retry", ["b"]), ("complete", []), ("skip", [])):
        walk = Walk(drawn)
        walk.complete("Pay")
        walk.complete("Refund")
        assert walk.status == "incident", walk
        walk.step(set={"order": "o1"} if action == "retry" else {})
        walk.resolve(action)

        assert [one["message"] for one in walk.detail("message_sent")] == said, walk
        assert walk.open == ["Next"], walk


OUT = """
process p
  start S
  sub Part
    start s
    user Other
    {event}
    end Over
    {flow}
    Other -> Over
  catch Up on=Part escalation=UP {how}
  catch Bad on=Part error=BAD
  service Look type=x
  service Repair type=x
  end E
  S -> Part -> E
  Up -> Look -> E
  Bad -> Repair -> E
"""


def part(kind: str, what: str, how: str = "") -> str:
    flow = "and Fork\n    s -> Fork\n    Fork -> Other\n    Fork -> Tell"
    if kind == "throw":
        flow += "\n    Tell -> Over"
    return OUT.format(event=f'{kind} Tell any="{what}"', flow=flow, how=how)


def test_an_escalation_that_ends_its_thrower_comes_after_the_others():
    walk = Walk(part("throw", "escalation=UP; message=m"))

    assert sent(walk)[:2] == ["message_sent Tell", "escalation_thrown Tell"], walk
    assert walk.open == ["Look"], walk


def test_an_end_event_throws_all_and_then_the_error():
    walk = Walk(part("end", "error=BAD; escalation=UP; message=m", "nonstop"))

    assert sent(walk)[:3] == ["message_sent Tell", "escalation_thrown Tell", "error_thrown Tell"], walk
    assert walk.open == ["Look", "Repair"], walk


def test_an_end_event_throws_all_and_then_terminates():
    walk = Walk(part("end", "terminate; signal=one; escalation=UP", "nonstop"))

    assert sent(walk) == ["signal_sent Tell", "escalation_thrown Tell", "terminated Other"], walk
    assert walk.open == ["Look"], walk


@pytest.mark.parametrize("last", ["terminate", "error=BAD"])
def test_an_escalation_that_ends_the_scope_leaves_nothing_to_end(last):
    walk = Walk(part("end", f"{last}; escalation=UP"))

    assert walk.open == ["Look"], walk
    walk.complete("Look")
    assert walk.status == "completed", walk


def test_an_end_event_with_messages_only_ends_its_path():
    walk = Walk(part("end", "message=a; message=b"))
    assert sent(walk) == ["message_sent Tell"] * 2, walk
    walk.complete("Other")

    assert walk.status == "completed", walk


def test_an_end_event_undoes_first_and_cancels_its_transaction_then():
    walk = Walk(
        """
        process p
          start S
          tx Sale
            start s
            service Pay type=x undo=Refund
            service Refund type=x compensates
            service Book type=x undo=Unbook
            service Unbook type=x compensates
            end No any="cancel; compensation=Pay; message=off"
            s -> Pay -> Book -> No
          catch Off on=Sale cancel
          service Tell type=x
          end E
          S -> Sale -> E
          Off -> Tell -> E
        """
    )
    walk.complete("Pay")
    walk.complete("Book")
    for element in ("Refund", "Unbook", "Tell"):
        assert walk.open == [element], walk
        walk.complete(element)

    assert walk.detail("message_sent")[0]["message"] == "off"
    assert walk.status == "completed", walk


def test_an_error_nobody_catches_fails_the_process_after_all_is_thrown():
    walk = Walk(
        """
        process p
          start S
          end Tell any="error=BAD; signal=one"
          S -> Tell
        """
    )

    assert walk.status == "failed", walk
    assert sent(walk)[:2] == ["signal_sent Tell", "error_thrown Tell"], walk
