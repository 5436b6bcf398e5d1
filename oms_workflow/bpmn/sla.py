"""Per-node deadlines as drawn: how long, by which calendar, and what a breach does. No clock in here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

BreachAction = Literal["record", "escalate", "incident"]

BREACH_ESCALATION = "SLA_BREACHED"
"""Code of the BPMN escalation that header `slaOnBreach = escalate` throws from the node."""

HOLDS_VARIABLE = "holds"
"""Process variable with the kinds of hold now on the order (list of text); `pause_on` looks at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sla:
    """How long a node may stay active, in time of its calendar, and what happens when it overstays."""

    limit: timedelta
    warn_after: timedelta | None = None  # None: no warning
    calendar: str = "24x7"
    on_breach: BreachAction = "record"
    pause_on: tuple[str, ...] = ()  # hold kinds that stop the clock
