"""Skipping, repeating and cancelling what waits, without an incident."""

from __future__ import annotations

import pytest

from oms_workflow.engine import commands, facts
from tests.engine.intervening import cancel, do, repeat, skip, token_at
from tests.engine.walking import Walk

LINE = """
process p
  start S
  service Pack type=x out.packed==true
  catch Late on=Pack timer=PT8H
  user Ask
  end E
  S -> Pack -> Ask -> E
  Late -> E
"""
FORK = """
process p
  start S
  and Fork
  service Pack type=x
  sub Ship
    start T
    user Label
    T -> Label
  or Join
  user After
  end E
  S -> Fork -> Pack -> Join -> After -> E
  Fork -> Ship -> Join
"""


def asked(walk: Walk, kind: type[facts.Fact], **told: object) -> list[str]:
    """Names of the commands an intervention gives."""
    got = walk.first.instance.receive(kind(at=walk.stage.now, **told))
    return [type(one).__name__ for one in got]


def test_a_skipped_node_is_left_without_results_and_its_work_is_taken_back():
    walk = Walk(LINE)

    got = asked(walk, facts.TokenSkipped, token=token_at(walk, "Pack"), by="mei", reason="by phone")

    assert got == ["CancelActivity", "CancelTimer", "OpenTask"]
    assert walk.open == ["Ask"]
    assert "packed" not in walk.variables


def test_who_skipped_and_why_stands_in_the_record():
    walk = Walk(LINE)
    assert skip(walk, "Pack") == ""
    assert walk.detail("token_skipped") == [{"state": "active", "by": "mei", "reason": "because"}]


@pytest.mark.parametrize(
    ("drawn", "element"),
    [
        ("catch X message=m key=k", "X"),
        ("catch X timer=P9D", "X"),
        ("receive X message=m key=k", "X"),
        ("user X", "X"),
        ("service X type=x each==items item=i", "X"),
        ("sub X\n    start T\n    user U\n    T -> U", "X"),
    ],
)
def test_whatever_waits_can_be_skipped_and_leaves_nothing_open(drawn, element):
    walk = Walk(f"process p\n  start S\n  {drawn}\n  user After\n  S -> X -> After", {"items": [1, 2]})

    assert skip(walk, element) == "", walk

    assert walk.open == ["After"], walk
    assert walk.waiting == []


def test_a_skip_answers_the_incident_at_the_node():
    walk = Walk(LINE)
    walk.step(fail="Pack")

    assert skip(walk, "Pack") == ""

    assert (walk.status, walk.open) == ("active", ["Ask"])


def test_one_item_of_a_loop_can_be_skipped():
    walk = Walk(
        "process p\n  start S\n  service X type=x each==items item=i out.r==r gather=all element==r\n  S -> X",
        {"items": [1, 2]},
    )
    body = token_at(walk, "X")
    item = next(one for one in walk.first.instance.state.children_of(walk.first.instance.state.tokens[body]))
    assert do(walk, facts.TokenSkipped, token=item.id) == "", walk
    walk.complete("X", r=7)

    assert walk.status == "completed", walk
    assert walk.variables["all"] == [None, 7]


def test_what_chooses_a_way_cannot_be_skipped():
    walk = Walk(
        "process p\n  start S\n  event G\n  catch A timer=P1D\n  catch B message=m key=k\n  S -> G -> A\n  G -> B"
    )
    assert "move the token" in skip(walk, "G")
    assert walk.waiting == ["A", "B"]


def test_a_waiting_node_is_begun_once_more_as_a_new_token():
    """A new token has a new key, so its effect happens again: that is what repeating means."""
    walk = Walk(LINE)
    before = token_at(walk, "Pack")

    assert repeat(walk, "Pack", token=before) == ""

    assert walk.open == ["Pack"], walk
    assert token_at(walk, "Pack") != before
    assert walk.kinds("element_repeated", "terminated") == ["element_repeated Pack", "terminated Pack"]


def test_a_completed_node_is_begun_once_more_beside_what_waits():
    walk = Walk(LINE)
    walk.complete("Pack")

    assert repeat(walk, "Pack") == ""

    assert walk.open == ["Ask", "Pack"], walk


def test_a_node_whose_scope_is_over_cannot_be_repeated():
    walk = Walk(FORK)
    walk.complete("Label")
    assert "is not running" in repeat(walk, "Label")
    assert walk.open == ["Pack"]


def test_a_node_at_which_a_token_waits_is_repeated_by_its_token():
    walk = Walk(LINE)
    assert "by its token" in repeat(walk, "Pack")
    assert walk.open == ["Pack"]


@pytest.mark.parametrize("element", ["S", "Late", "nowhere"])
def test_what_no_flow_leads_to_cannot_be_repeated(element):
    walk = Walk(LINE)
    assert repeat(walk, element) != ""
    assert walk.open == ["Pack"]


def test_nothing_is_set_going_in_a_scope_that_was_interrupted():
    walk = Walk(
        "process p\n  start S\n  user A\n  esub Stop\n    start T signal=stop\n    user Why\n    T -> Why\n  S -> A"
    )
    walk.step(signal="stop")
    assert "interrupted" in repeat(walk, "A")
    assert walk.open == ["Why"], walk


def test_a_cancelled_branch_goes_with_everything_inside_and_the_others_go_on():
    walk = Walk(FORK)

    assert cancel(walk, "Ship") == ""

    assert walk.open == ["Pack"], walk
    assert walk.detail("branch_cancelled")[0]["inside"] == 1
    walk.complete("Pack")
    assert walk.open == ["After"], walk  # the inclusive join waits for nobody who cannot come


def test_the_last_token_of_a_scope_is_not_cancelled():
    """That the scope would then count as done is to be said, not to happen by the way."""
    walk = Walk(FORK)
    assert "nothing else moves in 'Ship'" in cancel(walk, "Label")
    assert walk.open == ["Label", "Pack"]


def test_it_is_said_when_only_tokens_at_a_join_would_be_left():
    walk = Walk(
        "process p\n  start S\n  and F\n  user A\n  user B\n  and J\n  end E\n  S -> F -> A -> J -> E\n  F -> B -> J"
    )
    walk.complete("A")
    assert "waiting at 'J'" in cancel(walk, "B")
    assert walk.open == ["B"]


@pytest.mark.parametrize("kind", [facts.TokenSkipped, facts.BranchCancelled])
def test_a_token_that_is_gone_is_refused(kind):
    walk = Walk(LINE)
    assert do(walk, kind, token=999) == "the token is gone"
    assert walk.open == ["Pack"]


def test_edited_variables_are_recorded_with_what_they_were():
    walk = Walk(LINE, {"n": 1})
    do(walk, facts.VariablesSet, variables={"n": 2, "m": "new", "long": "x" * 900})

    (told,) = walk.detail("variables_set")
    assert (told["before"], told["after"]["n"], told["reason"]) == ({"n": 1}, 2, "because")
    assert len(told["after"]["long"]) < 600


def test_variables_set_without_a_reason_tell_their_names_only():
    """As they always did: what a process itself is told by machines is not an edit."""
    walk = Walk(LINE)
    walk.step(set={"n": 2})
    assert walk.detail("variables_set") == [{"names": ["n"], "by": ""}]


def test_commands_of_a_repeat_take_the_old_work_back_first():
    walk = Walk(LINE)
    got = walk.first.instance.receive(
        facts.ElementRepeated(at=walk.stage.now, element="Pack", token=token_at(walk, "Pack"))
    )
    names = [type(one) for one in got]
    assert names.index(commands.CancelActivity) < names.index(commands.RunActivity)
