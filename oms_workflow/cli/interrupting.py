"""Ending a command that runs for long: Ctrl-C and a polite request to end let it finish what it is at."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def until_asked_to_end(work: Coroutine[Any, Any, Result]) -> Result | None:
    """Run work until it ends, or until someone asks this process to end; then it is cancelled and None is given."""
    loop = asyncio.get_running_loop()
    running = asyncio.ensure_future(work)
    heard = SIGNALS if threading.current_thread() is threading.main_thread() else ()  # others hear no signals
    for number in heard:
        loop.add_signal_handler(number, running.cancel)
    try:
        return await running
    except asyncio.CancelledError:
        if not running.cancelled():
            running.cancel()
            raise
        return None
    finally:
        for number in heard:
            loop.remove_signal_handler(number)
