"""How a system outside takes a call: it may be down, it remembers what a key was answered, it acts once, and its
answer may be lost. Knows no system."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from oms_workflow.connect.world.chance import draw
from oms_workflow.connect.world.database import WorldDatabase
from oms_workflow.connect.world.script.matching import Facts, failures
from oms_workflow.connect.world.script.systems import Fails
from oms_workflow.connect.world.tables import answers, calls, deeds
from oms_workflow.connect.world.visit import Laws, Visit, enter
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.errors import OrderRefused, WorldUnavailable

Answer = dict[str, Any]
Act = Callable[[Visit], Answer]

UNLUCKY_AT_MOST = 3
"""How often in a row chance alone lets a key's calls fail, so that retrying always ends."""

_LOG, _NOTE, _REMEMBER = insert(calls), insert(deeds), insert(answers)
_ANSWERED = select(answers).where(
    answers.c.system == bindparam("system"),
    answers.c.operation == bindparam("operation"),
    answers.c.key == bindparam("key"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request to a system outside."""

    system: str
    operation: str
    key: str  # '' for a mere question, which has no effect and is answered anew each time
    subject: str
    request: Mapping[str, Any] = field(repr=False)  # only its digest is kept
    facts: Facts = field(default_factory=Facts)


@dataclass(frozen=True, slots=True)
class _Outcome:
    word: str  # done, repeated, refused, unavailable, lost
    answer: Answer = field(default_factory=dict)
    error: Exception | None = None


async def perform(database: WorldDatabase, laws: Laws, asked: Asked, at: datetime, act: Act) -> Answer:
    """Take a call: in one transaction of the world, look, act and remember; then answer, or fail to.

    Args:
        at: The time of the order.
        act: What the system does when the call is new. It raises OrderRefused before it wrote anything.

    Raises:
        WorldUnavailable: The system is down, or it acted and its answer was lost.
        OrderRefused: It says no; or ORDER_MISMATCH, when the key was used for another request before.
    """
    outcome = await database.write(lambda connection: _take(connection, laws, asked, at, act))
    if outcome.error is not None:  # only now: what was done and noted is committed
        raise outcome.error
    return outcome.answer


def deed(visit: Visit, asked: Asked, thing: str) -> None:
    """Note an effect, for the audit. Whoever acts calls it once for everything a key brings about."""
    what = {"system": asked.system, "operation": asked.operation, "key": asked.key, "subject": asked.subject}
    visit.connection.execute(_NOTE, what | {"thing": thing, "at": visit.at})


def _take(connection: Connection, laws: Laws, asked: Asked, at: datetime, act: Act) -> _Outcome:
    source = f"{asked.system}.{asked.operation}:{asked.key}"
    visit = enter(connection, laws, at, asked.subject, facts=asked.facts, source=source)
    digest = _digest(asked.request)
    outcome = _outcome(visit, asked, digest, act)
    what = {"system": asked.system, "operation": asked.operation, "key": asked.key, "subject": asked.subject}
    connection.execute(_LOG, what | {"digest": digest, "at": at, "outcome": outcome.word})
    return outcome


def _outcome(visit: Visit, asked: Asked, digest: str, act: Act) -> _Outcome:
    failing = _failure(visit, asked, "unavailable")
    if failing is not None or _unlucky(visit, asked):
        return _Outcome("unavailable", error=_down(asked))
    before = _answered(visit, asked) if asked.key else None
    if before is None:
        return _act(visit, asked, digest, act)
    if before.digest != digest:
        return _Outcome("refused", error=_other_request(asked))
    return _Outcome("repeated", dict(before.answer))


def _act(visit: Visit, asked: Asked, digest: str, act: Act) -> _Outcome:
    """Act on a request that is new, and remember what was answered."""
    refused = _failure(visit, asked, "refused")
    if refused is not None:
        return _Outcome("refused", error=refuse(refused.code, f"{asked.system} refuses {asked.operation}."))
    try:
        answer = act(visit)
    except OrderRefused as no:
        return _Outcome("refused", error=no)
    if not asked.key:
        return _Outcome("done", answer)
    what = {"system": asked.system, "operation": asked.operation, "key": asked.key}
    visit.connection.execute(_REMEMBER, what | {"digest": digest, "answer": answer, "at": visit.at})
    lost = _failure(visit, asked, "answer_lost")
    if lost is not None or visit.happens(visit.script.chances.answer_lost, "answer lost", visit.source):
        return _Outcome("lost", error=_down(asked))
    return _Outcome("done", answer)


def _answered(visit: Visit, asked: Asked) -> Any:
    what = {"system": asked.system, "operation": asked.operation, "key": asked.key}
    return visit.connection.execute(_ANSWERED, what).one_or_none()


def _failure(visit: Visit, asked: Asked, how: str) -> Fails | None:
    for found in failures(visit.script, visit.seed, visit.facts, asked.system, asked.operation):
        fails: Fails = found.value
        if fails.how == how and _in_window(fails, visit) and visit.use(found.rule, fails.at_most):
            return fails
    return None


def _in_window(fails: Fails, visit: Visit) -> bool:
    def at(moment: datetime | timedelta) -> datetime:
        return visit.world_began_at + moment if isinstance(moment, timedelta) else moment

    begun = fails.since is None or at(fails.since) <= visit.at
    return begun and (fails.until is None or visit.at < at(fails.until))


def _unlucky(visit: Visit, asked: Asked) -> bool:
    chance = visit.script.chances.unavailable
    if not chance:
        return False
    statement = select(func.count()).where(
        calls.c.system == asked.system, calls.c.operation == asked.operation, calls.c.key == asked.key
    )
    before = visit.connection.execute(statement).scalar_one()
    if asked.key and before >= UNLUCKY_AT_MOST:
        return False
    return draw(visit.seed, visit.source, "down", str(before)) < chance


def _digest(request: Mapping[str, Any]) -> str:
    text = json.dumps(request, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _down(asked: Asked) -> WorldUnavailable:
    return WorldUnavailable(f"{asked.system} does not answer to {asked.operation}. Ask again with the same key.")


def _other_request(asked: Asked) -> OrderRefused:
    return refuse(
        Refusal.ORDER_MISMATCH,
        f"{asked.system} was asked for {asked.operation} with the key {asked.key!r} before, for something else. "
        f"Give every request a key of its own.",
    )
