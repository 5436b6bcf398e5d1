"""`oms instances migrate` on a real Temporal server: looked at first, then done, and turned back."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from oms_workflow.cli.instances.batch import Turns
from oms_workflow.cli.instances.plan_file import read_plans
from oms_workflow.store.instances import Instances
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.starting import About
from tests.domain.orders_for_tests import an_order
from tests.store.shop import Shop
from tests.temporal.stand import Stand, now
from tests.temporal.test_migrating import NEW, OLD, PLAN

from .conftest import Oms
from .test_mending import mended

__all__ = ["mended"]

pytestmark = pytest.mark.server

OLD_HELPS = "process helps" + OLD.split("process helps")[1]
WHY = ("--reason", "the new checks", "--by", "mei")


def plan(folder: Path, told: Any = None) -> Path:
    path = folder / "plan.json"
    whole = {"process": "moves", "from": 1, "to": 2, "map": PLAN}
    path.write_text(json.dumps(told if isinstance(told, list) else whole | (told or {})))
    return path


async def begun(stand: Stand, *instances: str) -> None:
    await stand.deploy(OLD)
    for instance in instances:
        await stand.start("moves", instance, n=1, order=instance)
    await stand.rest()
    await stand.deploy(NEW)


def outcomes(told: dict[str, Any]) -> dict[str, str]:
    return {one["instance"]: one["outcome"] for one in told["instances"]}


async def test_a_batch_is_checked_done_and_turned_back(mended: Stand, oms: Oms, tmp_path: Path) -> None:
    await begun(mended, "mig-1", "mig-2")
    asked = ("--plan", plan(tmp_path), "--rate", "100")

    looked = await oms.document("instances migrate", *asked, "--check")
    assert outcomes(looked) == {"mig-1": "can", "mig-2": "can"}
    assert looked["instances"][0]["moved"] == [{"from": "Ask", "to": "Check"}]
    assert looked["instances"][0]["stands"] == ["Check"]
    assert looked["counts"] == [{"process": "moves", "outcome": "can", "instances": 2}]
    assert await mended.open("mig-1") == ["Ask"]

    done = await oms.document("instances migrate", *asked, *WHY)
    await mended.rest()
    assert outcomes(done) == {"mig-1": "migrated", "mig-2": "migrated"}
    assert await mended.open("mig-2") == ["Check"]
    assert (await oms.document("instances migrate", *asked, *WHY))["instances"] == []

    back = await oms.document("instances migrate", *asked, "--revert", *WHY)
    await mended.rest()
    assert outcomes(back) == {"mig-1": "migrated", "mig-2": "migrated"}
    assert await mended.open("mig-1") == ["Ask"]
    await mended.replay("mig-1")


async def test_who_cannot_go_is_told_why_and_keeps_nobody_else(mended: Stand, oms: Oms, tmp_path: Path) -> None:
    await begun(mended, "mig-3", "mig-4")
    await mended.house.operator.complete("mig-3", await mended.token("mig-3", "Ask"), {}, by="ada")
    await mended.rest()

    said = await oms.inside("instances", "migrate", "--plan", plan(tmp_path, {"map": {}}), *WHY, "--json")

    assert said.code == 1
    assert outcomes(said.json) == {"mig-3": "migrated", "mig-4": "cannot"}
    assert said.json["instances"][1]["findings"], said.out
    found = said.json["instances"][1]["findings"]
    assert [(one["code"], one["element"]) for one in found] == [("no-target", "Ask"), ("no-target", "Late")]
    assert found[0]["line"] > 0
    assert await mended.open("mig-4") == ["Ask"]


async def test_one_instance_can_go_first(mended: Stand, oms: Oms, tmp_path: Path) -> None:
    await begun(mended, "mig-5", "mig-6")
    done = await oms.document("instances migrate", "--plan", plan(tmp_path), "--instance", "mig-5", *WHY)
    assert outcomes(done) == {"mig-5": "migrated"}
    assert await mended.open("mig-6") == ["Ask"]


HELP: dict[str, Any] = {"process": "helps", "from": 1, "to": 2, "map": {"Help": "Assist"}}


async def calling(stand: Stand, instance: str) -> str:
    """An instance that has called another and waits for it; gives the called one."""
    await begun(stand, instance)
    await stand.deploy(OLD_HELPS.replace("Help", "Assist"))
    await stand.house.operator.complete(instance, await stand.token(instance, "Ask"), {}, by="ada")
    await stand.rest()
    async with UnitOfWork(stand.house.database) as unit:
        (child,) = [one for one in await Instances(unit).of_order(instance) if one.parent]
    return child.workflow_id


async def test_one_file_takes_caller_and_called_along(mended: Stand, oms: Oms, tmp_path: Path) -> None:
    """The caller goes on waiting for the very instance it called, which ends by the new diagram of its own."""
    child = await calling(mended, "mig-7")
    path = tmp_path / "plans.json"
    path.write_text(json.dumps([{"process": "moves", "from": 1, "to": 2, "map": PLAN}, HELP]))

    done = await oms.document("instances migrate", "--plan", path, "--instance", "mig-7", *WHY)
    await mended.rest()

    assert outcomes(done) == {"mig-7": "migrated", child: "migrated"}
    assert await mended.open(child) == ["Assist"]
    await mended.house.operator.complete(child, await mended.token(child, "Assist"), {}, by="ada")
    assert (await mended.ended("mig-7")).outcome == "completed"
    await mended.replay("mig-7")
    await mended.replay(child)

    back = await oms.document("instances migrate", "--plan", path, "--revert", *WHY)
    assert back["instances"] == []


async def test_history_names_each_node_as_it_was_drawn_then(mended: Stand, oms: Oms, tmp_path: Path) -> None:
    """The diagram that runs now knows nothing of the ids that were."""
    await Shop(mended.house.database).take_in(an_order(("mig1", "TEA", 1), number="mig1"))
    named = OLD.replace("user Ask", 'user Ask name="Ask the buyer"')
    await mended.deploy(named)
    about = About(business_key="shop:mig1", channel="shop")
    await mended.house.starter.start("moves", "mig-20", {"n": 1, "order": "x"}, about=about, at=now())
    await mended.rest()
    await mended.deploy(NEW.replace("user Check", 'user Check name="Check with the buyer"'))
    await oms.document("instances migrate", "--plan", plan(tmp_path), "--instance", "shop:mig1", *WHY)
    await mended.rest()

    told = (await oms.document("orders history", "shop:mig1"))["records"]
    shown = " ".join((await oms.inside("orders", "history", "shop:mig1")).out.split())  # narrow terminals wrap it

    assert [one["name"] for one in told if one["element"] == "Ask"] == ["Ask the buyer"] * 2
    assert [one["name"] for one in told if one["kind"] == "token_migrated"] == ["Check with the buyer"]
    assert "by mei: version 1 to 2, the new checks" in shown
    assert "takes the place of: Ask" in shown


async def test_called_ones_stay_when_only_the_caller_is_meant(mended: Stand, oms: Oms, tmp_path: Path) -> None:
    child = await calling(mended, "mig-8")
    path = tmp_path / "plans.json"
    path.write_text(json.dumps([{"process": "moves", "from": 1, "to": 2, "map": PLAN}, HELP]))

    done = await oms.document("instances migrate", "--plan", path, "--instance", "mig-8", "--alone", *WHY)
    await mended.rest()

    assert outcomes(done) == {"mig-8": "migrated"}
    await mended.house.operator.complete(child, await mended.token(child, "Help"), {}, by="ada")
    assert (await mended.ended("mig-8")).outcome == "completed"


async def test_a_batch_that_was_cut_short_goes_on_where_it_was(mended: Stand, oms: Oms, tmp_path: Path) -> None:
    await begun(mended, "mig-9", "mig-10", "mig-11")
    asked = ("--plan", plan(tmp_path), "--rate", "100", "--results", tmp_path / "results.jsonl")
    first = await oms.document("instances migrate", *asked, "--check")
    written = (tmp_path / "results.jsonl").read_bytes().splitlines(keepends=True)
    assert [json.loads(line)["instance"] for line in written[1:]] == ["mig-9", "mig-10", "mig-11"]
    (tmp_path / "results.jsonl").write_bytes(b"".join(written[:2]) + written[2][:20])  # as a killed batch leaves it

    again = await oms.document("instances migrate", *asked, "--check")

    assert outcomes(first) == {"mig-9": "can", "mig-10": "can", "mig-11": "can"}
    assert outcomes(again) == {"mig-10": "can", "mig-11": "can"}
    assert again["counts"] == [{"process": "moves", "outcome": "can", "instances": 3}]
    assert len((tmp_path / "results.jsonl").read_bytes().splitlines()) == 4
    other = await oms.inside("instances", "migrate", *asked, *WHY)
    assert (other.code, "holds no results of this batch" in other.err) == (2, True)


async def test_a_plan_is_drafted_and_can_be_used_as_it_is(mended: Stand, oms: Oms, tmp_path: Path) -> None:
    await begun(mended, "mig-12")
    said = await oms.inside("instances", "migrate", "--draft", "--process", "moves", "--from", "1", "--to", "2")
    assert said.code == 0
    assert said.json == {"process": "moves", "from": 1, "to": 2, "map": PLAN}
    assert "Ask -> Check" in said.err
    path = tmp_path / "drafted.json"
    path.write_text(said.out)
    assert outcomes(await oms.document("instances migrate", "--plan", path, "--check")) == {"mig-12": "can"}
    wrong = await oms.inside("instances", "migrate", "--draft", "--process", "moves")
    assert (wrong.code, "--from" in wrong.err) == (2, True)


async def test_turns_are_no_nearer_to_each_other_than_the_rate_allows() -> None:
    turns, loop = Turns(100), asyncio.get_running_loop()
    began = loop.time()
    for _ in range(4):
        await turns.take()
    assert loop.time() - began >= 0.03


@pytest.mark.parametrize(
    ("told", "more", "code", "says"),
    [
        ({"map": {"Aks": "Check"}}, WHY, 1, "names 'Aks'"),
        ({"map": {"Ask": "Chekc"}}, WHY, 1, "names 'Chekc'"),
        ({"to": 1}, WHY, 2, "'to'"),
        ({"to": "2"}, WHY, 2, "'to'"),
        ({"mpa": {}}, WHY, 2, "'mpa'"),
        ({"map": {"Ask": 3}}, WHY, 2, "'map'"),
        ({"to": 9}, WHY, 1, "Version 9"),
        ({"map": {"Ask": "Check", "Add": "Check"}}, (*WHY, "--revert"), 2, "no way back"),
        ({}, (), 2, "--reason"),
        ([], WHY, 2, "'[]'"),
        ([{"process": "moves", "from": 1, "to": 2}, {"process": "moves", "from": 2, "to": 1}], WHY, 2, "two plans"),
    ],
)
async def test_a_plan_that_cannot_be_meant_is_refused_before_anything_happens(
    mended: Stand, oms: Oms, tmp_path: Path, told: Any, more: tuple[str, ...], code: int, says: str
) -> None:
    await mended.deploy(OLD)
    await mended.deploy(NEW)
    said = await oms.inside("instances", "migrate", "--plan", plan(tmp_path, told), *more)
    assert (said.code, says in said.err) == (code, True), said.err


def test_the_plans_in_the_documentation_are_some(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    told = [part.split("```")[0] for part in text.split("```json\n")[1:]]
    for number, one in enumerate(told):
        (tmp_path / f"{number}.json").write_text(one)

    (read,) = read_plans(tmp_path / "0.json")
    caller, called = read_plans(tmp_path / "1.json")

    assert (read.process, read.from_version, read.to_version) == ("order_to_cash", 3, 4)
    assert read.elements == {"CheckAddress": "VerifyAddress", "OldReminder": None}
    assert (caller.process, called.process, called.elements) == ("order_to_cash", "fulfilment", {})
    assert len(told) == 2
