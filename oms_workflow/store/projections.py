"""Feeding lists and counts from the engine's records: each record once, in its order, whatever arrives when.

The records are the truth; everything written here can be thrown away and fed again from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import RowMapping, Table, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.store import suspensions
from oms_workflow.store.projector import Projector
from oms_workflow.store.statements import insert_into
from oms_workflow.store.tables.processes import instances, records
from oms_workflow.store.unit_of_work import UnitOfWork

_HEAD = select(instances.c.last_seq).where(instances.c.workflow_id == bindparam("of_instance")).with_for_update()
_NEXT = (
    select(records)
    .where(records.c.instance == bindparam("of_instance"), records.c.seq > bindparam("before"))
    .order_by(records.c.seq)
)
_AHEAD = (
    select(records.c.seq)
    .where(records.c.instance == bindparam("of_instance"), records.c.seq > bindparam("before"))
    .limit(1)
)


async def apply(unit: UnitOfWork, instance: str, told: Sequence[Record]) -> int:
    """Store records of an instance and let them change its projections; gives how far they are projected.

    Records that are known change nothing. Records that came before their predecessors are stored, and projected as
    soon as the gap is filled.
    """
    connection = await unit.writing()
    before = await _lock(connection, instance, told)
    ahead = (await connection.execute(_AHEAD, {"of_instance": instance, "before": before})).first() is not None
    if told:
        await connection.execute(
            _insert_new(connection.dialect.name, records), [_values(instance, record) for record in told]
        )
    following = await _following(connection, instance, before) if ahead else _seamless(told, before)
    if not following:
        return before
    projector = Projector.of(connection, instance)
    await projector.load(_known_tokens(following))
    for record in following:
        projector.follow(record)
    if following[-1].kind is RecordKind.FINISHED:
        await projector.close(following[-1].at)
    await projector.write()
    if projector.standing is not None:
        await suspensions.follow(connection, instance, projector.standing)
    values = projector.instance | {"last_seq": following[-1].seq}
    changed = {f"new_{name}": value for name, value in values.items()} | {"of_instance": instance}
    await connection.execute(_updating(tuple(values)), changed)
    return following[-1].seq


async def _lock(connection: AsyncConnection, instance: str, told: Sequence[Record]) -> int:
    """Lock the instance, made first when nobody announced it, and say how far it is projected."""
    known = (await connection.execute(_HEAD, {"of_instance": instance})).scalar_one_or_none()
    if known is not None:
        return int(known)
    if not told:
        return 0
    first = told[0]
    fresh = {
        "workflow_id": instance,
        "process_id": first.element if first.kind is RecordKind.STARTED else "",
        "status": "running",
        "started_at": first.at,
    }
    await connection.execute(_insert_new(connection.dialect.name, instances), fresh)
    return int((await connection.execute(_HEAD, {"of_instance": instance})).scalar_one_or_none() or 0)


@lru_cache(maxsize=4)
def _insert_new(dialect: str, table: Table) -> Any:
    return insert_into(dialect, table).on_conflict_do_nothing()


@lru_cache(maxsize=8)
def _updating(names: tuple[str, ...]) -> Any:
    mine = update(instances).where(instances.c.workflow_id == bindparam("of_instance"))
    return mine.values({name: bindparam(f"new_{name}") for name in names})


async def _following(connection: AsyncConnection, instance: str, before: int) -> list[Record]:
    """Read the records that come next, up to the first gap."""
    found: list[Record] = []
    for row in (await connection.execute(_NEXT, {"of_instance": instance, "before": before})).mappings():
        if row["seq"] != before + len(found) + 1:
            break
        found.append(record_from(row))
    return found


def _seamless(told: Sequence[Record], before: int) -> list[Record]:
    """Give the same where nothing was stored beyond what is projected: then they are among those just told."""
    found: list[Record] = []
    for record in sorted(told, key=lambda one: one.seq):
        if record.seq == before + len(found) + 1:
            found.append(record)
    return found


def _known_tokens(following: Sequence[Record]) -> list[int]:
    first: dict[int, RecordKind] = {}
    for record in following:
        first.setdefault(record.token, record.kind)
    return [token for token, kind in first.items() if token and kind is not RecordKind.ACTIVATED]  # others are new


def _values(instance: str, record: Record) -> dict[str, Any]:
    return {
        "instance": instance,
        "seq": record.seq,
        "at": record.at,
        "kind": record.kind.value,
        "element": record.element,
        "token": record.token,
        "scope": record.scope,
        "detail": record.detail,
    }


def record_from(row: RowMapping) -> Record:
    """Read one record from its row."""
    return Record(
        seq=row["seq"],
        at=row["at"],
        kind=RecordKind(row["kind"]),
        element=row["element"],
        token=row["token"],
        scope=row["scope"],
        detail=row["detail"],
    )
