"""The clock of an order. It is the workflow's, unless time is being skipped.

A server that skips time gives each workflow a clock of its own, and stops that of a workflow whose called processes
run: after three days in a child the parent's clock has moved by seconds. So, in skipped time only, whatever tells an
order of a later time (the end of a called process, a message) moves the order's clock ahead; it never runs back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow


class OrderClock:
    """Gives the time of facts; `lead` is how far it is ahead of the workflow's clock."""

    def __init__(self, *, follows: bool, lead: timedelta = timedelta(0)) -> None:
        self.lead = lead
        self._follows = follows

    def now(self) -> datetime:
        """Give the order's time, UTC."""
        return workflow.now() + self.lead

    def hear(self, at: str) -> bool:
        """Take note of a time someone else told, ISO 8601; True when the clock moved ahead."""
        if not self._follows or not at:
            return False
        told = datetime.fromisoformat(at)
        if told <= self.now():
            return False
        self.lead += told - self.now()
        return True
