"""Every outside effect happens once per key: retried, interleaved, concurrent, with lost answers, across a crash."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from oms_workflow.connect.world.calls import UNLUCKY_AT_MOST
from oms_workflow.connect.world.script.reading import parse_script
from oms_workflow.connect.world.world import World
from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.ports.carrier_gateway import CarrierGateway
from oms_workflow.errors import OrderRefused, WorldUnavailable

from .conftest import OpenWorld
from .outside import DAY, HOUR, MORNING, Outside

Ask = Callable[[Outside, datetime], Awaitable[Any]]

AUTHORISE, CAPTURE = TransactionKind.AUTHORISE, TransactionKind.CAPTURE
REFUND, VOID = TransactionKind.REFUND, TransactionKind.VOID


def _label(shipment: str, key: str) -> Ask:
    return lambda outside, at: outside.label(shipment, key=key, at=at)


def _submit(fulfilment: str, key: str) -> Ask:
    return lambda outside, at: outside.submit(fulfilment, key=key, at=at)


def _stop(fulfilment: str, key: str) -> Ask:
    return lambda outside, at: outside.stop(fulfilment, key=key, at=at)


def _pay(kind: TransactionKind, amount: str, parent: str, key: str) -> Ask:
    return lambda outside, at: outside.pay(kind, amount, parent=parent, key=key, at=at)


REQUESTS: dict[str, Ask] = {
    "submit 1": _submit("shop:1.F1", "s1"),
    "submit 2": _submit("shop:1.F2", "s2"),
    "label 1": _label("shop:1.F1.S1", "l1"),
    "label 2": _label("shop:1.F2.S1", "l2"),
    "stop 1": _stop("shop:1.F1", "c1"),
    "stop 2": _stop("shop:1.F2", "c2"),
    "authorise": _pay(AUTHORISE, "100.00", "", "T1"),
    "refund part": _pay(REFUND, "60.00", "alipay-1", "T2"),
    "refund rest": _pay(REFUND, "40.00", "alipay-1", "T3"),
    "void": _pay(VOID, "10.00", "alipay-2", "T4"),
}
"""One request for each key."""


@dataclass
class Retrying:
    """Somebody who asks again until there is an answer, and checks that it stays the same."""

    outside: Outside
    answers: dict[str, Any] = field(default_factory=dict)

    async def ask(self, name: str, at: datetime) -> None:
        try:
            answer = await REQUESTS[name](self.outside, at)
        except WorldUnavailable:
            return
        assert self.answers.setdefault(name, answer) == answer, f"{name} was answered in two ways"


async def effects(outside: Outside) -> dict[str, int]:
    """Give effects by key, after the books were found to be sound."""
    audit = await outside.world.audit()
    assert audit.contradictions == ()
    return {one.key: one.effects for one in audit.keys}


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(st.tuples(st.sampled_from(sorted(REQUESTS)), st.integers(0, 48)), max_size=30),
    seed=st.integers(0, 1000),
)
def test_any_interleaving_of_retries_acts_once_per_key(steps: list[tuple[str, int]], seed: int) -> None:
    """Calls fail, answers are lost, keys are repeated in any order, at any time: the books stay sound."""

    async def run(folder: str) -> None:
        chances = {"unavailable": 0.2, "answer_lost": 0.3, "duplicate": 0.3, "late": 0.3}
        script = parse_script(json.dumps({"chances": chances}))
        world = await World.open(f"sqlite:///{folder}/world.db", script, seed=seed)
        somebody = Retrying(Outside(world))
        for name, hours in steps:
            await somebody.ask(name, MORNING + hours * HOUR)
        assert set((await effects(somebody.outside)).values()) <= {0, 1}
        for name in dict.fromkeys(name for name, _ in steps):
            for _ in range(UNLUCKY_AT_MOST + 2):  # one more for an answer lost, one more for luck spent on others
                await somebody.ask(name, MORNING + 3 * DAY)
            assert name in somebody.answers, f"{name} was never answered"
        await effects(somebody.outside)
        await world.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(folder))


async def test_the_same_key_gets_the_same_answer_and_acts_once(open_any_world: OpenWorld) -> None:
    """A retry after a time-out is the normal case, on every kind of database."""
    outside = await open_any_world()
    for name in REQUESTS:
        somebody = Retrying(outside)
        for hours in (0, 1, 24):
            await somebody.ask(name, MORNING + hours * HOUR)
        assert name in somebody.answers
    assert set((await effects(outside)).values()) == {1}


async def test_goods_that_left_are_not_stopped_though_a_later_van_is_planned(open_any_world: OpenWorld) -> None:
    """A second label makes a second van, and the first parcel is on its way all the same."""
    outside = await open_any_world()
    await REQUESTS["submit 1"](outside, MORNING)
    await REQUESTS["label 1"](outside, MORNING)
    await REQUESTS["label 2"](outside, MORNING + 3 * DAY)

    answer = await REQUESTS["stop 1"](outside, MORNING + 3 * DAY)

    assert answer.verdict.value == "rejected"
    await effects(outside)


async def test_eight_at_once_with_one_key_act_once(open_any_world: OpenWorld) -> None:
    """A worker that was believed dead comes back while its successor is at it."""
    outside = await open_any_world()
    for name in ("submit 1", "label 1", "authorise", "stop 1"):
        answers = await asyncio.gather(*(REQUESTS[name](outside, MORNING) for _ in range(8)))
        assert all(answer == answers[0] for answer in answers)
    counted = await outside.world.audit()
    assert counted.is_clean
    assert {one.calls for one in counted.keys} == {8}
    assert {one.effects for one in counted.keys} == {1}


async def test_eight_at_once_cannot_refund_more_than_was_captured(open_any_world: OpenWorld) -> None:
    """Each with a key of its own: the provider's limit holds under concurrency."""
    outside = await open_any_world()
    promised = await outside.pay(AUTHORISE, "100.00")
    captured = await outside.pay(CAPTURE, "100.00", parent=promised.provider_ref, at=MORNING + DAY)
    answers = await asyncio.gather(
        *(
            outside.pay(REFUND, "30.00", parent=captured.provider_ref, key=f"R{number}", at=MORNING + DAY)
            for number in range(8)
        )
    )
    assert Counter(answer.verdict.value for answer in answers) == {"succeeded": 3, "declined": 5}
    assert (await outside.world.audit()).is_clean


async def test_two_worlds_in_one_database_are_one_world(open_any_world: OpenWorld) -> None:
    """Several worker processes use it at once; cancelling and labelling meet in it."""
    here, there = Retrying(await open_any_world()), Retrying(await open_any_world())
    names = list(REQUESTS) * 2
    await asyncio.gather(
        *(one.ask(name, MORNING + hours * HOUR) for hours, name in enumerate(names) for one in (here, there))
    )
    assert here.answers == there.answers
    assert set(here.answers) == set(REQUESTS)
    assert set((await effects(here.outside)).values()) <= {0, 1}  # 0: a cancellation that came too late
    assert await here.outside.told() == await there.outside.told()


CHILD = """
import asyncio, os, sys
from oms_workflow.connect.world.world import World
from tests.connect.outside import Outside

async def main():
    outside = Outside(await World.open(sys.argv[1]))
    await outside.submit()
    await outside.label()
    os._exit(9)  # dies before anybody can note the answer

asyncio.run(main())
"""


async def test_after_a_crash_between_effect_and_answer_the_world_still_knows(
    open_any_world: OpenWorld, world_url: str
) -> None:
    """Our process dies with the label booked and nothing written down; its successor finds that label."""
    outside = await open_any_world()
    root = Path(__file__).parents[2]
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", CHILD, world_url, cwd=root)
    assert await child.wait() == 9
    booked = {one.body["tracking_number"] for one in await outside.told("carrier")}
    assert len(booked) == 1

    found = await outside.label()

    assert {found.tracking_number} == booked
    counted = await outside.world.audit()
    assert counted.is_clean
    assert {(one.operation, one.calls, one.effects) for one in counted.keys} == {("submit", 1, 1), ("label", 2, 1)}


async def test_a_caller_that_gives_up_waiting_stops_nothing(open_world: OpenWorld) -> None:
    """An activity that timed out may have booked the parcel: the world works on, as carriers do."""
    outside = await open_world()
    waiting = asyncio.create_task(outside.label())
    await asyncio.sleep(0)  # let it ask
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await outside.label()
    assert set((await effects(outside)).values()) == {1}


async def test_a_lost_answer_is_lost_once(open_world: OpenWorld) -> None:
    """For every system; asked again there is the answer, and one effect."""
    systems = ("payment", "carrier", "warehouse")
    outside = await open_world(*({"fails": [{"system": one, "how": "answer_lost"}]} for one in systems))
    for name in ("authorise", "label 1", "submit 1"):
        with pytest.raises(WorldUnavailable):
            await REQUESTS[name](outside, MORNING)
        await REQUESTS[name](outside, MORNING)
    assert set((await effects(outside)).values()) == {1}


async def test_a_key_belongs_to_one_request(open_world: OpenWorld) -> None:
    """The same key for another parcel is a mistake of ours, and is told instead of hidden."""
    outside = await open_world()
    await outside.label(parcel=1, key="k")
    with pytest.raises(OrderRefused) as refused:
        await outside.label(parcel=2, key="k")
    assert refused.value.code == "ORDER_MISMATCH"
    assert "Li Si" not in str(refused.value)
    assert await outside.port(CarrierGateway).cancel_label("sf", "nobody's number", key="k") is False


async def test_the_same_seed_makes_the_same_world(tmp_path: Path) -> None:
    """A failing run can be run again."""

    async def course(name: str, seed: int) -> list[Any]:
        world = await World.open(f"sqlite:///{tmp_path / name}.db", seed=seed)
        outside = Outside(world)
        await outside.submit()
        await outside.label()
        told = [(one.id, one.due_at, one.body) for one in await outside.told()]
        await world.close()
        return told

    assert await course("a", 1) == await course("b", 1)
    assert [moment for _, moment, _ in await course("c", 2)] != [moment for _, moment, _ in await course("d", 1)]


def everything_in(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.iterdir())


async def test_the_world_keeps_no_personal_data(open_world: OpenWorld, tmp_path: Path) -> None:
    """Its file may be copied to whoever looks into a failure."""
    contact = {"name": "Wang Wu", "country": "CN", "street": "中山路"}
    outside = await open_world({"buyer": {"moves": [{"after": "PT1H", "to": contact}]}})
    await outside.begin()
    await outside.submit()
    await outside.label()
    await outside.world.close()
    kept = everything_in(tmp_path)
    for word in ("Li Si", "13800138000", "Wang Wu", "中山路"):
        assert word.encode() not in kept


def test_only_a_database_that_lasts_is_taken(world_url: str) -> None:
    """A world in memory would forget what it did with the process that asked."""
    assert make_url(world_url).database

    async def refused(url: str) -> None:
        with pytest.raises(ValueError, match="world's database"):
            await World.open(url)

    asyncio.run(refused("sqlite://"))
    asyncio.run(refused("mysql://localhost/world"))
