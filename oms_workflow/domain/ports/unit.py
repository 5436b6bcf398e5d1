"""Port to the unit of work an activity runs in."""

from __future__ import annotations

from typing import Protocol


class Checkpoint(Protocol):
    """Everything an activity writes is committed when it answers. Ask for this port to commit earlier.

    Needed around calls to the outside: begin and store, `commit`, ask the provider, store the answer. An activity that
    is tried again finds what it stored by the keys it used.
    """

    async def commit(self) -> None:
        """Make what was written so far stay, whatever happens next, and hold no lock any more."""
        ...
