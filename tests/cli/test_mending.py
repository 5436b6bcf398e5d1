"""What people do to running orders, on a real Temporal server: answer tasks and incidents, tell messages, cancel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from oms_workflow.cli import asking
from oms_workflow.errors import WorldUnavailable
from oms_workflow.settings import settings
from oms_workflow.store.board import Board
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.devserver import DevServer, free_port
from oms_workflow.temporal.starting import About
from tests.domain.orders_for_tests import an_order
from tests.store.shop import Shop
from tests.temporal.stand import Stand, now

from .conftest import Oms

pytestmark = pytest.mark.server

ASK = """
process ask
  start S
  user Look owner=planning form=look out.decision==decision
  end E
  S -> Look -> E
"""
BREAKS = """
process breaks
  start S
  service Add type=test.add in.n==n in.fail="=9" out.n==n retryPolicy="first=PT1S attempts=1"
  user Ask owner=planning
  end E
  S -> Add -> Ask -> E
"""
ORDER = """
process order_to_cash
  start S
  catch Wanted message=order.cancel_requested key==order_id
  end E
  S -> Wanted -> E
"""
FORM = {
    "type": "object",
    "title": "Look",
    "properties": {
        "decision": {"type": "string", "oneOf": [{"const": "approve"}, {"const": "refuse"}]},
        "pieces": {"type": "integer", "minimum": 1},
    },
    "required": ["decision"],
}


@pytest.fixture
async def mended(
    stand: Stand, server: DevServer, oms: Oms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stand]:
    """A stand that the commands reach by two settings."""
    monkeypatch.setenv("OMS_DATABASE", f"sqlite:///{tmp_path / 'shop.db'}")
    monkeypatch.setenv("OMS_VAULT_KEY", "secret of this test")
    monkeypatch.setenv("OMS_TEMPORAL", server.address)
    monkeypatch.setenv("OMS_TIMELAPSE", "true")
    monkeypatch.setenv("OMS_PROCESSES", str(tmp_path / "drawn"))
    forms = tmp_path / "drawn" / "forms"
    forms.mkdir(parents=True)
    (forms / "look.json").write_text(json.dumps(FORM))
    yield stand


async def incident_of(stand: Stand, instance: str) -> str:
    async with UnitOfWork(stand.house.database) as unit:
        (found,) = await Board(unit).incidents(instance=instance)
    return f"{instance}#{found.incident}"


async def test_a_task_is_done_by_an_answer_that_fits_its_form(mended: Stand, oms: Oms) -> None:
    await mended.deploy(ASK)
    await mended.start("ask", "cli-ask-1")
    await mended.rest()

    (task,) = (await oms.document("tasks list", "--role", "planning"))["tasks"]
    told = await oms.document(
        "tasks complete", task["task"], "--set", "decision=approve", "--set", "pieces=2", "--by", "mei"
    )

    assert task["form"] == "look"
    assert (told["status"], told["by"]) == ("completed", "mei")
    assert (await mended.ended("cli-ask-1")).variables["decision"] == "approve"
    again = await oms.inside("tasks", "complete", task["task"], "--set", "decision=approve")
    assert again.code == 1
    assert "done, by mei" in again.err


async def test_a_wrong_answer_is_told_field_by_field_and_changes_nothing(mended: Stand, oms: Oms) -> None:
    await mended.deploy(ASK)
    await mended.start("ask", "cli-ask-2")
    await mended.rest()
    (task,) = (await oms.document("tasks list"))["tasks"]

    said = await oms.inside("tasks", "complete", task["task"], "--set", "decision=maybe", "--set", "pieces=0", "--json")
    misspelt = await oms.inside("tasks", "complete", task["task"], "--set", "decison=approve")

    assert said.code == 2
    assert [(one["field"], one["code"]) for one in said.json["fields"]] == [
        ("decision", "choice"),
        ("pieces", "minimum"),
    ]
    assert "Did you mean 'decision'?" in misspelt.err
    assert await mended.open("cli-ask-2") == ["Look"]


async def test_a_task_that_is_misspelt_is_answered_with_those_there_are(mended: Stand, oms: Oms) -> None:
    await mended.deploy(ASK)
    await mended.start("ask", "cli-ask-3")
    await mended.rest()
    (task,) = (await oms.document("tasks list"))["tasks"]

    said = await oms.inside("tasks", "complete", task["task"] + "1", "--set", "decision=approve")

    assert said.code == 1
    assert task["task"] in said.err


async def test_an_incident_is_listed_and_retried(mended: Stand, oms: Oms) -> None:
    await mended.deploy(BREAKS)
    await mended.start("breaks", "cli-inc-1", n=1)
    await mended.rest()

    (listed,) = (await oms.document("incidents list"))["incidents"]
    told = await oms.document("incidents retry", listed["incident"], "--reason", "it is back")

    assert "told to be away" in listed["message"]
    assert told["action"] == "retry"
    await mended.rest()
    assert await incident_of(mended, "cli-inc-1") != listed["incident"]


@pytest.mark.parametrize("how", ["complete", "skip", "move"])
async def test_an_incident_is_answered_by_hand(mended: Stand, oms: Oms, how: str) -> None:
    await mended.deploy(BREAKS)
    instance = f"cli-inc-{how}"
    await mended.start("breaks", instance, n=1)
    await mended.rest()
    asked = {
        "complete": ["--as", "complete", "--set", "n=7"],
        "skip": ["--as", "skip"],
        "move": ["--as", "move", "--to", "Ask", "--reason", "nothing to add"],
    }[how]

    told = await oms.document("incidents resolve", await incident_of(mended, instance), *asked)

    assert [node["element"] for node in told["nodes"]] == ["Ask"]
    assert await mended.open(instance) == ["Ask"]
    if how == "complete":
        assert (await mended.view(instance))["variables"]["n"] == 7


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["--as", "move", "--to", "Aks", "--reason", "x"], "Did you mean: Ask"),
        (["--as", "move", "--to", "Ask"], "--reason"),
        (["--as", "skip", "--set", "n=1"], "--set"),
        (["--as", "forget"], "complete, skip, move, retry"),
    ],
)
async def test_a_wrong_answer_to_an_incident_is_refused_before_anything_happens(
    mended: Stand, oms: Oms, asked: list[str], says: str
) -> None:
    await mended.deploy(BREAKS)
    instance = f"cli-inc-wrong-{says.strip('-')[:4].strip()}"
    await mended.start("breaks", instance, n=1)
    await mended.rest()

    said = await oms.inside("incidents", "resolve", await incident_of(mended, instance), *asked)

    assert said.code == 2
    assert says in said.err
    assert await mended.open(instance) == ["Add"]


async def test_a_message_is_told_once_by_its_id(mended: Stand, oms: Oms) -> None:
    await mended.deploy(ORDER)
    await mended.start("order_to_cash", "order:shop:cli1", order_id="shop:cli1")
    await mended.rest()
    asked = ("order.cancel_requested", "--key", "shop:cli1", "--id", "once", "--set", "order_id=shop:cli1")

    first = await oms.document("messages publish", *asked)
    ended = await mended.ended("order:shop:cli1")
    second = await oms.document("messages publish", *asked)

    assert (first["is_new"], first["instance"]) == (True, "order:shop:cli1")
    assert ended.outcome == "completed"
    assert second["is_new"] is False


async def test_a_message_nobody_can_know_is_not_published(mended: Stand, oms: Oms) -> None:
    said = await oms.inside("messages", "publish", "order.cancel_request", "--key", "x")
    assert said.code == 2
    assert "order.cancel_requested" in said.err


@pytest.mark.parametrize("ttl", ["2 hours", "P1Y", "-PT1H", "P99999999D"])
async def test_a_message_waits_for_a_length_of_time(mended: Stand, oms: Oms, ttl: str) -> None:
    assert (await oms.inside("messages", "publish", "stock.arrived", "--key", "x", f"--ttl={ttl}")).code == 2


async def test_an_order_is_cancelled_through_its_process(mended: Stand, oms: Oms) -> None:
    shop = Shop(mended.house.database)
    await shop.take_in(an_order(("cli21", "TEA", 1), number="cli2"))
    await mended.deploy(ORDER)
    about = About(business_key="shop:cli2", channel="shop")
    await mended.house.starter.start(
        "order_to_cash", "order:shop:cli2", {"order_id": "shop:cli2"}, about=about, at=now()
    )
    await mended.rest()

    told = await oms.document("orders cancel", "shop:cli2", "--by", "mei")
    await mended.ended("order:shop:cli2")
    await mended.rest()

    assert (told["taken"], told["money"]) == (True, "nothing_was_paid")
    history = (await oms.document("orders history", "shop:cli2"))["records"]
    (heard,) = (one for one in history if one["kind"] == "message_caught")
    assert "/mei-" in heard["detail"]["message_id"]
    late = await oms.inside("orders", "cancel", "shop:cli2")
    assert late.code == 1
    assert "is over" in late.err


async def test_without_an_answer_the_command_gives_up_and_says_so(mended: Stand, oms: Oms) -> None:
    """A person must not wait for ever for workers that are not there."""
    settings.cache_clear()
    with pytest.raises(WorldUnavailable, match="No worker answered"):
        await asyncio.to_thread(asking.ask_house, lambda _: asyncio.sleep(60), seconds=0.05)


async def test_a_cluster_that_does_not_answer_is_exit_3(
    mended: Stand, oms: Oms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMS_TEMPORAL", f"127.0.0.1:{free_port()}")
    said = await oms.inside("messages", "publish", "stock.arrived", "--key", "x", "--json")
    assert said.code == 3
    assert said.json["error"] == "unavailable"


async def test_the_doctor_finds_a_running_cluster_sound(
    mended: Stand, oms: Oms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMS_PROCESSES")
    found = {one["check"]: one for one in (await oms.document("doctor"))["findings"]}
    assert {found[name]["state"] for name in ("temporal", "namespace", "search-attributes", "workers")} == {"ok"}


async def test_the_doctor_names_a_namespace_that_is_missing(
    mended: Stand, oms: Oms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMS_NAMESPACE", "nowhere")
    said = await oms.inside("doctor", "--json")
    found = {one["check"]: one for one in said.json["findings"]}
    assert said.code == 1
    assert found["namespace"]["state"] == "fail"
    assert "namespace create nowhere" in found["namespace"]["fix"]
