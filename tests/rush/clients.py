"""Several clients in one process, for a while: what they did, what they were refused, and what went wrong."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.store.database import Database

from .shopper import Shopper

VAULT_KEY = b"only for tests, never else"
STUCK_SECONDS = 60  # how much longer than it should a run may take, before its clients are said to wait for each other
COUNTED = ("done", "idle", "refused", "again")


@dataclass(slots=True)
class Tally:
    """What came of the deeds of some clients."""

    done: Counter[str] = field(default_factory=Counter)
    idle: Counter[str] = field(default_factory=Counter)  # there was nothing to do it to
    refused: Counter[str] = field(default_factory=Counter)  # by code: a right answer
    again: Counter[str] = field(default_factory=Counter)  # by reason: the database asked for another attempt
    wrong: list[str] = field(default_factory=list)  # anything else, with where it happened
    milliseconds: list[float] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count in what others did."""
        for name in COUNTED:
            getattr(self, name).update(getattr(other, name))
        self.wrong += other.wrong
        self.milliseconds += other.milliseconds

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON, which `Tally.read` takes."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def read(cls, told: dict[str, Any]) -> Tally:
        """Read what a process told."""
        counters = {name: Counter(told[name]) for name in COUNTED}
        return cls(**counters, wrong=told["wrong"], milliseconds=told["milliseconds"])


async def rush(url: str, first: int, clients: int, seconds: float, seed: int) -> Tally:
    """Let clients do what comes to their minds until the time is over.

    Raises:
        TimeoutError: When they do not come to an end, because they wait for each other.
    """
    database = Database.open(url, vault_key=VAULT_KEY, pool_size=clients)
    tally, until = Tally(), time.monotonic() + seconds
    try:
        shoppers = [Shopper(database, first + number, seed) for number in range(clients)]
        async with asyncio.timeout(seconds + STUCK_SECONDS):
            await asyncio.gather(*(_live(one, until, tally) for one in shoppers))
    finally:
        await database.close()
    return tally


async def _live(one: Shopper, until: float, tally: Tally) -> None:
    while time.monotonic() < until:
        name, deed = one.next_deed()
        one.was_idle = False
        began = time.monotonic()
        try:
            await deed()
        except OrderRefused as refusal:
            tally.refused[refusal.code] += 1
        except WorldUnavailable as passing:
            tally.again[str(passing)] += 1
        except Exception:
            tally.wrong.append(f"{name}: {traceback.format_exc(limit=-4)}")
        else:
            (tally.idle if one.was_idle else tally.done)[name] += 1
        tally.milliseconds.append(round(1000 * (time.monotonic() - began), 1))
