"""Proof that every outside effect happened once, and that no two effects contradict each other. Changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from oms_workflow.connect.world.tables import (
    answers,
    calls,
    deeds,
    goods_back,
    labels,
    payments,
    reports,
    warehouse_orders,
)
from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.tracking import ParcelStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """What came of one key."""

    system: str
    operation: str
    key: str
    calls: int
    effects: int  # 0 when it was declined, refused or never got through


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two things that cannot both be right."""

    rule: str
    what: str  # in words, with the names of the things


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldAudit:
    """The world's books, read in one go."""

    keys: tuple[KeyUse, ...]
    contradictions: tuple[Contradiction, ...]

    @property
    def is_clean(self) -> bool:
        """True when nothing contradicts anything and no key acted twice."""
        return not self.contradictions


def audit(connection: Connection) -> WorldAudit:
    """Count calls and effects by key, and look for contradictions."""
    keys = _keys(connection)
    found = [*_twice(keys), *_unanswered(connection)]
    for check in (_labels, _payments, _warehouse_orders, _parcels, _channel_and_notices, _goods_back):
        found += check(connection)
    return WorldAudit(keys=keys, contradictions=tuple(found))


def _keys(connection: Connection) -> tuple[KeyUse, ...]:
    """Calls and effects are counted in two tables that know nothing of each other."""
    counts: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for column, table in enumerate((calls, deeds)):
        statement = (
            select(table.c.system, table.c.operation, table.c.key, func.count())
            .where(table.c.key != "")
            .group_by(table.c.system, table.c.operation, table.c.key)
        )
        for system, operation, key, count in connection.execute(statement):
            counts[system, operation, key][column] = count
    return tuple(
        KeyUse(system=system, operation=operation, key=key, calls=asked, effects=acted)
        for (system, operation, key), (asked, acted) in sorted(counts.items())
    )


def _twice(keys: Iterable[KeyUse]) -> list[Contradiction]:
    return [
        _found("one key, one effect", f"{use.system}.{use.operation} acted {use.effects} times for key {use.key!r}")
        for use in keys
        if use.effects > 1
    ] + [
        _found("no effect without a call", f"{use.system}.{use.operation} acted for key {use.key!r} nobody used")
        for use in keys
        if use.effects and not use.calls
    ]


def _unanswered(connection: Connection) -> list[Contradiction]:
    same = (answers.c.system == deeds.c.system) & (answers.c.operation == deeds.c.operation)
    statement = select(deeds).outerjoin(answers, same & (answers.c.key == deeds.c.key)).where(answers.c.key.is_(None))
    return [
        _found("every effect is remembered", f"{row.system}.{row.operation} acted for {row.key!r} and forgot it")
        for row in connection.execute(statement)
    ]


def _labels(connection: Connection) -> list[Contradiction]:
    live = labels.c.cancelled_at.is_(None)
    statement = (
        select(labels.c.shipment, labels.c.parcel, func.count())
        .where(live)
        .group_by(labels.c.shipment, labels.c.parcel)
        .having(func.count() > 1)
        .order_by(labels.c.shipment, labels.c.parcel)
    )
    return [
        _found("one label for a parcel", f"parcel {parcel} of {shipment!r} has {count} labels")
        for shipment, parcel, count in connection.execute(statement)
    ]


def _payments(connection: Connection) -> list[Contradiction]:
    rows = connection.execute(select(payments).order_by(payments.c.ref)).all()
    drawn: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.parent and row.outcome != "failed":
            drawn[row.parent].append(row)
    found = []
    for row in rows:
        parts = drawn[row.ref]
        total = sum(part.minor for part in parts)
        if row.minor is not None and total > row.minor:
            rule = (
                "refunds within the capture" if row.kind == TransactionKind.CAPTURE else "captures within the promise"
            )
            found.append(_found(rule, f"{row.ref!r} holds {row.minor} minor units, {total} were drawn on it"))
        captured = any(part.kind == TransactionKind.CAPTURE for part in parts)
        if row.outcome == "canceled" and captured:
            found.append(_found("no capture after a void", f"{row.ref!r} was given up and yet captured"))
    return found


def _warehouse_orders(connection: Connection) -> list[Contradiction]:
    rows = connection.execute(select(warehouse_orders).order_by(warehouse_orders.c.reference)).all()
    found = [
        _found("nothing ships after an accepted cancel", f"{row.fulfilment!r} was cancelled and handed over")
        for row in rows
        if row.cancelled_at is not None and row.hands_over_at is not None
    ]
    live: dict[str, int] = defaultdict(int)
    for row in rows:
        live[row.fulfilment] += row.cancelled_at is None and row.rejected_at is None
    return found + [
        _found("one warehouse order for a fulfilment order", f"{fulfilment!r} has {count} of them at work")
        for fulfilment, count in sorted(live.items())
        if count > 1
    ]


def _parcels(connection: Connection) -> list[Contradiction]:
    moved = (
        select(labels.c.carrier, labels.c.tracking_number, labels.c.cancelled_at, labels.c.hands_over_at)
        .join(
            reports,
            (reports.c.carrier == labels.c.carrier) & (reports.c.tracking_number == labels.c.tracking_number),
        )
        .where(reports.c.status != ParcelStatus.PRE_TRANSIT.value)
        .distinct()
        .order_by(labels.c.carrier, labels.c.tracking_number)
    )
    return [
        _found("no way without a hand-over", f"{carrier} reports about {number!r}, which it never got")
        for carrier, number, cancelled, handed_over in connection.execute(moved)
        if cancelled is not None or handed_over is None
    ]


def _channel_and_notices(connection: Connection) -> list[Contradiction]:
    """The same notice, package or refund told under two keys reaches a person twice."""
    told_once = deeds.c.system == "notification"
    told_once |= (deeds.c.system == "channel") & deeds.c.operation.in_(("shipped", "refunded"))
    statement = (
        select(deeds.c.system, deeds.c.thing, func.count())
        .where(told_once)
        .group_by(deeds.c.system, deeds.c.thing)
        .having(func.count() > 1)
        .order_by(deeds.c.system, deeds.c.thing)
    )
    return [
        _found("told once", f"{system} told {thing!r} {count} times")
        for system, thing, count in connection.execute(statement)
    ]


def _goods_back(connection: Connection) -> list[Contradiction]:
    """More cannot come back of a line than went out."""
    out: dict[str, int] = defaultdict(int)
    back: dict[str, int] = defaultdict(int)
    sent = select(warehouse_orders.c.lines).where(warehouse_orders.c.hands_over_at.is_not(None))
    _add(out, connection.execute(sent).scalars().all())
    _add(back, connection.execute(select(goods_back.c.lines)).scalars().all())
    return [
        _found("no more back than out", f"line {line!r}: {count} pieces come back, {out[line]} went out")
        for line, count in sorted(back.items())
        if count > out[line]
    ]


def _add(pieces: dict[str, int], rows: Sequence[Sequence[Sequence[Any]]]) -> None:
    for lines in rows:
        for line, _, quantity in lines:
            pieces[line] += quantity


def _found(rule: str, what: str) -> Contradiction:
    return Contradiction(rule=rule, what=what)
