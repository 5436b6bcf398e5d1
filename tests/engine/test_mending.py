"""Incidents and what people may do about them."""

from __future__ import annotations

import pytest

from oms_workflow.engine import facts
from tests.engine.walking import Walk

WORK = """
process p
  start S
  service Work type=x out.result==answer
  catch Late on=Work timer=PT8H
  service After type=x
  end E
  S -> Work -> After -> E
  Late -> E
"""


def test_a_failed_job_waits_as_an_incident_and_a_retry_runs_it_again_with_a_higher_attempt():
    walk = Walk(WORK)
    walk.step(fail="Work", retries=0, message="carrier down")
    assert walk.status == "incident"
    assert walk.open == []

    walk.resolve("retry")

    (token,) = [one for one in walk.first.instance.state.tokens.values() if one.attempt > 1]
    assert token.attempt == 2
    assert walk.open == ["Work"], walk


def test_an_attempt_that_fails_with_others_left_leaves_the_job_open():
    walk = Walk(WORK)
    walk.step(fail="Work", retries=2, message="once more")

    assert walk.status == "active"
    assert walk.open == ["Work"], walk


def test_a_node_completed_by_hand_maps_the_results_a_person_gives():
    walk = Walk(WORK)
    walk.step(fail="Work", retries=0)
    walk.resolve("complete", answer=42)

    assert walk.open == ["After"], walk
    assert walk.variables["result"] == 42


def test_a_skipped_node_is_left_without_results():
    walk = Walk(WORK)
    walk.step(fail="Work", retries=0)
    walk.resolve("skip")

    assert walk.open == ["After"], walk
    assert "result" not in walk.variables


def test_a_boundary_event_still_acts_while_its_host_waits_for_a_person():
    walk = Walk(WORK)
    walk.step(fail="Work", retries=0)
    walk.advance("PT8H")

    assert walk.status == "completed", walk
    assert walk.incidents == []


def test_a_gateway_cannot_be_completed_by_hand_and_the_refusal_is_noted():
    walk = Walk('process p\n  start S\n  xor G\n  end E\n  end F\n  S -> G\n  G -> E if "=x"\n  G -> F if "=not(x)"')
    walk.resolve("complete")

    assert walk.status == "incident", walk
    assert "cannot be completed by hand" in walk.detail("fact_ignored")[0]["why"]


def test_a_moved_token_leaves_its_node_and_enters_the_other():
    walk = Walk(WORK)
    (token,) = [one.id for one in walk.first.instance.state.tokens.values() if one.parent]
    walk.tell(facts.TokenMoved(at=walk.stage.now, token=token, element="After", by="ops", reason="done by phone"))

    assert walk.open == ["After"], walk
    assert walk.kinds("terminated", "token_moved") == ["terminated Work", "token_moved After"]
    assert walk.waiting == []


@pytest.mark.parametrize("element", ["Late", "S", "nowhere"])
def test_a_token_cannot_be_moved_where_no_flow_could_lead(element):
    walk = Walk(WORK)
    (token,) = [one.id for one in walk.first.instance.state.tokens.values() if one.parent]
    walk.tell(facts.TokenMoved(at=walk.stage.now, token=token, element=element))

    assert walk.open == ["Work"], walk
    assert len(walk.detail("fact_ignored")) == 1


def test_an_answer_that_comes_after_the_token_left_changes_nothing_and_is_noted():
    walk = Walk(WORK)
    (token,) = [one.id for one in walk.first.instance.state.tokens.values() if one.parent]
    walk.advance("PT8H")
    seq = walk.first.instance.state.last_seq

    walk.tell(facts.JobCompleted(at=walk.stage.now, token=token))

    assert walk.status == "completed"
    assert [one["fact"] for one in walk.detail("fact_ignored")] == ["JobCompleted"]
    assert walk.first.instance.state.last_seq == seq + 1


def test_a_bad_output_mapping_is_an_incident_with_the_result_kept():
    walk = Walk(
        """
        process p
          start S
          service Work type=x out.list=="for i in 1..n return i"
          end E
          S -> Work -> E
        """.replace('=="for', '="=for')
    )
    walk.complete("Work", n=10**9)
    ((code, _),) = walk.incidents
    assert code == "expression-failed"

    walk.step(set={})
    walk.resolve("skip")

    assert walk.status == "completed", walk
