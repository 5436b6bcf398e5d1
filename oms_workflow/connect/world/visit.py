"""One transaction with the world, and what is known in it: the moment, the order, the script's word on a matter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select, update

from oms_workflow.connect.world import chance
from oms_workflow.connect.world.database import insert_new
from oms_workflow.connect.world.script.matching import Facts, find
from oms_workflow.connect.world.script.model import Script
from oms_workflow.connect.world.tables import rule_uses, subjects
from oms_workflow.connect.world.timing import done_at
from oms_workflow.domain.identity import channel_of

WORLD = ""
"""The subject that stands for the world itself: when it began."""

_KNOWN = select(subjects).where(or_(subjects.c.id == WORLD, subjects.c.id == bindparam("subject")))
_LOCKED = select(subjects).where(subjects.c.id == bindparam("subject")).with_for_update()
_USE = (
    update(rule_uses)
    .where(rule_uses.c.rule == bindparam("of_rule"), rule_uses.c.used < bindparam("times"))
    .values(used=rule_uses.c.used + 1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What everybody outside needs to act on one request, at one moment, for one order."""

    connection: Connection
    script: Script
    seed: int
    at: datetime  # UTC
    subject: str  # the order's id; '' when it is about none
    facts: Facts
    world_began_at: datetime
    began_at: datetime | None = None  # the order began; None when nobody said so
    version: int = 0  # of the order at its channel, when it began
    source: str = ""  # what the request is known by, for draws: the same request is drawn the same

    def done_at(self, latency: str, start: datetime, *what: str, instead: timedelta | None = None) -> datetime:
        """Say when something is done that begins at `start`; `instead` is the script's word on it."""
        if instead is not None:
            return start + instead
        return done_at(self.script, self.seed, latency, start, self.subject, *what)

    def name(self, prefix: str, *what: str) -> str:
        """Give an id that the same request always gets."""
        return chance.name(prefix, self.seed, self.subject, *what)

    def happens(self, probability: float, *what: str) -> bool:
        """Say whether something happens that happens this often."""
        return probability > 0 and chance.draw(self.seed, self.subject, *what) < probability

    def knowing(self, **facts: Any) -> Visit:
        """Give the visit with more known about what it concerns."""
        return replace(self, facts=replace(self.facts, **facts))

    def said(self, part: str, matter: str = "") -> Any | None:
        """Give what the script says about a matter; None when all goes its usual way. Counts as one use."""
        for found in find(self.script, self.seed, self.facts, part, matter):
            if self.use(found.rule, getattr(found.value, "times", None)):
                return found.value
        return None

    def use(self, rule: str, times: int | None) -> bool:
        """Count one use of a rule; False when it was used as often as it holds. None holds for ever."""
        if times is None:
            return True
        insert_new(self.connection, rule_uses, {"rule": rule, "used": 0})
        return self.connection.execute(_USE, {"of_rule": rule, "times": times}).rowcount == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Laws:
    """What holds for every visit of a world."""

    script: Script
    seed: int


def enter(
    connection: Connection, laws: Laws, at: datetime, subject: str, *, facts: Facts | None = None, source: str = ""
) -> Visit:
    """Lock a subject and give what is known about it. Two visits to one subject go one after the other.

    Raises:
        ValueError: If `at` has no time zone.
    """
    if at.utcoffset() is None:
        raise ValueError(f"The world needs a moment with its zone, found {at.isoformat()!r}.")
    rows = _known(connection, at, subject)
    row = rows[subject]
    # SQLite locked everything at the beginning. The world itself never changes once it began, so nobody waits for it.
    if subject != WORLD and connection.dialect.name != "sqlite":
        row = connection.execute(_LOCKED, {"subject": subject}).one()
    return Visit(
        connection=connection,
        script=laws.script,
        seed=laws.seed,
        at=at,
        subject=subject,
        facts=_facts(row, facts or Facts()),
        world_began_at=rows[WORLD].began_at,
        began_at=row.began_at,
        version=row.version,
        source=source,
    )


def _known(connection: Connection, at: datetime, subject: str) -> dict[str, Row[Any]]:
    """Give the rows of the world and of a subject, made first when this is the first visit."""
    rows = {row.id: row for row in connection.execute(_KNOWN, {"subject": subject})}
    missing = sorted({WORLD, subject} - rows.keys())
    for name in missing:
        began = at if name == WORLD else None
        bare = {"external_id": "", "channel": channel_of(name), "skus": [], "version": 0}
        insert_new(connection, subjects, bare | {"id": name, "began_at": began})
    if missing:
        rows = {row.id: row for row in connection.execute(_KNOWN, {"subject": subject})}
    return rows


def _facts(row: Row[Any], told: Facts) -> Facts:
    """Give what is known of a subject, with what the request tells besides."""
    return Facts(
        order=row.id,
        external_id=row.external_id,
        channel=row.channel,
        skus=frozenset(row.skus) | told.skus,
        carrier=told.carrier,
        service=told.service,
        warehouse=told.warehouse,
    )
