"""Knowing where instances are whose time is being skipped, and when they have come to rest. Moves nothing itself."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from oms_workflow.errors import WorldUnavailable
from oms_workflow.store.attempts import Attempts
from oms_workflow.store.clocks import Clocks, InstanceClock
from oms_workflow.store.database import Database
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import names

LOOK_EVERY = 0.02  # seconds between two looks at the database while few instances run
LOOK_RARELY = 0.08  # and while many do: one of them always has news
MANY = 12
HELP_AFTER = timedelta(milliseconds=300)  # of work: an activity that failed may be pausing
ASK_AFTER = timedelta(seconds=3)  # of silence of all instances; while some move, the others may wait for their turn
ASK_ANYWAY = timedelta(minutes=1)  # however busy the others are
ASKED_AT_ONCE = 50  # being asked is work too: many asked at once would be slower, and be asked again
SKIP_SECONDS = 3.0  # some milliseconds are usual
GIVE_UP_AFTER = timedelta(minutes=5)  # of silence; longer than workers and server take to come back after a crash
RETRY_SKIP = timedelta(minutes=10)  # of an activity's pause between two attempts; above the longest default pause
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
SLACK = timedelta(seconds=2)  # two looks overlap by it, as rows may be committed out of order


class Watch:
    """The clocks of all instances, followed by reading what changed. However many wait, they share one look."""

    def __init__(self, database: Database, client: Client) -> None:
        self._database = database
        self._client = client
        self._skipper = TimeSkipper(client, config=TimeSkippingConfig(disable_propagation=True))
        self._clocks: dict[str, InstanceClock] = {}
        self._running: dict[str, dict[str, InstanceClock]] = {}  # order -> instance -> clock
        self._called: dict[str, int] = {}  # instance -> called processes that run
        self._touched: dict[str, None] = {}
        self._expected: dict[str, datetime] = {}  # instance -> wall time after which it has to tell something
        self._since = LONG_AGO
        self._moved = LONG_AGO  # when some instance got on, by the wall
        self._trying: set[str] = set()  # instances with an activity that failed and is tried again
        self._helped = self._since
        self._looking = asyncio.Lock()
        self._next_look: asyncio.Task[None] | None = None

    def running(self, key: str | None = None) -> list[InstanceClock]:
        """Give the instances that are not over: those of one order, or all."""
        if key is not None:
            return list(self._running.get(key, {}).values())
        return [clock for of_order in self._running.values() for clock in of_order.values()]

    def orders(self) -> frozenset[str]:
        """Give the ids of orders with an instance that is not over."""
        return frozenset(self._running)

    def touched(self) -> list[InstanceClock]:
        """Give the instances that told something since the last call."""
        moved = [self._clocks[instance] for instance in self._touched]
        self._touched = {}
        return moved

    def now_of(self, clock: InstanceClock) -> datetime:
        """Give the time of an instance now: the one it told, and what has passed on the wall since."""
        return clock.at + (_wall() - clock.told_at)

    def expect(self, instance: str) -> None:
        """Take an instance as busy until it tells something new."""
        self._expected[instance] = _wall()

    def started(self, instance: str, key: str, *, at: datetime) -> None:
        """Know of an instance that was started at a moment of the order's time, UTC: it is busy until it tells."""
        if instance not in self._clocks:
            self._note(None, _starting(instance, key, at))

    async def settled(self, key: str | None = None) -> None:
        """Wait until instances have come to rest: those of one order, or all.

        Raises:
            WorldUnavailable: When none of all instances gets on for some minutes.
        """
        began = asked = _wall()
        await self._look()
        while busy := [clock for clock in self.running(key) if self._is_busy(clock)]:
            now = _wall()
            quiet = now - max(began, self._moved)
            if quiet > GIVE_UP_AFTER:
                names_ = ", ".join(clock.instance for clock in busy[:3])
                raise WorldUnavailable(f"Instances do not come to rest: {names_}. Are workers running?")
            if now - began > HELP_AFTER:
                await self._skip_pauses(busy)
            if now - asked > (ASK_AFTER if quiet > ASK_AFTER else ASK_ANYWAY):
                asked = now
                await self._ask(busy[:ASKED_AT_ONCE])
            await self._look(after=LOOK_EVERY if len(self._running) < MANY else LOOK_RARELY)

    def _is_busy(self, clock: InstanceClock) -> bool:
        expected = self._expected.get(clock.instance)
        if expected is not None and clock.told_at <= expected:
            return True
        return not clock.idle or clock.heard < clock.told or clock.children != self._called.get(clock.instance, 0)

    async def _look(self, *, after: float = 0) -> None:
        """Read what changed; whoever wants to look before the next look begins shares it."""
        if self._next_look is None:
            self._next_look = asyncio.create_task(self._look_now(after))
        await asyncio.shield(self._next_look)

    async def _look_now(self, after: float) -> None:
        await asyncio.sleep(after)
        async with self._looking:
            self._next_look = None
            async with UnitOfWork(self._database) as unit:
                changed = await Clocks(unit).changed(self._since - SLACK)
            for clock in changed:
                known = self._clocks.get(clock.instance)
                if known != clock:
                    self._note(known, clock)
                self._since = max(self._since, clock.told_at)

    def _note(self, known: InstanceClock | None, clock: InstanceClock) -> None:
        if known is None or replace(known, at=clock.at, told_at=clock.told_at) != clock:  # more than being asked
            self._moved = _wall()
        if known is not None and not known.over:
            of_order = self._running[known.business_key]
            del of_order[known.instance]
            if not of_order:
                del self._running[known.business_key]
            self._called[known.parent] -= 1
        if not clock.over:
            self._running.setdefault(clock.business_key, {})[clock.instance] = clock
            self._called[clock.parent] = self._called.get(clock.parent, 0) + 1
        self._clocks[clock.instance] = clock
        self._touched[clock.instance] = None

    async def _skip_pauses(self, busy: list[InstanceClock]) -> None:
        """Pass the pauses of activities that failed and are tried again."""
        if _wall() - self._helped > HELP_AFTER:
            self._helped = _wall()
            async with UnitOfWork(self._database) as unit:
                self._trying = {one.instance for one in await Attempts(unit).all()}
        for clock in busy:
            if clock.instance in self._trying:
                self._trying.discard(clock.instance)  # once for each time it is found
                await self.skip(clock.instance, RETRY_SKIP)

    async def skip(self, instance: str, by: timedelta) -> None:
        """Have the server skip an instance's time; who is asked while it still skips, or is over, may not answer.

        Nobody waits for that: the next look tells where the instance is, and whether to ask again.
        """
        handle = self._client.get_workflow_handle(instance)
        with contextlib.suppress(RPCError, TimeoutError):
            await asyncio.wait_for(self._skipper.fast_forward(handle, by), SKIP_SECONDS)

    async def _ask(self, busy: list[InstanceClock]) -> None:
        """Have instances that are silent for long say where they are."""
        for clock in busy:
            with contextlib.suppress(RPCError):  # it is over, or the server is away; the next look tells
                await self._client.get_workflow_handle(clock.instance).signal(names.ASK)


def _starting(instance: str, key: str, at: datetime) -> InstanceClock:
    return InstanceClock(
        instance=instance,
        parent="",
        business_key=key,
        at=at,
        told_at=LONG_AGO,
        next_due=None,
        idle=False,
        over=False,
        children=0,
        heard=0,
    )


def _wall() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - how long something has been silent is a matter of the wall clock
