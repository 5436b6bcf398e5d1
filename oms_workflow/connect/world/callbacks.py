"""What the outside says of its own accord: planned when its cause happens, handed out when it is due. Sends nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from oms_workflow.connect.world import chance
from oms_workflow.connect.world.script.systems import Webhooks
from oms_workflow.connect.world.tables import Moment, callbacks
from oms_workflow.connect.world.visit import Visit

WAITING, DELIVERED, WITHDRAWN, GIVEN_UP = "waiting", "delivered", "withdrawn", "given up"

TRIES = 8  # as many as Shopify makes before it gives a webhook up
FIRST_PAUSE = timedelta(minutes=1)  # doubled with each try: all of them take about four hours

_DUE = (
    select(callbacks)
    .where(callbacks.c.state == WAITING, callbacks.c.due_at <= bindparam("until", type_=Moment))
    .order_by(callbacks.c.due_at, callbacks.c.id)
    .limit(bindparam("most"))
)
_CALL_OFF = update(callbacks).where(
    callbacks.c.about == bindparam("what"),
    callbacks.c.state == WAITING,
    callbacks.c.occurred_at > bindparam("now", type_=Moment),
)
_CHANGE = update(callbacks).where(callbacks.c.id == bindparam("which"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """One thing that is told to the shop. The same id is handed out until it is marked as delivered."""

    id: str
    due_at: datetime  # UTC; when it reaches the shop
    subject: str  # order id; '' for what concerns no order
    kind: str  # `<system>.<what>`, e.g. `warehouse.picked`
    body: Mapping[str, Any]  # in the wire shape of its system; no personal data
    private: Mapping[str, Any] = field(default_factory=dict, repr=False)  # personal data that travels with it


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that will have happened outside, before it becomes a callback."""

    kind: str
    at: datetime  # UTC; when it happens
    body: Mapping[str, Any]
    source: str  # what makes it this one and no other: planned twice, it is told once
    about: str = ""  # what it is about, so that it can be called off
    private: str = ""  # where in the script the personal data stands


def tell(visit: Visit, webhook: str, news: Sequence[News], style: Webhooks | None = None) -> None:
    """Plan callbacks for what happens outside, in the way its system sends them.

    What was planned before stays as it was, unless it was called off: then it is planned anew.

    Args:
        webhook: Name of the latency between what happens and the callback; '' tells it at once.
        style: How the script wants them sent; None means as usual.
    """
    if not news:
        return
    style = style or Webhooks()
    due = [_due(visit, webhook, one, style) for one in news]
    if style.shuffled:
        due = _overtaking(due)
    rows = [row for one, moment in zip(news, due, strict=True) for row in _rows(visit, one, moment, style.copies)]
    visit.connection.execute(_plan(visit.connection.dialect.name, (WITHDRAWN,)), rows)


def tell_anew(visit: Visit, news: News) -> None:
    """Plan a callback, or plan it otherwise than before; one that was delivered stays as it was."""
    first, *_ = _rows(visit, news, news.at, copies=1)
    visit.connection.execute(_plan(visit.connection.dialect.name, (WAITING, WITHDRAWN)), first)


@lru_cache
def _plan(dialect: str, open_states: tuple[str, ...]) -> Any:
    """Give the statement that plans callbacks, and plans those anew that are there already in one of these states."""
    insert = sqlite.insert(callbacks) if dialect == "sqlite" else postgresql.insert(callbacks)
    changed = {name: insert.excluded[name] for name in ("due_at", "occurred_at", "body", "private", "state")}
    return insert.on_conflict_do_update(
        index_elements=["id"], set_=changed, where=or_(*(callbacks.c.state == state for state in open_states))
    )


def call_off(visit: Visit, about: str) -> None:
    """Withdraw callbacks about things that have not happened by now; what has happened is still told."""
    visit.connection.execute(_CALL_OFF, {"what": about, "now": visit.at, "state": WITHDRAWN})


def next_due(connection: Connection, after: datetime | None) -> datetime | None:
    """Give the moment of the next callback, later than `after` if that is given; None when none waits."""
    statement = select(func.min(callbacks.c.due_at)).where(callbacks.c.state == WAITING)
    if after is not None:
        statement = statement.where(callbacks.c.due_at > after)
    moment: datetime | None = connection.execute(statement).scalar_one()
    return moment


def due(connection: Connection, until: datetime, limit: int) -> list[tuple[Callback, str]]:
    """Give what is due by a moment, by due time and id, with the place of its personal data in the script."""
    return [
        (Callback(id=row.id, due_at=row.due_at, subject=row.subject, kind=row.kind, body=row.body), row.private)
        for row in connection.execute(_DUE, {"until": until, "most": limit})
    ]


def delivered(connection: Connection, callback_id: str) -> None:
    """Hand it out no more."""
    connection.execute(_CHANGE, {"which": callback_id, "state": DELIVERED})


def put_off(connection: Connection, callback_id: str, at: datetime) -> datetime | None:
    """Try again later, as a sender does whose webhook was not taken; None when it gives up.

    Raises:
        KeyError: If there is no such callback.
    """
    row = connection.execute(select(callbacks).where(callbacks.c.id == callback_id)).one_or_none()
    if row is None:
        raise KeyError(callback_id)
    tries = row.tries + 1
    again = at + FIRST_PAUSE * 2 ** (tries - 1) if tries < TRIES else None
    values: dict[str, Any] = {"tries": tries, "due_at": again} if again else {"tries": tries, "state": GIVEN_UP}
    connection.execute(_CHANGE, {"which": callback_id} | values)
    return again


def _due(visit: Visit, webhook: str, news: News, style: Webhooks) -> datetime:
    moment = visit.done_at(webhook, news.at, news.source) if webhook else news.at
    if style.late is not None:
        return moment + style.late
    if webhook and visit.happens(visit.script.chances.late, "late", news.source):
        return visit.done_at("wire.late", moment, news.source)
    return moment


def _overtaking(due: Sequence[datetime]) -> list[datetime]:
    """Let each two neighbours change places."""
    swapped = list(due)
    for first in range(0, len(due) - 1, 2):
        swapped[first], swapped[first + 1] = due[first + 1], due[first]
    return swapped


def _rows(visit: Visit, news: News, moment: datetime, copies: int) -> list[dict[str, Any]]:
    event_id = chance.name("evt_", visit.seed, visit.subject, news.source)
    if copies == 1 and visit.happens(visit.script.chances.duplicate, "twice", news.source):
        copies = 2
    rows = []
    for copy in range(copies):
        due_at = moment if copy == 0 else visit.done_at("wire.again", moment, news.source, str(copy))
        rows.append(
            {
                "id": chance.name("cb_", visit.seed, visit.subject, news.source, str(copy)),
                "due_at": due_at,
                "occurred_at": news.at,
                "subject": visit.subject,
                "kind": news.kind,
                "about": news.about,
                "private": news.private,
                "body": {"event": event_id, "occurred_at": news.at.isoformat(), **news.body},
                "state": WAITING,
                "tries": 0,
            }
        )
    return rows
