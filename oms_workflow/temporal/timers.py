"""The timers of one instance. Drawn timers are Temporal timers of their own; service levels share one alarm.

Most service levels are cancelled unheard: the node is done in time. One alarm for all of them, set to the earliest and
set again when it rings, costs a history one timer where a timer each would cost it two for every node passed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow

from oms_workflow.engine.commands import StartTimer
from oms_workflow.temporal.clock import OrderClock

ALARM = "service levels"
Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


class Timers:
    """What is to ring, by the engine's timer numbers; `ring` is told the number, and when it was due or is heard."""

    def __init__(self, clock: OrderClock, ring: Callable[[int, datetime], None], spawn: Spawn) -> None:
        self._clock = clock
        self._ring = ring
        self._spawn = spawn
        self._drawn: dict[int, tuple[StartTimer, asyncio.Task[None]]] = {}
        self._levels: dict[int, StartTimer] = {}
        self._alarm: tuple[datetime, asyncio.Task[None]] | None = None

    def start(self, timer: StartTimer) -> None:
        """Have a timer ring when it is due, at once when that has passed."""
        if timer.purpose == "catch":
            self._drawn[timer.timer] = (timer, self._spawn(self._wait_for_drawn(timer)))
        else:
            self._levels[timer.timer] = timer
            if self._alarm is None or timer.due < self._alarm[0]:  # all others are due when it rings, or later
                self._set_alarm()

    def cancel(self, number: int) -> None:
        """Have a timer not ring; the alarm may stay as it is, it asks what is due when it rings."""
        self._levels.pop(number, None)
        drawn = self._drawn.pop(number, None)
        if drawn is not None:
            drawn[1].cancel()

    def stop(self) -> None:
        """Have nothing ring any more."""
        for number in [*self._drawn, *self._levels]:
            self.cancel(number)
        self._silence()

    def catch_up(self) -> None:
        """After the clock moved ahead: ring what is due by now, first things first, and set the rest anew."""
        due = [timer for timer, _ in self._drawn.values()] + list(self._levels.values())
        now = self._clock.now()
        for timer in sorted(due, key=lambda one: (one.due, one.timer)):
            known = timer.timer in self._levels or timer.timer in self._drawn
            if timer.due <= now and known:
                self.cancel(timer.timer)
                self._ring(timer.timer, timer.due)
        for timer, task in list(self._drawn.values()):
            task.cancel()
            self.start(timer)
        self._silence()
        self._set_alarm()

    async def _wait_for_drawn(self, timer: StartTimer) -> None:
        await self._sleep(timer.due, timer.name)
        self._drawn.pop(timer.timer, None)
        self._ring(timer.timer, self._clock.now())

    def _set_alarm(self) -> None:
        earliest = min((timer.due for timer in self._levels.values()), default=None)
        if earliest is None or (self._alarm is not None and self._alarm[0] <= earliest):
            return
        self._silence()
        self._alarm = (earliest, self._spawn(self._wait_for_levels(earliest)))

    async def _wait_for_levels(self, due: datetime) -> None:
        await self._sleep(due, ALARM)
        self._alarm = None
        now = self._clock.now()
        for timer in sorted(self._levels.values(), key=lambda one: (one.due, one.timer)):
            if timer.due <= max(now, due) and timer.timer in self._levels:  # Temporal counts in milliseconds
                self.cancel(timer.timer)
                self._ring(timer.timer, now)
        self._set_alarm()

    async def _sleep(self, due: datetime, summary: str) -> None:
        left = due - self._clock.now()
        if left > timedelta(0):
            await workflow.sleep(left, summary=summary)

    def _silence(self) -> None:
        if self._alarm is not None:
            self._alarm[1].cancel()
            self._alarm = None
