"""Per-node deadlines as drawn: how long, by which calendar, and what a breach does. No clock in here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Literal

BreachAction = Literal["record", "escalate", "incident"]

BREACH_ESCALATION = "SLA_BREACHED"
"""Code of the BPMN escalation that header `slaOnBreach = escalate` throws from the node."""

HOLDS_VARIABLE = "holds"
"""Process variable with the kinds of hold now on the order (list of text); `pause_on` looks at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Who hears of a breach when nobody has mended it."""

    role: str
    after: timedelta = timedelta(0)  # since the breach, in time of the deadline's calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a deadline says for one order, with nothing left to ask."""

    limit: timedelta
    warn_after: timedelta | None = None
    calendar: str = "24x7"
    chain: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sla:
    """How long a node may stay active, in time of its calendar, and what happens when it overstays.

    A field whose name ends in `_by` is FEEL that is asked when the node is entered; the plain field beside it is
    empty then.
    """

    limit: timedelta = timedelta(0)
    warn_after: timedelta | None = None  # None: no warning
    calendar: str = "24x7"
    on_breach: BreachAction = "record"
    pause_on: tuple[str, ...] = ()  # hold kinds that stop the clock
    chain: tuple[Level, ...] = ()  # whom the escalation names, one after the other; (): only the owner of the node
    limit_by: str = ""
    warn_by: str = ""  # FEEL, or a percentage of a limit that is asked for
    calendar_by: str = ""
    chain_by: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether anything of it is known only when the node is entered."""
        return bool(self.limit_by or self.warn_by or self.calendar_by or self.chain_by)

    @property
    def drawn(self) -> Terms:
        """What stands in the diagram."""
        return Terms(limit=self.limit, warn_after=self.warn_after, calendar=self.calendar, chain=self.chain)


def is_rising(chain: tuple[Level, ...]) -> bool:
    """Whether the first of a chain hears of a breach at once, and each other one later than the one before."""
    times = [level.after for level in chain]
    return not times or (times[0] == timedelta(0) and all(one < two for one, two in pairwise(times)))
