"""What waits for events while its instance goes on in another version: kept when drawn alike, else opened anew."""

from __future__ import annotations

from oms_workflow.engine import view
from oms_workflow.engine.migration.atlas import inverse
from tests.engine.intervening import token_at
from tests.engine.migrating import drawn, dues, migrate, problems
from tests.engine.walking import Walk

BOUNDARY = """
process p
  start S
  user Ask
  catch Late on=Ask timer=PT8H
  catch Note on=Ask message=note key=k nonstop
  end E
  S -> Ask -> E
  Late -> E
  Note -> E
"""


def test_a_timer_drawn_alike_rings_when_it_would_have():
    walk = Walk(BOUNDARY)
    walk.advance("PT3H")
    assert migrate(walk, BOUNDARY.replace("Late", "Over"), {"Late": "Over"}) == ""
    assert dues(walk) == {"Over": "16:00"}


def test_a_timer_drawn_otherwise_begins_anew():
    walk = Walk(BOUNDARY)
    walk.advance("PT3H")
    assert migrate(walk, BOUNDARY.replace("PT8H", "PT1H")) == ""
    assert dues(walk) == {"Late": "12:00"}
    walk.advance("PT1H")
    assert walk.status == "completed", walk


def test_a_subscription_stays_open_or_is_opened_under_its_new_name():
    walk = Walk(BOUNDARY)
    (number,) = (one.id for one in walk.first.instance.state.waits.values() if one.kind == "message")
    migrate(walk, BOUNDARY)
    assert number in walk.first.instance.state.waits

    migrate(walk, BOUNDARY.replace("message=note", "message=remark"))

    assert number not in walk.first.instance.state.waits
    walk.message("note", "k")
    assert "Note" not in walk.completed
    walk.message("remark", "k")
    assert "Note" in walk.completed, walk


def test_an_event_that_is_gone_must_be_given_up_by_the_plan():
    walk = Walk(BOUNDARY)
    without = BOUNDARY.replace("  catch Late on=Ask timer=PT8H\n", "").replace("  Late -> E\n", "")
    assert problems(walk, without) == ["no-target Late"]

    assert migrate(walk, without, {"Late": None}) == ""

    assert dues(walk) == {}
    assert walk.waiting == ["Note"]


def test_an_event_that_is_new_begins_to_wait():
    walk = Walk("process p\n  start S\n  user Ask\n  end E\n  S -> Ask -> E")
    assert migrate(walk, BOUNDARY) == ""
    assert walk.waiting == ["Late", "Note"], walk


def test_an_event_that_has_happened_does_not_wait_again():
    drawing = BOUNDARY.replace("timer=PT8H", "timer=PT8H nonstop")
    walk = Walk(drawing)
    walk.advance("PT9H")
    assert walk.waiting == ["Note"]
    assert migrate(walk, drawing.replace("Late", "Over"), {"Late": "Over"}) == ""
    assert walk.waiting == ["Note"], walk


def test_an_event_whose_value_is_not_there_keeps_the_instance_where_it_is():
    walk = Walk(BOUNDARY)
    assert "expression-failed" in migrate(walk, BOUNDARY.replace("timer=PT8H", 'timer="=when"'))
    assert walk.waiting == ["Late", "Note"]
    assert dues(walk) == {"Late": "16:00"}


SCOPES = """
process p
  start S
  sub Ship
    start T
    user Label
    esub Halt
      start H signal=halt nonstop
      user Why
      H -> Why
    T -> Label
  end E
  S -> Ship -> E
"""


def test_scopes_and_event_sub_processes_go_along():
    walk = Walk(SCOPES)
    walk.step(signal="halt")
    renamed = (
        SCOPES.replace("Ship", "Send").replace("Halt", "Stop").replace("start H", "start G").replace("H ->", "G ->")
    )
    assert problems(walk, renamed) == [
        "no-target Ship",
        "scope-differs Label",
        "no-target Halt",
        "scope-differs Why",
        "no-target H",
    ]
    assert migrate(walk, renamed, {"Ship": "Send", "Halt": "Stop", "H": "G"}) == "", walk
    walk.step(signal="halt")
    assert walk.open == ["Label", "Why", "Why"], walk
    walk.complete("Why")
    walk.complete("Why")
    walk.complete("Label")
    assert walk.status == "completed", walk


def test_an_event_sub_process_that_is_new_is_opened_but_not_where_the_scope_was_interrupted():
    more = SCOPES.replace(
        "    T -> Label", "    esub Other\n      start O message=o key=k\n      user X\n      O -> X\n    T -> Label"
    )
    walk = Walk(SCOPES)
    migrate(walk, more)
    assert walk.waiting == ["H", "O"], walk

    stopped = Walk(SCOPES.replace(" nonstop", ""))
    stopped.step(signal="halt")
    migrate(stopped, more.replace(" nonstop", ""))
    assert stopped.waiting == [], stopped


EITHER = """
process p
  start S
  event G
  catch A message=a key=k
  catch B timer=PT1H
  end E
  S -> G -> A -> E
  G -> B -> E
"""


def test_behind_an_event_based_gateway_each_event_keeps_its_place():
    walk = Walk(EITHER)
    renamed = EITHER.replace("catch A", "catch C").replace("G -> A", "G -> C")
    assert migrate(walk, renamed, {"A": "C"}) == "", walk
    walk.message("a", "k")
    assert walk.completed[-2:] == ["C", "E"], walk


def test_the_way_back_is_the_plan_turned_round():
    old = drawn(BOUNDARY)
    new = drawn(BOUNDARY.replace("Late", "Over") + "  catch Extra on=Ask signal=x nonstop\n  Extra -> E\n")
    assert inverse({"Late": "Over", "Gone": None}, old, new) == {"Over": "Late", "Extra": None}


def test_there_and_back_again_is_where_it_was():
    walk = Walk(BOUNDARY)
    token = token_at(walk, "Ask")
    before = view.of(walk.first.instance)["tokens"]
    new = BOUNDARY.replace("Late", "Over").replace("Ask", "Check")
    plan: dict[str, str | None] = {"Late": "Over", "Ask": "Check"}

    migrate(walk, new, plan)
    migrate(walk, BOUNDARY, inverse(plan, drawn(BOUNDARY), drawn(new)))

    assert view.of(walk.first.instance)["tokens"] == before
    assert token_at(walk, "Ask") == token
