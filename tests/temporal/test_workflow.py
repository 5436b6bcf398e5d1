"""A drawn process on a real Temporal server: what the engine asks for is done, and what happens comes back to it."""

from __future__ import annotations

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError

from oms_workflow.errors import OrderRefused
from oms_workflow.temporal.starting import About
from tests.temporal.stand import CALLS, Stand, now

pytestmark = pytest.mark.server

ADD = """
process add
  start S
  service Add type=test.add in.n==n out.n==n {more}
  end E
  S -> Add -> E
"""


async def test_an_instance_runs_from_start_to_end_and_its_records_are_in_the_database(stand: Stand):
    await stand.deploy(ADD.format(more=""))
    await stand.start("add", "add-1", n=41)

    ended = await stand.ended("add-1")

    assert ended.outcome == "completed"
    assert ended.variables == {"n": 42}
    told = [f"{one.seq} {one.kind.value} {one.element}" for one in await stand.records("add-1")]
    assert told[0] == "1 started add"
    assert told[-1].endswith("finished add")
    await stand.replay("add-1")


async def test_starting_an_order_twice_is_harmless(stand: Stand):
    """The number of the order is the id of its workflow, also after it ended."""
    await stand.deploy(ADD.format(more=""))
    await stand.start("add", "add-2", n=1)
    await stand.ended("add-2")
    await stand.rest()

    again = await stand.house.starter.start("add", "add-2", {"n": 5}, about=About(), at=now())

    assert again is False
    assert len(CALLS) == 1


async def test_an_activity_is_tried_as_often_as_the_diagram_says_then_a_person_is_asked(stand: Stand):
    await stand.deploy(ADD.format(more='in.fail="=9" retryPolicy="first=PT1S factor=1 attempts=3"'))
    await stand.start("add", "add-3", n=1)
    await stand.rest()

    (incident,) = (await stand.view("add-3"))["incidents"]
    assert [call.attempt for call in CALLS] == [1, 2, 3]
    assert len({call.key for call in CALLS}) == 1
    assert "told to be away" in incident["message"]
    assert (await stand.open("add-3")) == ["Add"]


async def test_a_retried_incident_runs_the_activity_again_under_the_same_key(stand: Stand):
    """Whoever retries, the effect must not happen twice."""
    await stand.deploy(ADD.format(more='in.fail="=n" retryPolicy="first=PT1S attempts=1"'))
    await stand.start("add", "add-4", n=1)
    await stand.rest()
    (incident,) = (await stand.view("add-4"))["incidents"]
    await stand.house.operator.set_variables("add-4", {"n": 0}, by="test", scope=await stand.token("add-4", "Add"))

    await stand.house.operator.set_variables("add-4", {"fail": 0}, by="test", scope=await stand.token("add-4", "Add"))
    await stand.house.operator.resolve("add-4", incident["incident"], "retry", by="test", reason="mended")

    assert (await stand.ended("add-4")).variables == {"n": 1}
    assert len({call.key for call in CALLS}) == 1
    await stand.replay("add-4")


async def test_a_refusal_with_a_code_is_caught_by_the_diagram_and_never_retried(stand: Stand):
    await stand.deploy(
        ADD.format(more='in.code="=code"').replace("  end E", "  catch No on=Add error=REFUSED\n  user Ask\n  end E")
        + "  No -> Ask -> E\n"
    )
    await stand.start("add", "add-5", n=1, code="REFUSED")
    await stand.rest()

    assert await stand.open("add-5") == ["Ask"]
    assert len(CALLS) == 1


async def test_a_refusal_without_a_code_is_an_incident(stand: Stand):
    await stand.deploy(ADD.format(more='in.code="=code"'))
    await stand.start("add", "add-6", n=1, code="none")
    await stand.rest()

    (incident,) = (await stand.view("add-6"))["incidents"]
    assert incident["code"] == "job-failed"
    assert len(CALLS) == 1


async def test_wrong_input_is_an_incident_that_names_the_field_and_the_node(stand: Stand):
    await stand.deploy(ADD.format(more=""))
    await stand.start("add", "add-7", n="many")
    await stand.rest()

    (incident,) = (await stand.view("add-7"))["incidents"]
    assert "n: " in incident["message"]
    assert "'Add'" in incident["message"]
    assert "many" not in incident["message"]


async def test_the_text_of_an_unexpected_error_stays_out_of_the_history(stand: Stand):
    """It may hold a name or an address, and a history is for ever."""
    await stand.deploy("process leak\n  start S\n  service L type=test.leak retryPolicy=attempts=1\n  S -> L")
    await stand.start("leak", "leak-1")
    await stand.rest()

    assert "Wensan" not in str((await stand.history("leak-1")).to_json())
    assert "ValueError" in (await stand.view("leak-1"))["incidents"][0]["message"]


async def test_days_of_waiting_pass_by_skipping_the_servers_time(stand: Stand):
    await stand.deploy(
        """
        process waits
          start S
          catch Sleep timer=P3D
          user Ask sla=PT4H slaWarn=50% owner=cs
          catch Late on=Ask timer=P1D
          end E
          S -> Sleep -> Ask -> E
          Late -> E
        """
    )
    begin = now()
    await stand.start("waits", "waits-1")

    end = await stand.pass_time()

    assert (end - begin).days == 4
    kinds = [one.kind.value for one in await stand.records("waits-1")]
    assert [kind for kind in kinds if kind.startswith("sla")] == ["sla_started", "sla_warned", "sla_breached"]
    await stand.replay("waits-1")


async def test_a_message_reaches_the_instance_that_waits_for_it_once(stand: Stand):
    await stand.deploy('process m\n  start S\n  catch Paid message=paid key="=order"\n  S -> Paid')
    await stand.start("m", "m-1", order="o1")
    await stand.rest()

    assert await stand.publish("paid", "o1", "id-1", amount=5) == "m-1"
    assert await stand.publish("paid", "o1", "id-1", amount=5) in ("m-1", "")

    assert (await stand.ended("m-1")).variables == {"order": "o1", "amount": 5}


async def test_a_message_that_comes_before_anybody_waits_is_kept(stand: Stand):
    await stand.deploy('process m\n  start S\n  catch Paid message=paid key="=order"\n  S -> Paid')
    assert await stand.publish("paid", "o2", "id-2", amount=5) == ""

    await stand.start("m", "m-2", order="o2")

    assert (await stand.ended("m-2")).variables["amount"] == 5


async def test_a_message_starts_the_process_that_begins_with_it_and_the_same_message_only_one(stand: Stand):
    await stand.deploy("process r\n  start Begin message=return-asked\n  user Look\n  Begin -> Look")

    assert await stand.publish("return-asked", "r7", "id-3", order_id="test:1") == "r:r7"
    await stand.publish("return-asked", "r7", "id-3", order_id="test:1")
    await stand.rest()

    assert await stand.open("r:r7") == ["Look"]
    assert (await stand.view("r:r7"))["variables"] == {"order_id": "test:1"}


async def test_a_message_for_an_instance_that_has_moved_on_goes_to_the_next_one(stand: Stand):
    """It was matched, but the event was off by then; nobody may lose it."""
    await stand.deploy(
        'process m\n  start S\n  user Wait\n  catch Paid on=Wait message=paid key="=order"\n  S -> Wait\n'
    )
    await stand.start("m", "m-3", order="o3")
    await stand.rest()
    await stand.house.operator.complete("m-3", await stand.token("m-3", "Wait"), {}, by="test")
    await stand.ended("m-3")

    await stand.publish("paid", "o3", "id-4")
    await stand.start("m", "m-4", order="o3")
    await stand.rest()

    assert (await stand.ended("m-4")).outcome == "completed"


async def test_a_called_process_is_a_child_and_its_error_is_caught_at_the_call(stand: Stand):
    await stand.deploy(
        """
        process parent
          start S
          call Ship process=child
          catch Lost on=Ship error=LOST
          user Claim
          end E
          S -> Ship -> E
          Lost -> Claim -> E
        process child
          start s
          catch Days timer=P2D
          end lost error=LOST
          s -> Days -> lost
        """
    )
    await stand.start("parent", "parent-1")

    end = await stand.pass_time()

    assert await stand.open("parent-1") == ["Claim"]
    with pytest.raises(WorkflowFailureError) as failed:
        await stand.ended("parent-1/Ship:3")
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.type == "ProcessFailed"
    claimed = next(one for one in await stand.records("parent-1") if one.element == "Claim")
    assert (end - claimed.at).total_seconds() < 60  # the parent's clock follows its child's
    await stand.replay("parent-1")


async def test_what_is_not_open_any_more_cannot_be_completed(stand: Stand):
    await stand.deploy(ADD.format(more=""))
    await stand.start("add", "add-8", n=1)
    await stand.ended("add-8")

    with pytest.raises(OrderRefused, match="over, or was never started"):
        await stand.house.operator.complete("add-8", 3, {}, by="test")


async def test_a_signal_reaches_every_instance_that_waits_for_it(stand: Stand):
    await stand.deploy("process s\n  start S\n  catch Go signal=go\n  S -> Go")
    await stand.deploy("process t\n  start S\n  throw Go signal=go\n  S -> Go")
    for number in (1, 2):
        await stand.start("s", f"s-{number}")
    await stand.rest()

    await stand.start("t", "t-1")

    assert (await stand.ended("s-1")).outcome == "completed"
    assert (await stand.ended("s-2")).outcome == "completed"


async def test_cancelling_in_temporal_ends_the_instance_through_the_engine(stand: Stand):
    await stand.deploy("process c\n  start S\n  user Wait\n  S -> Wait")
    await stand.start("c", "c-1")
    await stand.rest()

    await stand.house.client.get_workflow_handle("c-1").cancel()
    with pytest.raises(WorkflowFailureError):
        await stand.ended("c-1")

    assert [one.kind.value for one in await stand.records("c-1")][-2:] == ["terminated", "finished"]


async def test_people_choose_what_begins_in_an_ad_hoc_sub_process(stand: Stand):
    await stand.deploy(
        """
process care
  start S
  adhoc Care enough==done
    user Call
    service Add type=test.add in.n==n out.n==n
    Call -> Add
  end E
  S -> Care -> E
"""
    )
    await stand.start("care", "care-1", n=1, done=False)
    operator = stand.house.operator
    token = await stand.token("care-1", "Care")
    with pytest.raises(OrderRefused, match="'Add' cannot be activated here; 'Care' can activate Call"):
        await operator.choose("care-1", token, ["Add"], by="ops")

    view = await operator.choose("care-1", token, ["Call"], by="ops", reason="the buyer asked")
    assert sorted(one["element"] for one in view["tokens"]) == ["Call", "Care"]
    await operator.complete("care-1", await stand.token("care-1", "Call"), {"done": True}, by="ops")

    assert (await stand.ended("care-1")).variables == {"n": 1, "done": True}
    (chosen,) = [one for one in await stand.records("care-1") if one.kind.value == "element_chosen"]
    assert (chosen.element, chosen.detail) == ("Call", {"by": "ops", "reason": "the buyer asked"})
    await stand.replay("care-1")


@pytest.mark.parametrize(("ttl", "open_nodes"), [("PT1H", ["Wait"]), ("PT3H", [])])
async def test_a_message_that_is_sent_waits_as_long_as_the_diagram_says(stand: Stand, ttl: str, open_nodes: list[str]):
    await stand.deploy(
        f"""
process teller
  start S
  throw Tell message=told key==order messageTtl={ttl}
  catch Pause timer=PT2H
  catch Wait message=told key==order
  end E
  S -> Tell -> Pause -> Wait -> E
"""
    )
    await stand.start("teller", f"teller-{ttl}", order=ttl)

    await stand.pass_time()

    if open_nodes:
        assert await stand.open(f"teller-{ttl}") == open_nodes
    else:
        assert (await stand.ended(f"teller-{ttl}")).outcome == "completed"
