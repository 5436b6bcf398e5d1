"""Running instances go on in another version: what is open stands at its new place, and nothing is lost or doubled."""

from __future__ import annotations

import pytest

from oms_workflow.engine import commands, view
from oms_workflow.engine.migration.atlas import NotReversible, inverse
from oms_workflow.engine.reopening import open_commands
from tests.engine.intervening import resume, skip, suspend
from tests.engine.migrating import drawn, dues, migrate, problems
from tests.engine.walking import Walk

LINE = """
process p
  start S
  service Pack type=x
  user Ask
  end E
  S -> Pack -> Ask -> E
"""
RENAMED = LINE.replace("Pack", "Wrap").replace("Ask", "Check")


def test_a_token_stands_at_the_element_that_took_its_place_and_goes_on_from_there():
    walk = Walk(LINE)

    assert migrate(walk, RENAMED, {"Pack": "Wrap", "Ask": "Check"}) == ""

    assert walk.open == ["Wrap"], walk
    walk.complete("Wrap")
    walk.complete("Check")
    assert walk.status == "completed", walk
    assert walk.detail("token_migrated") == [{"origin": "Pack", "milestone": ""}]


def test_identical_ids_need_no_plan_and_what_comes_after_is_new():
    walk = Walk(LINE)
    assert migrate(walk, LINE.replace("  end E", "  user More\n  end E").replace("Ask -> E", "Ask -> More -> E")) == ""
    walk.complete("Pack")
    walk.complete("Ask")
    assert walk.open == ["More"], walk


def test_work_in_flight_goes_on_under_the_key_it_began_with():
    """A retry under a new key would have its effect a second time."""
    walk = Walk(LINE)
    migrate(walk, RENAMED, {"Pack": "Wrap"})
    walk.step(fail="Wrap")

    walk.resolve("retry")

    (again,) = (one for one in open_commands(walk.first.instance) if isinstance(one, commands.RunActivity))
    assert (again.element, again.known_as, again.attempt) == ("Wrap", "Pack", 2)


def test_who_migrated_and_why_stands_in_the_record():
    walk = Walk(LINE)
    migrate(walk, LINE)
    (told,) = walk.detail("migrated")
    assert (told["by"], told["reason"]) == ("mei", "because")


@pytest.mark.parametrize(
    ("drawing", "new", "elements", "problem"),
    [
        (LINE, RENAMED, {}, "no-target Pack"),
        (LINE, RENAMED, {"Pack": None}, "cannot-be-dropped Pack"),
        (LINE, LINE.replace("service Pack type=x", "user Pack"), {}, "kind-differs Pack"),
        (LINE, RENAMED, {"Pack": "E"}, "kind-differs Pack"),
        (
            LINE,
            "process p\n  start S\n  sub In\n    start T\n    service Pack type=x\n    T -> Pack\n  S -> In",
            {},
            "scope-differs Pack",
        ),
        (LINE, LINE.replace("service Pack type=x", "service Pack type=x each==items"), {}, "loop-differs Pack"),
        (
            "process p\n  start S\n  user A\n  S -> A",
            "process p\n  start S\n  user A type=x\n  S -> A",
            {},
            "work-differs A",
        ),
        (
            "process p\n  start S\n  catch A timer=PT1H\n  S -> A",
            "process p\n  start S\n  catch A message=m key=k\n  S -> A",
            {},
            "event-differs A",
        ),
        (LINE, LINE.replace("process p", "process q"), {}, "process-differs p"),
    ],
)
def test_what_has_no_place_is_found_and_nothing_changes(drawing, new, elements, problem):
    walk = Walk(drawing, {"items": [1]})
    before = view.of(walk.first.instance)

    assert problems(walk, new, elements) == [problem]
    assert problem.partition(" ")[0] in migrate(walk, new, elements)

    assert view.of(walk.first.instance)["tokens"] == before["tokens"]
    assert walk.open == ([] if walk.waiting else [problem.partition(" ")[2].replace("p", "Pack")])


FORK = """
process p
  start S
  and F
  user A
  user B
  user C
  and J
  user After
  S -> F -> A -> J -> After
  F -> B -> J
  F -> C -> J
"""


def test_tokens_that_wait_at_a_join_are_still_joined():
    walk = Walk(FORK)
    walk.complete("A")
    renamed = FORK.replace("J", "Join").replace("user A\n", "user Z\n").replace("F -> A ->", "F -> Z ->")
    assert migrate(walk, renamed, {"J": "Join", "A": "Z"}) == "", walk
    walk.complete("B")
    walk.complete("C")
    assert walk.open == ["After"], walk


def test_a_join_that_needs_no_more_lets_go_at_once():
    walk = Walk(FORK)
    walk.complete("A")
    walk.complete("B")
    fewer = (
        FORK.replace("  F -> C -> J\n", "  F -> C\n")
        .replace("  user After", "  user After\n  end X")
        .replace("F -> C\n", "F -> C -> X\n")
        .replace("J -> After\n", "J -> After -> X\n")
    )
    assert migrate(walk, fewer) == "", walk
    assert walk.open == ["After", "C"], walk


def test_a_flow_a_token_has_come_over_needs_its_place():
    walk = Walk(FORK)
    walk.complete("A")
    rerouted = FORK.replace("F -> A -> J -> After", "F -> A -> K -> J -> After").replace(
        "user A\n", "user A\n  user K\n"
    )
    assert problems(walk, rerouted) == ["no-flow J"]
    assert migrate(walk, rerouted, {"A_J": "K_J"}) == "", walk


def test_loops_keep_their_turns_and_outputs():
    drawing = "process p\n  start S\n  service X type=x each==items item=i out.r==r gather=all element==r\n  S -> X"
    walk = Walk(drawing, {"items": [1, 2]})
    walk.complete("X", r=7)
    assert migrate(walk, drawing.replace("X", "Y"), {"X": "Y"}) == "", walk
    walk.complete("Y", r=8)
    assert walk.variables["all"] == [7, 8]


UNDO = """
process p
  start S
  service Book type=x undo=Unbook
  service Unbook type=x compensates
  user Ask
  throw Back compensation
  end E
  S -> Book -> Ask -> Back -> E
"""


def test_what_was_done_is_undone_by_the_handler_of_the_new_version():
    walk = Walk(UNDO)
    walk.complete("Book")
    renamed = (
        UNDO.replace("Unbook", "Release")
        .replace("service Book", "service Reserve")
        .replace("S -> Book", "S -> Reserve")
    )
    assert problems(walk, renamed) == ["no-target Book"]
    assert migrate(walk, renamed, {"Book": "Reserve"}) == "", walk
    walk.complete("Ask")
    assert walk.open == ["Release"], walk


def test_what_could_be_undone_is_not_forgotten_unless_the_plan_says_so():
    walk = Walk(UNDO)
    walk.complete("Book")
    without = UNDO.replace(" undo=Unbook", "").replace("  service Unbook type=x compensates\n", "")
    assert problems(walk, without) == ["no-handler Book"]
    assert migrate(walk, without, {"Book": None}) == "", walk
    walk.complete("Ask")
    assert walk.status == "completed", walk


def test_a_suspended_instance_can_be_migrated_and_acts_on_what_came_in_its_new_version():
    walk = Walk(LINE)
    suspend(walk)
    walk.complete("Pack")
    assert migrate(walk, RENAMED, {"Pack": "Wrap", "Ask": "Check"}) == "", walk
    assert walk.open == ["Wrap"]
    resume(walk)
    assert walk.open == ["Check"], walk


def test_a_deadline_goes_on_as_it_began_and_is_gone_where_none_is_drawn_any_more():
    drawing = LINE.replace("service Pack type=x", "service Pack type=x sla=PT2H")
    walk = Walk(drawing)
    assert migrate(walk, drawing.replace("PT2H", "PT9H")) == ""
    assert dues(walk) == {"Pack": "10:00"}
    assert migrate(walk, LINE) == ""
    assert dues(walk) == {}
    walk.advance("PT9H")
    assert walk.kinds("sla_breached") == []


def test_an_incident_is_answered_in_the_new_version():
    walk = Walk(LINE)
    walk.step(fail="Pack")
    migrate(walk, RENAMED, {"Pack": "Wrap", "Ask": "Check"})
    assert view.of(walk.first.instance)["incidents"][0]["element"] == "Wrap"
    walk.resolve("skip")
    assert walk.open == ["Check"], walk


def test_a_plan_that_puts_two_in_one_place_has_no_way_back():
    with pytest.raises(NotReversible, match="no one way back"):
        inverse({"A": "X", "B": "X"}, drawn(LINE), drawn(LINE))


def test_an_inclusive_join_still_knows_when_nobody_can_come_any_more():
    drawing = """
process p
  start S
  or F
  user A
  user B
  or J
  user After
  S -> F
  F -> A if "=true"
  F -> B if "=true"
  A -> J
  B -> J
  J -> After
"""
    walk = Walk(drawing)
    walk.complete("A")
    renamed = (
        drawing.replace("  user A\n", "  user New\n  user A\n")
        .replace("F -> A ", "F -> New ")
        .replace("  A -> J\n", "  New -> A\n  A -> J\n")
    )
    assert migrate(walk, renamed.replace("J", "Join"), {"J": "Join"}) == "", walk
    assert walk.open == ["B"], walk
    skip(walk, "B")
    assert walk.open == ["After"], walk


def test_a_join_of_a_suspended_instance_lets_go_when_it_goes_on():
    walk = Walk(FORK)
    walk.complete("A")
    walk.complete("B")
    suspend(walk)
    fewer = (
        FORK.replace("  F -> C -> J\n", "  F -> C\n")
        .replace("  user After", "  user After\n  end X")
        .replace("F -> C\n", "F -> C -> X\n")
        .replace("J -> After\n", "J -> After -> X\n")
    )
    assert migrate(walk, fewer) == "", walk
    assert walk.open == ["C"], walk
    resume(walk)
    assert walk.open == ["After", "C"], walk
