"""Steps of a walk that operations do, by the names of their commands: what can be done is done, what cannot is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oms_workflow.play import PlayResult, WalkRefused, play
from tests.drawing import bpmn

FORK = """
process p
  start S
  and F
  service Pack type=x
  user Ask
  catch Late on=Ask timer=PT1H
  user Tell
  and J
  user After
  S -> F -> Pack -> J -> After
  F -> Ask -> J
  Late -> Tell
"""
CALLS = """
process p
  start S
  call Do process=c
  user After
  S -> Do -> After
process c
  start T
  user Help
  T -> Help
"""
LOOP = """
process p
  start S
  user Each each==items item=one
  user After
  S -> Each -> After
"""
ADHOC = """
process p
  start S
  adhoc Box
    user A
    user B
  S -> Box
"""


def played(folder: Path, drawing: str, *steps: dict[str, Any], **variables: Any) -> PlayResult:
    path = folder / "drawn.bpmn"
    path.write_bytes(bpmn(drawing))
    return play([path], {"start": {"process": "p", "variables": variables}, "steps": list(steps)})


def opened(result: PlayResult) -> list[str]:
    return sorted(one["element"] for one in result.open)


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([{"skip": "Pack"}], ["Ask"]),
        ([{"skip": "Pack"}, {"skip": "Ask"}], ["After"]),
        ([{"repeat": "Pack"}], ["Ask", "Pack"]),
        ([{"skip": "Pack"}, {"skip": "Ask"}, {"repeat": "Pack"}], ["After", "Pack"]),
        ([{"cancel": "Ask"}], ["Pack"]),
        ([{"move": "Ask", "to": "Tell"}], ["Pack", "Tell"]),
        ([{"move": "Ask", "to": "Pack"}, {"skip": "Pack", "index": 1}], ["Pack"]),
        ([{"fail": "Pack"}, {"skip": "Pack"}], ["Ask"]),
    ],
)
def test_tokens_are_steered_by_their_elements(tmp_path: Path, steps: list[dict[str, Any]], left: list[str]):
    assert opened(played(tmp_path, FORK, *steps)) == left


def test_nothing_moves_while_suspended_and_everything_that_came_counts_afterwards(tmp_path: Path):
    result = played(
        tmp_path,
        FORK,
        {"suspend": True},
        {"complete": "Pack"},
        {"advance": "PT2H"},
        {"expect": {"status": "suspended", "trace": []}},
        {"resume": "p"},
        {"expect": {"status": "active", "trace": ["Pack"], "open": ["Tell"]}},
    )
    assert result.checks == [[], []]


def test_who_and_why_stand_in_the_records(tmp_path: Path):
    result = played(tmp_path, FORK, {"skip": "Pack", "by": "mei", "reason": "packed by hand"})
    (told,) = [one["detail"] for one in result.records if one["kind"] == "token_skipped"]
    assert (told["by"], told["reason"]) == ("mei", "packed by hand")


@pytest.mark.parametrize(("alone", "after"), [(False, []), (True, ["Help"])])
def test_called_processes_stand_still_with_their_caller_unless_it_is_meant_alone(
    tmp_path: Path, alone: bool, after: list[str]
):
    steps = [{"suspend": "p", "alone": alone}, {"complete": "Help"}]
    assert played(tmp_path, CALLS, *steps).trace == after
    both = played(tmp_path, CALLS, *steps, {"resume": "p", "alone": alone})
    assert (sorted(both.trace), opened(both)) == (["Do", "Help"], ["After"])


def test_of_a_loop_the_whole_is_meant_and_items_by_index(tmp_path: Path):
    assert opened(played(tmp_path, LOOP, {"skip": "Each"}, items=[1, 2])) == ["After"]
    assert opened(played(tmp_path, LOOP, {"skip": "Each", "index": 1}, items=[1, 2])) == ["Each"]


def test_variables_are_set_for_the_process_or_for_one_token(tmp_path: Path):
    for_all = played(tmp_path, LOOP, {"set": {"x": 1}}, items=[1])
    for_one = played(tmp_path, LOOP, {"set": {"x": 1}, "scope": "Each", "index": 1}, items=[1])
    assert (for_all.variables["x"], "x" in for_one.variables) == (1, False)


def test_an_offered_element_begins(tmp_path: Path):
    assert opened(played(tmp_path, ADHOC, {"activate": "B", "reason": "the address is unclear"})) == ["B"]


@pytest.mark.parametrize(
    ("drawing", "steps", "says"),
    [
        (FORK, [{"skip": "After"}], "step 1: no token .* is at 'After'; there are at: Ask, Pack"),
        (FORK, [{"skip": "Ask", "index": 1}], "index 1"),
        (FORK, [{"skip": "Ask"}, {"skip": "J"}], "no token"),
        (FORK, [{"move": "Ask"}], "say where to move 'Ask'"),
        (FORK, [{"move": "Ask", "to": "S"}], "not a node that a flow could reach"),
        (FORK, [{"repeat": "Nowhere"}], "no running process has an element 'Nowhere'"),
        (FORK, [{"cancel": "Ask"}, {"cancel": "Pack"}], "step 2: it cannot be cancelled: nothing else moves"),
        (FORK, [{"resume": True}], "cannot be resumed: "),
        (FORK, [{"suspend": "q"}], "no instance of process 'q' .* running: p"),
        (FORK, [{"suspend": True}, {"skip": "Ask"}], "suspended"),
        (FORK, [{"fail": "Pack"}, {"suspend": True}, {"retry": "Pack"}], "suspended"),
        (FORK, [{"suspend": True}, {"complete": "Pack"}, {"complete": "Pack"}], "answered already"),
        (ADHOC, [{"activate": "C"}], "offered: A, B"),
        (LOOP, [{"set": {"x": 1}, "scope": "After"}], "no token"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(
    tmp_path: Path, drawing: str, steps: list[dict[str, Any]], says: str
):
    with pytest.raises(WalkRefused, match=says):
        played(tmp_path, drawing, *steps, items=[1])
