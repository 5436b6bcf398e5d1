"""How fast a large parallel loop begins its items, so that other orders hardly notice that it runs.

A loop whose items are quick would take all there is: its next item begins as soon as one has ended. The first items
begin at once, which is all of them in most loops; after that, some each fifth of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow

from oms_workflow.engine.commands import RunActivity

AT_ONCE = 25  # items that begin without waiting for their turn
TURN = timedelta(milliseconds=200)
EACH_TURN = 5  # 25 a second: a third of what two cores with an embedded server do
SUMMARY = "pace of a loop"

Begin = Callable[[RunActivity], None]
Spawn = Callable[[Coroutine[Any, Any, None]], object]


class Pace:
    """Items that wait for their turn, first come, first served; `begin` is given each when it is its turn."""

    def __init__(self, begin: Begin, spawn: Spawn) -> None:
        self._begin = begin
        self._spawn = spawn
        self._waiting: dict[int, RunActivity] = {}  # by token
        self._room = AT_ONCE
        self._counted_until: datetime | None = None
        self._turns = False  # whether somebody sees to the turns

    @property
    def waiting(self) -> bool:
        """Whether items wait."""
        return bool(self._waiting)

    def add(self, command: RunActivity) -> None:
        """Have an item begin when it is its turn, perhaps at once."""
        self._waiting[command.token] = command
        self._let_begin()
        if self._waiting and not self._turns:
            self._turns = True
            self._spawn(self._take_turns())

    def leave(self, token: int) -> bool:
        """Have an item not begin; False when it did not wait."""
        return self._waiting.pop(token, None) is not None

    def clear(self) -> None:
        """Have no item begin: the next run asks for them again."""
        self._waiting.clear()

    async def _take_turns(self) -> None:
        while self._waiting:
            await workflow.sleep(TURN, summary=SUMMARY)
            self._let_begin()
        self._turns = False

    def _let_begin(self) -> None:
        self._count()
        while self._waiting and self._room > 0:
            self._room -= 1
            self._begin(self._waiting.pop(next(iter(self._waiting))))

    def _count(self) -> None:
        """Make room for the turns that have passed."""
        now = workflow.now()
        if self._counted_until is None:
            self._counted_until = now
        turns = (now - self._counted_until) // TURN
        self._counted_until += turns * TURN
        self._room = min(self._room + turns * EACH_TURN, AT_ONCE)
