"""Activities that run more than once."""

from __future__ import annotations

import pytest

from tests.engine.walking import Walk

PACK = """
process p
  start S
  service Pack type=x each==lines item=line gather=packed element==box {more}
  service After type=x
  S -> Pack -> After
"""


def test_a_parallel_multi_instance_starts_every_item_at_once_and_gathers_in_input_order():
    walk = Walk(PACK.format(more=""), {"lines": ["a", "b", "c"]})
    assert walk.open == ["Pack", "Pack", "Pack"], walk

    walk.complete("Pack", 2, box="C")
    walk.complete("Pack", 0, box="A")
    walk.complete("Pack", 0, box="B")

    assert walk.open == ["After"], walk
    assert walk.variables["packed"] == ["A", "B", "C"]


def test_a_sequential_multi_instance_starts_one_item_after_the_other():
    walk = Walk(PACK.format(more="sequential"), {"lines": ["a", "b"]})
    assert walk.open == ["Pack"], walk
    walk.complete("Pack", box="A")
    assert walk.open == ["Pack"], walk

    walk.complete("Pack", box="B")

    assert walk.variables["packed"] == ["A", "B"], walk


def test_an_empty_collection_is_done_at_once():
    walk = Walk(PACK.format(more=""), {"lines": []})

    assert walk.open == ["After"], walk
    assert walk.variables["packed"] == []


def test_a_collection_that_is_no_list_is_an_incident_and_a_retry_reads_it_again():
    walk = Walk(PACK.format(more=""), {"lines": "a,b"})
    ((code, message),) = walk.incidents
    assert code == "expression-failed"
    assert "must be a list" in message

    walk.step(set={"lines": ["a"]})
    walk.resolve("retry")

    assert walk.open == ["Pack"], walk


def test_a_completion_condition_ends_the_loop_and_the_items_still_open():
    walk = Walk(PACK.format(more='until="=numberOfCompletedInstances >= 2"'), {"lines": ["a", "b", "c", "d"]})
    walk.complete("Pack", box=1)
    walk.complete("Pack", box=2)

    assert walk.open == ["After"], walk
    assert len(walk.kinds("terminated")) == 2


def test_a_boundary_event_belongs_to_the_whole_loop():
    walk = Walk(
        PACK.format(more="") + "  catch Late on=Pack timer=PT1H\n  service Call type=x\n  Late -> Call\n",
        {"lines": [1, 2]},
    )
    walk.complete("Pack", box=1)
    walk.advance("PT1H")

    assert walk.open == ["Call"], walk


def test_every_item_has_variables_of_its_own():
    walk = Walk(
        """
        process p
          start S
          sub Each each==lines item=line
            start s
            script Double expression="=line * 2" result=line
            service Show type=x
            s -> Double -> Show
          S -> Each
        """,
        {"lines": [1, 2]},
    )

    scopes = [t.variables["line"] for t in walk.first.instance.state.tokens.values() if t.role == "item"]
    assert scopes == [2, 4], walk
    assert "line" not in walk.variables


def test_items_that_never_wait_do_not_pile_up_on_the_stack():
    walk = Walk(
        """
        process p
          start S
          script Count expression="=loopCounter" result=last times==5000 sequential
          end E
          S -> Count -> E
        """
    )

    assert walk.status == "completed"
    assert walk.variables["last"] == 5000


@pytest.mark.parametrize(("before", "turns"), [("before", 0), ("", 1)])
def test_a_standard_loop_asks_before_or_after_its_first_turn(before, turns):
    walk = Walk(
        f"""
        process p
          start S
          service Work type=x while="=n > 0" {before}
          end E
          S -> Work -> E
        """,
        {"n": 0},
    )
    if turns:
        walk.complete("Work", n=0)

    assert walk.status == "completed", walk
    assert walk.trace == ["Work"] * turns


def test_a_standard_loop_stops_at_its_maximum():
    walk = Walk('process p\n  start S\n  service Work type=x while="=true" most=2\n  end E\n  S -> Work -> E')
    walk.complete("Work")
    walk.complete("Work")

    assert walk.status == "completed", walk


def test_a_loop_of_gateways_that_never_waits_becomes_an_incident_that_names_the_cycle():
    """Left alone it would hold a worker for ever and take every other order with it."""
    walk = Walk(
        """
        process p
          start S
          xor Merge
          script Add expression="=n + 1" result=n
          xor Again
          end E
          S -> Merge -> Add -> Again
          Again -> Merge if "=n > 0"
          Again -> E default
        """,
        {"n": 1},
    )

    ((code, message),) = walk.incidents
    assert code == "runaway"
    assert all(f"'{element}'" in message for element in ("Merge", "Add", "Again"))


def test_a_boundary_on_an_item_that_fails_leaves_the_other_items_alone_until_it_is_mended():
    walk = Walk(PACK.format(more=""), {"lines": ["a", "b"]})
    walk.step(fail="Pack", retries=0, message="no tape")
    walk.complete("Pack", box="B")
    assert [code for code, _ in walk.incidents] == ["job-failed"], walk

    walk.resolve("complete", box="by hand")

    assert walk.variables["packed"] == ["by hand", "B"], walk
