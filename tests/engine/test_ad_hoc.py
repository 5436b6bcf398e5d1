"""Ad-hoc sub-processes: what begins, who chooses, and when it is enough (BPMN 2.0.2, 10.3.5 and 13.3.5)."""

from __future__ import annotations

import pytest

from oms_workflow.engine import facts, view
from oms_workflow.play import WalkRefused
from oms_workflow.play.result import show
from tests.engine.walking import Walk

CARE = """
process p
  start S
  adhoc Care {keys}
    service Call type=x
    service Write type=x
    service Visit type=x
    service Note type=x
    Visit -> Note
  service After type=x
  S -> Care -> After
"""


def care(keys: str = "", **variables: object) -> Walk:
    return Walk(CARE.format(keys=keys), variables)


def offered(walk: Walk) -> list[str]:
    return [one["element"] for one in show(walk.stage, []).offered]


def test_it_begins_with_the_elements_that_the_diagram_names():
    walk = care("begin==todo", todo=["Write", "Visit"])

    assert walk.open == ["Visit", "Write"], walk


def test_without_a_condition_it_is_done_when_nothing_is_active_any_more():
    walk = care("begin==todo", todo=["Write", "Visit"])
    walk.complete("Visit")
    assert walk.open == ["Note", "Write"], walk
    walk.complete("Note")
    assert walk.open == ["Write"], walk

    walk.complete("Write")

    assert walk.open == ["After"], walk
    assert walk.completed[-2:] == ["Write", "Care"]


@pytest.mark.parametrize("keys", ["", "begin==[]", "enough==done"])
def test_it_waits_for_people_when_nothing_is_named(keys):
    walk = care(keys, done=True)

    assert (walk.status, walk.open, offered(walk)) == ("active", [], ["Call", "Write", "Visit"]), walk


def test_people_choose_elements_as_often_as_they_like():
    walk = care("enough==done", done=False)
    walk.step(activate=["Call", "Call"])
    walk.step(activate="Write")
    assert walk.open == ["Call", "Call", "Write"], walk
    for element in ("Call", "Call", "Write"):
        walk.complete(element)
    assert (walk.open, walk.status) == ([], "active"), walk

    walk.step(activate="Call")
    walk.complete("Call", done=True)

    assert walk.open == ["After"], walk
    assert walk.kinds("element_chosen") == [f"element_chosen {one}" for one in ("Call", "Call", "Write", "Call")]


def test_the_view_shows_what_may_be_chosen():
    (token,) = [one for one in view.of(care().first.instance)["tokens"] if one["element"] == "Care"]

    assert [one["element"] for one in token["offers"]] == ["Call", "Write", "Visit"]


@pytest.mark.parametrize("element", ["Note", "After", "Nowhere"])
def test_what_is_not_enabled_cannot_be_chosen(element):
    walk = care()
    with pytest.raises(WalkRefused, match="offered: Call, Visit, Write"):
        walk.step(activate=element)

    (care_token,) = [one["token"] for one in view.of(walk.first.instance)["tokens"]]
    walk.tell(facts.ElementsChosen(at=walk.stage.now, token=care_token, elements=(element,)))

    assert walk.open == [], walk
    (ignored,) = walk.detail("fact_ignored")
    assert ignored["why"] == f"{element!r} cannot be activated here; 'Care' can activate Call, Write, Visit"


def test_a_choice_for_something_else_is_noted_and_changes_nothing():
    walk = care("begin=Call")
    walk.tell(facts.ElementsChosen(at=walk.stage.now, token=99, elements=("Write",)))
    walk.tell(facts.ElementsChosen(at=walk.stage.now, token=1, elements=("Write",)))

    assert walk.open == ["Call"], walk
    assert [one["why"] for one in walk.detail("fact_ignored")] == [
        "there is no open ad-hoc sub-process with this token"
    ] * 2


@pytest.mark.parametrize("todo", ["Write", ["Note"], ["Nowhere"], [1], None])
def test_a_collection_that_names_no_enabled_elements_is_an_incident_that_reads_it_again(todo):
    walk = care("begin==todo", todo=todo)
    ((code, message),) = walk.incidents
    assert code == "expression-failed"
    assert "active elements '=todo'" in message

    walk.step(set={"todo": ["Write"]})
    walk.resolve()

    assert walk.open == ["Write"], walk


def test_the_condition_is_asked_after_each_inner_activity_and_ends_what_is_left():
    walk = care("begin=Call,Visit,Write enough==done", done=False)
    walk.complete("Write")
    assert walk.open == ["Call", "Visit"], walk

    walk.complete("Call", done=True)

    assert walk.open == ["After"], walk
    assert walk.kinds("terminated") == ["terminated Visit"]


def test_nothing_further_runs_once_the_condition_holds():
    walk = care("begin=Visit enough==done", done=True)

    walk.complete("Visit")

    assert (walk.open, walk.trace) == (["After"], ["Visit"]), walk


def test_what_is_left_may_finish_where_the_diagram_says_so():
    """With cancelRemainingInstances="false" what has begun goes on to its end, and nothing else begins."""
    walk = care("begin=Call,Visit enough==done keep", done=False)
    walk.complete("Call", done=True)
    assert (walk.open, offered(walk)) == (["Visit"], []), walk
    walk.step(set={"done": False})

    walk.complete("Visit")
    walk.complete("Note")

    assert walk.open == ["After"], walk


def test_elements_chosen_together_begin_together_even_when_one_is_done_at_once():
    walk = Walk("process p\n start S\n adhoc A begin=T,W enough==true\n  task T\n  service W type=x\n S -> A", {})

    assert walk.status == "completed", walk
    assert walk.kinds("activated", "terminated") == ["activated A", "activated W", "terminated W"]


def test_one_at_a_time_in_the_order_of_the_list():
    walk = care("begin=Write,Visit,Call inorder")
    assert walk.open == ["Write"], walk
    walk.complete("Write")
    assert walk.open == ["Visit"], walk
    walk.complete("Visit")
    assert walk.open == ["Call"], walk
    walk.complete("Call")
    assert walk.open == ["Note"], walk

    walk.complete("Note")

    assert walk.open == ["After"], walk


def test_one_at_a_time_nothing_is_chosen_while_another_runs():
    walk = care("inorder enough==done", done=False)
    walk.step(activate="Call")
    for chosen in ("Write", ["Write", "Call"]):
        with pytest.raises(WalkRefused, match="one at a time"):
            walk.step(activate=chosen)
    walk.complete("Call")

    walk.step(activate="Write")

    assert walk.open == ["Write"], walk


def test_one_at_a_time_ends_with_the_activity_that_makes_it_enough():
    walk = care("begin=Call,Write inorder keep enough==done", done=False)

    walk.complete("Call", done=True)

    assert (walk.open, walk.trace) == (["After"], ["Call"]), walk


def test_one_at_a_time_a_fork_is_worked_off_one_by_one():
    walk = Walk(
        """
process p
  start S
  adhoc A begin=One inorder
    task One
    service Two type=x
    service Three type=x
    service Four type=x
    One -> Two
    One -> Three
    Two -> Four
  S -> A
"""
    )
    opened = []
    while walk.status == "active":
        (only,) = walk.open
        opened.append(only)
        walk.complete(only)

    assert opened == ["Two", "Three", "Four"], walk


def test_a_join_inside_waits_for_both():
    walk = Walk(
        """
process p
  start S
  adhoc A begin=One,Two
    service One type=x
    service Two type=x
    and Both
    service Three type=x
    One -> Both
    Two -> Both
    Both -> Three
  S -> A
"""
    )
    walk.complete("One")
    assert walk.open == ["Two"], walk
    walk.complete("Two")

    assert walk.open == ["Three"], walk


def test_outputs_are_gathered_where_inner_paths_end_and_handed_on():
    walk = care("begin=Visit,Call collect=results element==found")
    walk.complete("Visit", found="never gathered: its path goes on")
    walk.complete("Note", found="noted")
    walk.complete("Call", found="called")

    assert walk.variables["results"] == ["noted", "called"], walk


def test_the_condition_sees_what_was_gathered():
    walk = care('begin=Call,Write,Visit collect=results element==found enough="=count(results)>=2"')
    walk.complete("Call", found=1)
    assert walk.open == ["Visit", "Write"], walk

    walk.complete("Write", found=2)

    assert (walk.open, walk.variables["results"]) == (["After"], [1, 2]), walk


def test_a_condition_without_a_value_stops_the_inner_activity_and_is_asked_again():
    walk = care("begin=Call,Write enough==done")
    walk.complete("Call")
    ((_, message),) = walk.incidents
    assert "'=done' must be true or false" in message

    walk.step(set={"done": True})
    walk.resolve()

    assert walk.open == ["After"], walk


def test_mappings_surround_what_happens_inside():
    keys = "in.todo==append(first,1) in.log==[] begin=Write out.told==log"
    walk = Walk(
        CARE.format(keys=keys).replace("Write type=x", "Write type=x out.log==append(log,todo[1])"), {"first": []}
    )
    walk.complete("Write")

    assert walk.variables["told"] == [1], walk
    assert "log" not in walk.variables
