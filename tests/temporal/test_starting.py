"""One order has one instance: whoever starts it, how often, at the same time, and after Temporal forgot it."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.client import Client
from temporalio.service import RPCError

from oms_workflow.errors import DiagramRefused, OrderRefused
from oms_workflow.store.instances import InstanceRow, Instances
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.devserver import serve
from oms_workflow.temporal.house import House
from oms_workflow.temporal.plugin import oms_plugin
from oms_workflow.temporal.starting import About
from tests.domain.orders_for_tests import an_order
from tests.store.shop import Shop
from tests.temporal.stand import CALLS, Stand, now

pytestmark = pytest.mark.server

COUNT = "process {process}\n  start S\n  service Add type=test.add in.n==0\n  S -> Add"
ORDERS = "process order_to_cash\n  start Received{by}\n  user Look\n  Received -> Look"


async def instances(stand: Stand, order_id: str) -> tuple[InstanceRow, ...]:
    async with UnitOfWork(stand.house.database) as unit:
        return await Instances(unit).of_order(order_id)


async def test_many_who_start_one_instance_at_once_start_it_once(stand: Stand):
    await stand.deploy(COUNT.format(process="rush"))

    starting = (stand.house.starter.start("rush", "rush-1", {}, about=About(), at=now()) for _ in range(8))
    started = await asyncio.gather(*starting)

    assert sorted(started) == [False] * 7 + [True]
    await stand.ended("rush-1")
    assert len(CALLS) == 1


async def test_an_instance_that_temporal_has_forgotten_is_not_started_again(stand: Stand):
    """Temporal keeps ids for some days; a webhook may come again after weeks, and must not ship twice."""
    await stand.deploy(COUNT.format(process="old"))
    await stand.start("old", "old-1")
    await stand.ended("old-1")
    await stand.rest()

    async with serve() as server:  # one that knows nothing stands for one that has forgotten
        blank = await Client.connect(server.address, plugins=[oms_plugin()])
        house = House(stand.house.database, blank, timelapse=True)

        assert await house.starter.start("old", "old-1", {}, about=About(), at=now()) is False

        with pytest.raises(RPCError, match="not found"):
            await blank.get_workflow_handle("old-1").describe()


@pytest.mark.parametrize("by", ["", " message=order.received"])
async def test_an_order_has_one_instance_whether_it_is_started_or_announced(stand: Stand, by: str):
    """Imports start orders, channels announce them; both may happen to one order, in either order."""
    await stand.deploy(ORDERS.format(by=by))
    numbers = ("71", "72") if by else ("73", "74")
    for number in numbers:
        await Shop(stand.house.database).take_in(an_order((f"{number}-1", "TEA", 1), number=number))
    first, second = (f"shop:{number}" for number in numbers)

    assert await stand.house.start_order(first, at=now()) is True
    await stand.publish("order.received", first, f"received-{first}", order_id=first)
    await stand.publish("order.received", second, f"received-{second}", order_id=second)
    assert await stand.house.start_order(second, at=now()) is not bool(by)
    await stand.rest()

    for order in (first, second):
        assert [one.workflow_id for one in await instances(stand, order)] == [f"order:{order}"]
        assert await stand.open(f"order:{order}") == ["Look"]
        assert await stand.house.start_order(order, at=now()) is False


async def test_a_process_that_is_not_deployed_is_named_with_the_command_that_deploys_it(stand: Stand):
    with pytest.raises(OrderRefused, match=r"'nowhere' is not deployed. Deploy it with: oms process deploy"):
        await stand.start("nowhere", "nowhere-1")


SHIPS = "process ship tag={tag}\n  start S2\n  user {work}\n  S2 -> {work}"
CALLER = "process caller\n  start S\n  call Ship process=ship bindingType=versionTag versionTag={tag}\n  S -> Ship"


async def test_a_process_called_by_its_tag_is_the_newest_with_that_tag(stand: Stand):
    """Whatever is deployed afterwards, the run keeps the version it began with."""
    for tag, work in (("1", "First"), ("1", "Second"), ("2", "Third")):
        await stand.deploy(SHIPS.format(tag=tag, work=work))
    await stand.deploy(CALLER.format(tag="1"))
    await stand.start("caller", "caller-tagged")
    await stand.rest()

    (child,) = [one async for one in stand.house.client.list_workflows("WorkflowType = 'ship'")]
    assert await stand.open(child.id) == ["Second"]
    await stand.replay("caller-tagged")
    await stand.replay(child.id)


async def test_a_tag_that_is_nowhere_keeps_the_caller_from_being_deployed(stand: Stand):
    await stand.deploy(SHIPS.format(tag="1", work="First"))

    with pytest.raises(DiagramRefused) as refused:
        await stand.deploy(CALLER.format(tag="9"))

    (found,) = refused.value.diagnostics
    assert (found.code, found.element) == ("reference-to-nothing", "Ship")
    assert "No version of process 'ship' with version tag '9' is deployed" in found.message
