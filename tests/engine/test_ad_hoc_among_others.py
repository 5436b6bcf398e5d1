"""Ad-hoc sub-processes among other constructs: events, loops, compensation, incidents, each other."""

from __future__ import annotations

import pytest

from oms_workflow.play.result import show
from tests.engine.intervening import cancel, move
from tests.engine.test_ad_hoc import CARE, care, offered
from tests.engine.walking import Walk

AROUND = """
process p
  start S
  adhoc Care begin=Call,Write {keys}
    service Call type=x {call}
    service Write type=x
    service Sorry type=x
    {inside}
  service After type=x
  {outside}
  S -> Care -> After
"""


def around(*, keys: str = "", call: str = "", inside: str = "", outside: str = "", **variables: object) -> Walk:
    lines = "\n    ".join(inside.splitlines()), "\n  ".join(outside.splitlines())
    drawing = AROUND.format(keys=keys, call=call, inside=lines[0], outside=lines[1])
    return Walk(drawing, variables)


def test_a_boundary_event_ends_it_with_everything_inside():
    walk = around(outside="catch Late on=Care timer=PT1H\nservice Escalate type=x\nLate -> Escalate")

    walk.advance("PT1H")

    assert walk.open == ["Escalate"], walk
    assert walk.kinds("terminated") == ["terminated Call", "terminated Write", "terminated Care"]


def test_what_begins_first_may_end_it_before_the_next_begins():
    walk = Walk(
        """
process p
  start S
  adhoc Care begin=Ask,Write inorder
    throw Ask escalation=HELP
    service Write type=x
  catch Help on=Care escalation=HELP
  service Answer type=x
  Help -> Answer
  S -> Care
"""
    )

    assert walk.open == ["Answer"], walk


def test_a_boundary_event_inside_leads_on_inside_and_counts_as_an_end_of_its_path():
    walk = around(inside="catch Bad on=Call error=NO\nBad -> Sorry", keys="collect=ends element==1")
    walk.step(error="Call", code="NO")
    assert walk.open == ["Sorry", "Write"], walk
    walk.complete("Sorry")
    walk.complete("Write")

    assert (walk.open, walk.variables["ends"]) == (["After"], [1, 1]), walk


def test_an_error_inside_is_caught_at_its_border():
    walk = around(outside="catch Bad on=Care error=NO\nservice Mend type=x\nBad -> Mend")
    walk.step(error="Call", code="NO")

    assert walk.open == ["Mend"], walk


def test_an_interrupting_event_sub_process_inside_ends_it():
    """What was waiting for its turn does not begin after it, and nothing is offered any more."""
    inside = "esub Stop\n  start Told message=stop key==1\n  service Tidy type=x\n  Told -> Tidy"
    walk = around(inside=inside, keys="inorder enough==false")
    walk.message("stop", "1")
    assert (walk.open, offered(walk)) == (["Tidy"], []), walk

    walk.complete("Tidy")

    assert walk.open == ["After"], walk


def test_an_event_sub_process_beside_it_does_not_end_it():
    inside = "esub Look\n  start Told message=look key==1 nonstop\n  service Tidy type=x\n  Told -> Tidy"
    walk = around(inside=inside, keys="enough==false")
    walk.complete("Call")
    walk.complete("Write")
    walk.message("look", "1")
    walk.complete("Tidy")

    assert (walk.status, offered(walk)) == ("active", ["Call", "Write", "Sorry"]), walk


def test_each_run_of_a_loop_is_an_ad_hoc_sub_process_of_its_own():
    loop = "each==people item=who gather=all element==results collect=results"
    walk = Walk(
        CARE.format(keys=f"begin==who {loop}").replace("gather=all element", "gather=all element"),
        {"people": [["Call"], ["Write", "Call"]]},
    )
    walk.complete("Write", results=1)
    assert walk.open == ["Call", "Call"], walk
    walk.complete("Call", 1)
    assert walk.open == ["Call"], walk
    walk.complete("Call")

    assert walk.open == ["After"], walk


def test_a_loop_inside_is_one_activity():
    walk = around(call="each==[1,2] item=n", keys='enough="=done >= 1" inorder', done=0)
    walk.complete("Call", done=1)
    assert walk.open == ["Call"], walk

    walk.complete("Call", done=1)

    assert walk.open == ["After"], walk


def test_they_nest():
    walk = Walk(
        """
process p
  start S
  adhoc Outer begin=Inner enough==enough
    adhoc Inner begin=Work
      service Work type=x
    service Other type=x
  S -> Outer
""",
        {"enough": False},
    )
    walk.complete("Work")
    assert offered(walk) == ["Inner", "Other"], walk
    walk.step(activate="Inner")
    walk.step(set={"enough": True})

    walk.complete("Work")

    assert walk.status == "completed", walk


def test_what_was_completed_inside_is_undone_from_outside():
    walk = Walk(
        """
process p
  start S
  adhoc Care begin=Call,Write inorder
    service Call type=x undo=Uncall
    service Uncall type=x compensates
    service Write type=x
  service After type=x
  throw Undo compensation
  S -> Care -> After -> Undo
"""
    )
    for element in ("Call", "Write", "After", "Uncall"):
        walk.complete(element)

    assert walk.status == "completed", walk
    assert walk.kinds("compensated") == ["compensated Uncall", "compensated Care"]


def test_a_handler_does_not_take_a_turn():
    walk = Walk(
        """
process p
  start S
  adhoc Care begin=Call,Back,Write inorder
    service Call type=x undo=Uncall
    service Uncall type=x compensates
    throw Back compensation=Call
    service Write type=x
  S -> Care
"""
    )
    walk.complete("Call")
    assert walk.open == ["Uncall", "Write"], walk
    walk.complete("Uncall")

    walk.complete("Write")

    assert walk.completed[-2:] == ["Care", "p_end"], walk


def test_an_incident_inside_holds_it_open():
    walk = around()
    walk.step(fail="Call", retries=0)
    walk.complete("Write")
    assert (walk.status, walk.open) == ("incident", []), walk

    walk.resolve("skip")

    assert walk.open == ["After"], walk


def test_a_person_can_declare_it_done():
    walk = care("begin==todo", todo="wrong")

    walk.resolve("complete")

    assert walk.open == ["After"], walk


def test_the_walk_may_expect_what_is_offered():
    walk = care("begin=Call")
    walk.step(expect={"offered": ["Call", "Visit", "Write"]})

    assert show(walk.stage, [["x"]]).to_json()["offered"][0] == {"element": "Call", "in": "Care"}


def test_an_inclusive_join_waits_for_what_waits_for_its_turn():
    walk = Walk(
        """
process p
  start S
  adhoc Care begin=Ask inorder
    user Ask
    and Fork
    user Call
    user File
    user Write
    or Both
    user After
    Ask -> Fork
    Fork -> Call -> Both
    Fork -> File
    Fork -> Write -> Both
    Both -> After
  S -> Care
"""
    )
    opened = []
    while walk.status == "active":
        (only,) = walk.open
        opened.append(only)
        walk.complete(only)

    assert opened == ["Ask", "Call", "File", "Write", "After"], walk


@pytest.mark.parametrize("how", ["cancel", "move"])
def test_the_next_one_has_its_turn_when_somebody_takes_the_one_at_work_away(how):
    walk = Walk(
        """
process p
  start S
  adhoc Care begin=Ask,Call,Write inorder
    user Ask
    catch Answer message=answer key==1
    user Call
    user Write
    catch Later message=later key==1
    Ask -> Answer
    Call -> Later
  S -> Care
"""
    )
    walk.complete("Ask")
    assert (walk.open, walk.waiting) == (["Call"], ["Answer"]), walk

    refused = cancel(walk, "Call") if how == "cancel" else move(walk, "Call", "Later")

    assert refused == ""
    assert walk.open == ["Write"], walk
