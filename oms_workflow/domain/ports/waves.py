"""Port to waves: who waits for one, which were released."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.wave import Waiting, Wave, WaveDraft, WaveRule, WaveStanding


class Waves(Protocol):
    """Waves and their rules. A warehouse without a rule has none: its orders are submitted one by one."""

    async def save_rule(self, rule: WaveRule) -> None:
        """Store a rule, in place of the one for its warehouse and carrier.

        Raises:
            OrderRefused: UNKNOWN_WAREHOUSE; DATA_REFUSED, when the rule cannot be.
        """
        ...

    async def drop_rule(self, warehouse: str, carrier: str) -> bool:
        """Forget a rule; False when there is none. Whoever waits goes with the next look."""
        ...

    async def rules(self, warehouse: str = "") -> tuple[WaveRule, ...]:
        """Give the rules of a warehouse; '' gives those of all."""
        ...

    async def join(self, fulfilment_id: str, *, at: datetime) -> WaveStanding:
        """Let a fulfilment order wait for a wave, or say that it need not: its warehouse has none, it is not to be
        sent any more, or it went with one.

        Raises:
            OrderRefused: UNKNOWN_FULFILMENT.
        """
        ...

    async def waiting(self, warehouse: str) -> tuple[Waiting, ...]:
        """Give who waits in a warehouse and may go: nothing on hold, nothing cancelled; the most urgent first."""
        ...

    async def release(
        self, warehouse: str, drafts: Sequence[WaveDraft], *, by: str, key: str, at: datetime
    ) -> tuple[Wave, ...]:
        """Release waves with those of their orders that still wait; each goes once, an empty wave is none."""
        ...

    async def released(self, warehouse: str = "", *, limit: int = 50) -> tuple[Wave, ...]:
        """Give waves, the last first; '' gives those of all warehouses."""
        ...

    async def get(self, wave_id: str) -> Wave | None:
        """Give one wave; None when there is none of this id."""
        ...
