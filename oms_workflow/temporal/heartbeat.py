"""Signs of life of activities: work of a worker that was killed is taken up in seconds, not when it times out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio import activity

BEAT = timedelta(seconds=5)  # the first one comes after as long: short activities, nearly all, cost nothing more
SILENCE = timedelta(seconds=20)  # then a worker is taken for dead; a busy machine must not be, for three beats


@asynccontextmanager
async def beating() -> AsyncIterator[None]:
    """Tell Temporal that this activity lives, until the block ends."""
    beats = asyncio.create_task(_beat())
    try:
        yield
    finally:
        beats.cancel()


async def _beat() -> None:
    while True:
        await asyncio.sleep(BEAT.total_seconds())
        activity.heartbeat()
