"""An activity of the catalog as a Temporal activity: typed input, ports, one effect a key, errors with a meaning."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.store.attempts import FailedAttempt
from oms_workflow.temporal import heartbeat
from oms_workflow.temporal.bind import Ports, Work, bind
from oms_workflow.temporal.border import ActivityCall
from tests.temporal.stand import Answer, Told

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Function = Callable[..., Awaitable[BaseModel]]


class Shelf:
    """A port."""

    pieces = 40


class Bound:
    """One activity, bound to ports and to a store of answers, and everything it told."""

    def __init__(self, function: Function) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.tried: list[FailedAttempt] = []
        declared = node_activity("test.bound", title="Bound")(function)
        self._run = bind(declared.__node_activity__, self._once, self._tell)  # type: ignore[attr-defined]
        self.beats: list[Any] = []

    async def _once(self, key: str, activity: str, at: datetime, work: Work) -> dict[str, Any]:
        if key not in self.answers:
            ports: Ports = {Shelf: Shelf()}
            self.answers[key] = await work(ports)
        return self.answers[key]

    async def _tell(self, attempt: FailedAttempt) -> None:
        self.tried.append(attempt)

    async def __call__(self, *, attempt: int = 1, waited: timedelta = timedelta(0), **inputs: Any) -> Any:
        environment = ActivityEnvironment()
        environment.on_heartbeat = lambda *details: self.beats.append(details)
        begun = environment.info.scheduled_time
        environment.info = replace(environment.info, attempt=attempt, current_attempt_scheduled_time=begun + waited)
        call = ActivityCall(key="o1/Add:1", at=NOON.isoformat(), instance="o1", element="Add", inputs=inputs)
        return await environment.run(self._run, call)


async def test_a_call_has_typed_input_its_ports_and_the_orders_time():
    seen: list[Call] = []

    async def add(cmd: Told, call: Call, shelf: Shelf) -> Answer:
        """Add."""
        seen.append(call)
        return Answer(n=cmd.n + shelf.pieces)

    assert await Bound(add)(n=2) == {"n": 42}
    (call,) = seen
    assert (call.key, call.at, call.instance, call.element, call.attempt) == ("o1/Add:1", NOON, "o1", "Add", 1)


async def test_a_later_attempt_happens_later_in_the_orders_time():
    seen: list[datetime] = []

    async def add(cmd: Told, call: Call) -> Answer:
        """Add."""
        seen.append(call.at)
        return Answer(n=0)

    await Bound(add)(attempt=3, waited=timedelta(minutes=7))
    assert seen == [NOON + timedelta(minutes=7)]


async def test_a_second_call_with_the_same_key_gives_the_first_ones_answer():
    counted = iter(range(1, 9))

    async def add(cmd: Told) -> Answer:
        """Add."""
        return Answer(n=next(counted))

    bound = Bound(add)
    assert [await bound(), await bound()] == [{"n": 1}, {"n": 1}]


@pytest.mark.parametrize("code", ["OUT_OF_STOCK", ""])
async def test_a_refusal_is_not_repeated_and_carries_its_code(code: str):
    """The code is what a boundary event catches; without one it is an incident."""

    async def add(cmd: Told) -> Answer:
        """Add."""
        raise OrderRefused("no tea", code=code)

    bound = Bound(add)
    with pytest.raises(ApplicationError) as failed:
        await bound()

    error = failed.value
    assert (error.message, error.type, error.non_retryable) == ("no tea", "OrderRefused", True)
    assert list(error.details) == ([code] if code else [])
    assert bound.tried == []


async def test_an_outage_is_repeated_and_told_to_people():
    async def add(cmd: Told) -> Answer:
        """Add."""
        raise WorldUnavailable("the carrier does not answer")

    bound = Bound(add)
    with pytest.raises(ApplicationError) as failed:
        await bound(attempt=2)

    assert (failed.value.type, failed.value.non_retryable) == ("WorldUnavailable", False)
    (tried,) = bound.tried
    assert (tried.element, tried.attempt, tried.message) == ("Add", 2, "the carrier does not answer")


async def test_the_text_of_a_defect_reaches_neither_history_nor_people():
    """Exceptions love to quote what they choked on: names, streets, card numbers."""

    async def add(cmd: Told) -> Answer:
        """Add."""
        raise KeyError("Mrs Li, Wensan Road 5")

    bound = Bound(add)
    with pytest.raises(ApplicationError) as failed:
        await bound()

    told = f"{failed.value!r} {failed.value.__cause__!r} {bound.tried}"
    assert "Wensan" not in told
    assert failed.value.type == "KeyError"
    assert not failed.value.non_retryable
    assert failed.value.__suppress_context__


async def test_input_that_does_not_fit_names_the_field_but_not_its_value():
    async def add(cmd: Told) -> Answer:
        """Add."""
        raise AssertionError("never called")

    with pytest.raises(ApplicationError) as failed:
        await Bound(add)(n="Wensan Road 5")

    assert failed.value.non_retryable
    assert "n: " in failed.value.message
    assert "'Add'" in failed.value.message
    assert "Wensan" not in failed.value.message


async def test_long_work_gives_signs_of_life_and_short_work_none(monkeypatch: pytest.MonkeyPatch):
    """Without them an order stands still for the whole timeout when its worker is killed."""
    monkeypatch.setattr(heartbeat, "BEAT", timedelta(milliseconds=1))
    enough = asyncio.Event()

    async def wait(cmd: Told) -> Answer:
        """Wait."""
        if cmd.n:
            await enough.wait()
        return Answer(n=0)

    short, long = Bound(wait), Bound(wait)
    await short(n=0)
    assert short.beats == []

    class Beats(list[Any]):
        def append(self, beat: Any) -> None:
            super().append(beat)
            enough.set()

    long.beats = Beats()
    await long(n=1)
    assert long.beats
