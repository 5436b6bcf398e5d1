"""`oms instances migrate` on a real Temporal server: looked at first, then done, and turned back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from oms_workflow.cli.instances.plan_file import read_plan
from tests.temporal.stand import Stand
from tests.temporal.test_migrating import NEW, OLD, PLAN

from .conftest import Oms
from .test_mending import mended

__all__ = ["mended"]

pytestmark = pytest.mark.server

WHY = ("--reason", "the new checks", "--by", "mei")


def plan(folder: Path, **told: Any) -> Path:
    path = folder / "plan.json"
    path.write_text(json.dumps({"process": "moves", "from": 1, "to": 2, "map": PLAN} | told))
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

    said = await oms.inside("instances", "migrate", "--plan", plan(tmp_path, map={}), *WHY, "--json")

    assert said.code == 1
    assert outcomes(said.json) == {"mig-3": "migrated", "mig-4": "cannot"}
    found = said.json["instances"][1]["findings"]
    assert [(one["code"], one["element"]) for one in found] == [("no-target", "Ask"), ("no-target", "Late")]
    assert found[0]["line"] > 0
    assert await mended.open("mig-4") == ["Ask"]


async def test_one_instance_can_go_first(mended: Stand, oms: Oms, tmp_path: Path) -> None:
    await begun(mended, "mig-5", "mig-6")
    done = await oms.document("instances migrate", "--plan", plan(tmp_path), "--instance", "mig-5", *WHY)
    assert outcomes(done) == {"mig-5": "migrated"}
    assert await mended.open("mig-6") == ["Ask"]


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
    ],
)
async def test_a_plan_that_cannot_be_meant_is_refused_before_anything_happens(
    mended: Stand, oms: Oms, tmp_path: Path, told: dict[str, Any], more: tuple[str, ...], code: int, says: str
) -> None:
    await mended.deploy(OLD)
    await mended.deploy(NEW)
    said = await oms.inside("instances", "migrate", "--plan", plan(tmp_path, **told), *more)
    assert (said.code, says in said.err) == (code, True), said.err


def test_the_plan_in_the_documentation_is_one(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    path = tmp_path / "plan.json"
    path.write_text(text.split("```json\n")[1].split("```")[0])

    read = read_plan(path)

    assert (read.process, read.from_version, read.to_version) == ("order_to_cash", 3, 4)
    assert read.elements == {"CheckAddress": "VerifyAddress", "OldReminder": None}
