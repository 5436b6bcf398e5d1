"""Events with several definitions that wait: any one of them is enough, or all of them are needed."""

from __future__ import annotations

import pytest

from oms_workflow.engine import view
from tests.engine.walking import Walk

THREE = '"message=paid key==order; timer=PT1H; signal=go"'
CATCH = f"""
process p
  start S
  catch Wait any={THREE}
  service Next type=x
  S -> Wait -> Next
"""
ORDER = {"order": "o1"}


def do(walk: Walk, what: str) -> None:
    if what == "message":
        walk.message("paid", "o1", sum=5)
    elif what == "timer":
        walk.advance("PT1H")
    else:
        walk.step(signal="go", variables={"by": "ops"})


@pytest.mark.parametrize("what", ["message", "timer", "signal"])
def test_any_one_definition_sets_a_multiple_catch_off(what):
    walk = Walk(CATCH, ORDER)
    assert walk.waiting == ["Wait"], walk
    do(walk, what)

    assert walk.open == ["Next"], walk
    assert walk.waiting == [], walk


def test_what_comes_after_the_first_is_not_taken():
    walk = Walk(CATCH, ORDER)
    do(walk, "signal")
    do(walk, "message")
    walk.advance("PT2H")

    assert walk.open == ["Next"], walk
    assert "sum" not in walk.variables
    assert walk.variables["by"] == "ops"


@pytest.mark.parametrize(
    "order",
    [("message", "timer", "signal"), ("signal", "message", "timer"), ("timer", "signal", "message")],
    ids="-".join,
)
def test_a_parallel_multiple_catch_waits_for_all_in_any_order(order):
    walk = Walk(CATCH.replace("any=", "all="), ORDER)
    for what in order[:-1]:
        do(walk, what)
        assert walk.open == [], walk
        assert walk.waiting == ["Wait"], walk
    do(walk, order[-1])

    assert walk.open == ["Next"], walk
    assert walk.variables == {"order": "o1", "sum": 5, "by": "ops"}


def test_each_definition_counts_once():
    walk = Walk(CATCH.replace("any=", "all="), ORDER)
    for what in ("message", "message", "signal", "signal"):
        do(walk, what)

    assert walk.open == [], walk


def test_outputs_of_a_parallel_multiple_event_see_what_all_of_them_brought():
    drawn = CATCH.replace("any=", "all=").replace('signal=go"', 'signal=go" out.told="=string(sum) + by"')
    walk = Walk(drawn, ORDER)
    for what in ("message", "timer", "signal"):
        do(walk, what)

    assert walk.variables == {"order": "o1", "told": "5ops"}, walk


BORDER = """
process p
  start S
  user Work
  catch Both on=Work {how} all="message=a key==order; message=b key==order"
  service Aside type=x
  end E
  S -> Work -> E
  Both -> Aside -> E
"""


def test_a_parallel_multiple_boundary_event_interrupts_when_all_have_happened():
    walk = Walk(BORDER.format(how=""), ORDER)
    walk.message("b", "o1")
    assert walk.open == ["Work"], walk
    walk.message("a", "o1")

    assert walk.open == ["Aside"], walk
    assert walk.waiting == [], walk


def test_one_that_does_not_interrupt_begins_anew_after_it_acted():
    walk = Walk(BORDER.format(how="nonstop"), ORDER)
    for name in ("a", "a", "b"):
        walk.message(name, "o1")
    assert walk.open == ["Aside", "Work"], walk
    walk.message("b", "o1")
    assert walk.open == ["Aside", "Work"], walk
    (token,) = [one for one in view.of(walk.first.instance)["tokens"] if one["element"] == "Work"]
    assert [(one["name"], one.get("happened", False)) for one in token["waits"]] == [("a", False), ("b", True)]
    walk.message("a", "o1")

    assert walk.open == ["Aside", "Aside", "Work"], walk


def test_a_timer_that_comes_no_more_ends_the_waiting_for_the_others():
    drawn = BORDER.format(how="nonstop").replace("message=b key==order", "timer=PT1H")
    walk = Walk(drawn, ORDER)
    walk.advance("PT1H")
    walk.message("a", "o1")
    assert walk.open == ["Aside", "Work"], walk
    assert walk.waiting == [], walk


def test_a_cycle_counts_once_in_an_event_that_interrupts():
    walk = Walk(BORDER.format(how="").replace("message=b key==order", "timer=R/PT1H measure=cycle"), ORDER)
    walk.advance("PT3H")
    assert walk.kinds("timer_fired") == ["timer_fired Both"], walk
    walk.message("a", "o1")

    assert walk.open == ["Aside"], walk


def test_what_comes_again_before_the_others_changes_nothing():
    walk = Walk(BORDER.format(how="nonstop"), ORDER)
    for name, n in (("a", 1), ("a", 2), ("b", 3)):
        walk.message(name, "o1", **{name: n})

    assert (walk.variables["a"], walk.variables["b"]) == (1, 3), walk


def test_a_cycle_counts_once_for_each_time_the_event_acts():
    drawn = BORDER.format(how="nonstop").replace("message=b key==order", "timer=R3/PT1H measure=cycle")
    walk = Walk(drawn, ORDER)
    walk.advance("PT2H")
    walk.message("a", "o1")
    assert walk.open == ["Aside", "Work"], walk
    walk.message("a", "o1")
    assert walk.open == ["Aside", "Work"], walk
    walk.advance("PT1H")

    assert walk.open == ["Aside", "Aside", "Work"], walk


def test_a_condition_counts_when_it_turns_true_and_again_only_after_it_was_false():
    walk = Walk(BORDER.format(how="nonstop").replace("message=b key==order", "condition==x=1"), ORDER)
    walk.step(set={"x": 1})
    walk.message("a", "o1")
    walk.message("a", "o1")
    assert walk.open == ["Aside", "Work"], walk
    walk.step(set={"x": 2})
    walk.step(set={"x": 1})

    assert walk.open == ["Aside", "Aside", "Work"], walk


def test_each_condition_of_a_multiple_event_is_asked_on_its_own():
    walk = Walk(BORDER.format(how="").replace("all=", "any=").replace("message=b key==order", "condition==x=1"), ORDER)
    walk.step(set={"x": 1})

    assert walk.open == ["Aside"], walk
    both = BORDER.format(how="").replace(
        '"message=a key==order; message=b key==order"', '"condition==x=1; condition==y=1"'
    )
    walk = Walk(both.replace("all=", "any="), {"x": 0, "y": 1})
    assert walk.open == ["Aside"], walk
    walk = Walk(both, {"x": 0, "y": 1})
    assert walk.open == ["Work"], walk
    walk.step(set={"x": 1, "y": 0})
    assert walk.open == ["Aside"], walk


def test_a_multiple_boundary_event_catches_an_error_or_something_that_comes():
    drawn = BORDER.format(how="").replace("all=", "any=").replace("user Work", "service Work type=x")
    drawn = drawn.replace("message=b key==order", "error=BAD")
    for happens in ({"error": "Work", "code": "BAD"}, {"message": "a", "correlationKey": "o1"}):
        walk = Walk(drawn, ORDER)
        walk.step(**happens)

        assert walk.open == ["Aside"], walk


def test_a_multiple_cancel_boundary_event_goes_on_when_the_transaction_is_cancelled():
    walk = Walk(
        """
        process p
          start S
          tx Sale
            start s
            service Pay type=x
            end No cancel
            s -> Pay -> No
          catch Off on=Sale any="timer=PT1H; cancel"
          service Tell type=x
          end E
          S -> Sale -> E
          Off -> Tell -> E
        """
    )
    walk.complete("Pay")

    assert walk.open == ["Tell"], walk


ASIDE = """
process p
  start S
  user Work
  S -> Work
  esub Aside
    start Both {how} "{which}message=a key==order; signal=go"
    service Do type=x
    Both -> Do
"""


@pytest.mark.parametrize(("how", "still"), [("", []), ("nonstop", ["Work"])], ids=["interrupting", "beside"])
def test_event_sub_processes_start_by_any_or_by_all(how, still):
    drawn = ASIDE.format(how=how, which="").replace('"message=a', 'any="message=a')
    walk = Walk(drawn, ORDER)
    walk.step(signal="go")
    assert walk.open == ["Do", *still], walk

    walk = Walk(drawn.replace("any=", "all="), ORDER)
    walk.step(signal="go")
    assert walk.open == ["Work"], walk
    walk.message("a", "o1")
    assert walk.open == ["Do", *still], walk


def test_an_event_based_gateway_leads_to_the_multiple_event_that_happens():
    walk = Walk(
        """
        process p
          start S
          event First
          catch Answer any="message=yes key==order; message=no key==order"
          catch Late timer=PT1H
          service Read type=x
          service Chase type=x
          S -> First
          First -> Answer -> Read
          First -> Late -> Chase
        """,
        ORDER,
    )
    walk.message("no", "o1")

    assert walk.open == ["Read"], walk
    assert walk.waiting == [], walk


@pytest.mark.parametrize("how", [{"message": "order.new"}, {"signal": "go"}], ids=["message", "signal"])
def test_any_definition_of_a_start_event_starts_the_process(how):
    walk = Walk(
        """
        process p
          start S any="message=order.new; signal=go"
          service Work type=x
          S -> Work
        """,
        start=False,
    )
    walk.step(**how, variables={"n": 1})

    assert walk.open == ["Work"], walk
    assert walk.variables == {"n": 1}
