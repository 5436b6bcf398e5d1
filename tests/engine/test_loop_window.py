"""Large parallel multi-instances: only so many items are under way at a time, the others wait as plain values."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from oms_workflow.bpmn.work import MultiInstance
from oms_workflow.diagrams.reading import Source, read_diagrams
from oms_workflow.engine import facts, snapshot
from oms_workflow.engine.commands import RunActivity
from oms_workflow.engine.instance import Instance, prepare
from tests.drawing import bpmn
from tests.engine.walking import Walk

PACK = """
process p
  start S
  service Pack type=x each==lines item=line gather=packed element==box {more}
  service After type=x
  S -> Pack -> After
"""
AT = datetime(2026, 1, 5, 8, tzinfo=UTC)


def pack(more: str, count: int) -> Walk:
    return Walk(PACK.format(more=more), {"lines": list(range(count))})


def test_ten_thousand_items_run_a_hundred_at_a_time_and_answer_in_input_order():
    (definition,) = read_diagrams([Source(name="drawn.bpmn", raw=bpmn(PACK.format(more="")))]).require()
    instance = Instance(prepare(definition))
    waiting = instance.receive(facts.Started(at=AT, variables={"lines": list(range(10_000))}))
    most_open = most_tokens = 0
    while jobs := [one for one in waiting if isinstance(one, RunActivity) and one.element == "Pack"]:
        most_open, most_tokens = max(most_open, len(jobs)), max(most_tokens, len(instance.state.tokens))
        job = jobs[-1]  # the youngest first: the oldest stay open to the end
        waiting.remove(job)
        waiting += instance.receive(facts.JobCompleted(at=AT, token=job.token, variables={"box": job.inputs["line"]}))

    assert (most_open, most_tokens) == (100, 102)
    assert instance.variables["packed"] == list(range(10_000))


def test_a_loop_that_fits_its_window_begins_all_at_once():
    assert len(pack("", 100).open) == 100
    assert len(pack("", 101).open) == 100


def test_the_diagram_says_how_many():
    walk = pack("loopWindow=2", 5)
    assert walk.open == ["Pack"] * 2, walk
    for box in range(5):
        walk.complete("Pack", box=box)

    assert (walk.open, walk.variables["packed"]) == (["After"], [0, 1, 2, 3, 4]), walk


def test_results_stay_in_input_order():
    walk = pack("loopWindow=2", 4)
    for index, box in ((1, "b"), (1, "c"), (1, "d"), (0, "a")):
        walk.complete("Pack", index, box=box)

    assert walk.variables["packed"] == ["a", "b", "c", "d"], walk


def test_a_condition_ends_what_runs_and_what_waits():
    walk = pack('loopWindow=2 until="=numberOfCompletedInstances >= 2"', 50)
    walk.complete("Pack", box=1)
    walk.complete("Pack", box=2)

    assert walk.open == ["After"], walk
    assert len(walk.kinds("terminated")) == 1


def test_an_interruption_ends_what_runs_and_what_waits():
    walk = Walk(
        PACK.format(more="loopWindow=2") + "  catch Late on=Pack timer=PT1H\n  service Call type=x\n  Late -> Call\n",
        {"lines": [1, 2, 3]},
    )
    walk.complete("Pack", box=1)
    walk.advance("PT1H")

    assert walk.open == ["Call"], walk


def test_an_incident_keeps_its_place_and_the_others_go_on():
    walk = pack("loopWindow=2", 4)
    walk.step(fail="Pack", retries=0)
    for box in ("b", "c", "d"):
        assert walk.open == ["Pack"], walk
        walk.complete("Pack", box=box)
    assert (walk.status, walk.open) == ("incident", []), walk
    walk.resolve()
    walk.complete("Pack", box="a")

    assert walk.variables["packed"] == ["a", "b", "c", "d"], walk


def test_skipping_the_item_in_the_way_lets_the_next_begin():
    walk = pack("loopWindow=1", 2)
    walk.step(fail="Pack", retries=0)
    walk.resolve("skip")

    assert walk.open == ["Pack"], walk


def test_items_that_never_wait_need_no_stack():
    walk = Walk(
        """
process p
  start S
  script Double expression==line*2 result=twice each==lines item=line gather=all element==twice loopWindow=3
  S -> Double
""",
        {"lines": list(range(5_000))},
    )

    assert walk.status == "completed", walk.incidents
    assert walk.variables["all"] == [2 * line for line in range(5_000)]


def test_sub_processes_and_numbers_have_a_window_too():
    walk = Walk(
        """
process p
  start S
  sub Each times==3 loopWindow=2
    service One type=x
    service Two type=x
    One -> Two
  S -> Each
"""
    )
    walk.complete("One")
    assert walk.open == ["One", "Two"], walk
    walk.complete("Two")
    assert walk.open == ["One", "One"], walk
    for _ in range(2):
        walk.complete("One")
        walk.complete("Two")

    assert walk.status == "completed", walk


def test_a_loop_compiled_before_there_was_a_window_begins_all_items():
    """What stands in stored histories begins as it did."""
    assert MultiInstance(collection="=lines").window == 0


@pytest.mark.parametrize(("more", "window"), [("", 100), ("sequential", 0), ("loopWindow=7", 7)])
def test_the_window_is_compiled(more, window):
    (definition,) = read_diagrams([Source(name="drawn.bpmn", raw=bpmn(PACK.format(more=more)))]).require()

    (loop,) = [node.loop for node in definition.nodes if node.loop is not None]
    assert isinstance(loop, MultiInstance)
    assert loop.window == window


def test_the_state_holds_the_rest_as_a_list():
    walk = pack("loopWindow=2", 1_000)

    assert len(snapshot.to_json(walk.first.instance.state)["tokens"]) == 4
