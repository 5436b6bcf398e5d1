"""Running instances go on in another version, on a real Temporal server; their histories still replay by themselves."""

from __future__ import annotations

import pytest

from oms_workflow.engine.bundle import unpack
from oms_workflow.engine.migration.identity import fingerprint
from oms_workflow.errors import OrderRefused
from oms_workflow.store.instances import Instances
from oms_workflow.store.process_versions import ProcessVersions
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import instructions, names
from tests.temporal.stand import CALLS, Stand, now

pytestmark = pytest.mark.server

OLD = """
process moves
  start S
  user Ask owner=planning
  catch Late on=Ask timer=P1D
  service Add type=test.add in.n==n out.n==n
  call Do process=helps
  end E
  S -> Ask -> Add -> Do -> E
  Late -> E
process helps
  start T
  user Help owner=planning
  T -> Help
"""
NEW = """
process moves
  start S
  user Check owner=planning
  catch Over on=Check timer=P1D
  catch Stop on=Check message=stop key==order
  service Add type=test.add in.n==n out.n==n
  service Twice type=test.add in.n==n out.n==n
  call Do process=assists
  end E
  S -> Check -> Add -> Twice -> Do -> E
  Over -> E
  Stop -> E
process assists
  start T
  user Assist owner=planning
  T -> Assist
"""
PLAN: dict[str, str | None] = {"Ask": "Check", "Late": "Over"}


async def migrate(stand: Stand, instance: str, elements: dict[str, str | None], version: int = 2) -> dict[str, object]:
    async with UnitOfWork(stand.house.database) as unit:
        versions = ProcessVersions(unit)
        packed = await versions.bundle("moves", version)
        source = await versions.bundle("moves", 3 - version)
        (target,) = [one for one in await versions.all("moves") if one.version == version]
    assert packed is not None
    assert source is not None
    told = instructions.Migrate(
        by="mei",
        reason="the new checks",
        at=now().isoformat(),
        sha256=target.sha256,
        version=version,
        from_version=3 - version,
        source=fingerprint(unpack(source).definition),
        elements=elements,
    )
    return await stand.house.operator.instruct(instance, names.MIGRATE, packed, told)


async def begun(stand: Stand, instance: str) -> None:
    await stand.deploy(OLD)
    await stand.start("moves", instance, n=1, order=instance)
    await stand.rest()
    await stand.deploy(NEW)


async def test_an_instance_goes_on_in_the_new_version_to_its_end(stand: Stand):
    """What it calls from then on comes from the new bundle, which its own history holds."""
    await begun(stand, "moves-1")

    view = await migrate(stand, "moves-1", PLAN)
    await stand.rest()

    assert [one["element"] for one in view["tokens"]] == ["Check"]
    async with UnitOfWork(stand.house.database) as unit:
        row = await Instances(unit).get("moves-1")
    assert row is not None
    assert row.version == 2
    (task,) = await (await stand.board()).tasks(instance="moves-1")
    assert task.element == "Check"
    await stand.house.operator.complete("moves-1", task.token, {}, by="ada")
    await stand.rest()
    assert len(CALLS) == 2
    (child,) = [one for one in await stand.open("moves-1") if one == "Do"]
    assert child
    found = (await stand.house.client.get_workflow_handle("moves-1").describe()).typed_search_attributes
    assert found[names.DEFINITION].startswith("moves:2:")
    await stand.replay("moves-1")


async def test_an_event_of_the_new_version_is_waited_for_at_once(stand: Stand):
    await begun(stand, "moves-2")
    await migrate(stand, "moves-2", PLAN)
    await stand.rest()

    assert await stand.publish("stop", "moves-2", "stop-1") == "moves-2"

    assert (await stand.ended("moves-2")).outcome == "completed"
    assert (await stand.records("moves-2"))[-3].element != "Late"
    await stand.replay("moves-2")


async def test_what_has_no_place_is_refused_and_leaves_no_trace(stand: Stand):
    await begun(stand, "moves-3")

    with pytest.raises(OrderRefused, match=r"'Ask' \(no-target"):
        await migrate(stand, "moves-3", {})

    assert await stand.open("moves-3") == ["Ask"]
    sent = [event.WhichOneof("attributes") for event in (await stand.history("moves-3")).events]
    assert not any("update" in name for name in sent)


async def test_there_and_back_and_not_twice(stand: Stand):
    await begun(stand, "moves-4")
    await migrate(stand, "moves-4", PLAN)
    with pytest.raises(OrderRefused, match="runs another one"):
        await migrate(stand, "moves-4", PLAN)

    await migrate(stand, "moves-4", {"Check": "Ask", "Over": "Late", "Stop": None}, version=1)
    await stand.rest()

    assert await stand.open("moves-4") == ["Ask"]
    kinds = [one.kind.value for one in await stand.records("moves-4")]
    assert kinds.count("migrated") == 2
    await stand.replay("moves-4")


async def test_a_migrated_instance_continues_as_new_in_its_new_version(short: Stand):
    await begun(short, "moves-5")
    await migrate(short, "moves-5", PLAN)
    began = (await short.house.client.get_workflow_handle("moves-5").describe()).run_id
    for n in range(30):
        await short.house.operator.set_variables("moves-5", {"x": n}, by="mei")
    await short.rest()

    assert (await short.house.client.get_workflow_handle("moves-5").describe()).run_id != began
    assert await short.open("moves-5") == ["Check"]
    await short.house.operator.complete("moves-5", await short.token("moves-5", "Check"), {}, by="ada")
    await short.rest()
    assert await short.open("moves-5") == ["Do"]
    await short.replay("moves-5")
