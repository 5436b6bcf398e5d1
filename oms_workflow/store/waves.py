"""Waves in the database. Implements `ports.waves.Waves`. A fulfilment order has one row, so it goes with one wave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Select

from oms_workflow.domain.fulfilment import FulfilmentStatus, RequestStatus
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.domain.wave import (
    SKIPS_WAVES,
    Waiting,
    Wave,
    WaveDraft,
    WaveReason,
    WaveRule,
    WaveStanding,
    defects_of_rule,
)
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.locking import lock_fulfilment, lock_orders, orders_of_fulfilments
from oms_workflow.store.statements import insert_or, queue_up, upsert
from oms_workflow.store.tables.waves import wave_orders, wave_rules, waves
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.store.warehouses import require_warehouse
from oms_workflow.store.wave_queue import load_waiting

_NOT_ASKED = (RequestStatus.UNSUBMITTED.value, RequestStatus.REJECTED.value)


class StoredWaves:
    """Waves and their rules."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def save_rule(self, rule: WaveRule) -> None:
        """Store a rule."""
        wrong = defects_of_rule(rule)
        if wrong:
            raise refuse(Refusal.DATA_REFUSED, f"No wave can go by this rule: {' '.join(wrong)}")
        connection = await self.unit.writing()
        await require_warehouse(connection, rule.warehouse)
        row = {
            "warehouse": rule.warehouse,
            "carrier": rule.carrier,
            "zone": rule.zone,
            "times": list(rule.times),
            "most_orders": rule.most_orders,
            "longest_wait_seconds": int(rule.longest_wait.total_seconds()),
        }
        changing = ("zone", "times", "most_orders", "longest_wait_seconds")
        await connection.execute(upsert(connection, wave_rules, ("warehouse", "carrier"), changing), row)

    async def drop_rule(self, warehouse: str, carrier: str) -> bool:
        """Forget a rule."""
        connection = await self.unit.writing()
        which = delete(wave_rules).where(wave_rules.c.warehouse == warehouse, wave_rules.c.carrier == carrier)
        return bool((await connection.execute(which)).rowcount)

    async def rules(self, warehouse: str = "") -> tuple[WaveRule, ...]:
        """Give rules."""
        which = select(wave_rules).order_by(wave_rules.c.warehouse, wave_rules.c.carrier)
        if warehouse:
            which = which.where(wave_rules.c.warehouse == warehouse)
        async with self.unit.reading() as connection:
            return tuple(_rule(row) for row in (await connection.execute(which)).mappings())

    async def join(self, fulfilment_id: str, *, at: datetime) -> WaveStanding:
        """Let a fulfilment order wait, or say that it need not."""
        connection = await self.unit.writing()
        head, orders = await lock_fulfilment(connection, fulfilment_id)
        found = (
            await connection.execute(select(wave_orders).where(wave_orders.c.fulfilment_id == fulfilment_id))
        ).mappings().first()  # fmt: skip
        if found is not None and found["wave_id"] is not None:
            return WaveStanding(waits=False, wave=found["wave_id"])
        open_still = head["status"] == FulfilmentStatus.OPEN and head["request_status"] in _NOT_ASKED
        hurried = any(ServiceLevel(row["service_level"]) in SKIPS_WAVES for row in orders.values())
        if not open_still or hurried or not await _has_rules(connection, head["warehouse"]):
            return WaveStanding(waits=False)
        row = {"fulfilment_id": fulfilment_id, "warehouse": head["warehouse"], "since": at}
        await connection.execute(insert_or(connection, wave_orders).values(**row).on_conflict_do_nothing())
        return WaveStanding(waits=True)

    async def waiting(self, warehouse: str) -> tuple[Waiting, ...]:
        """Give who waits and may go."""
        async with self.unit.reading() as connection:
            return await load_waiting(connection, warehouse)

    @once_per_key("waves.release", tuple[Wave, ...], agree="warehouse")
    async def release(
        self, warehouse: str, drafts: Sequence[WaveDraft], *, by: str, key: str, at: datetime
    ) -> tuple[Wave, ...]:
        """Release waves with those of their orders that still wait."""
        connection = await self.unit.writing()
        wanted = [name for draft in drafts for name in draft.fulfilments]
        await lock_orders(connection, await orders_of_fulfilments(connection, wanted))  # before anything of waves
        await queue_up(connection, f"waves {warehouse}")
        still = {one.fulfilment_id for one in await load_waiting(connection, warehouse)}
        made = []
        for draft in drafts:
            mine = [name for name in dict.fromkeys(draft.fulfilments) if name in still]
            still -= set(mine)
            if mine:
                made.append(await _release(connection, warehouse, draft, mine, by=by, at=at))
        return tuple(made)

    async def released(self, warehouse: str = "", *, limit: int = 50) -> tuple[Wave, ...]:
        """Give waves, the last first."""
        which = select(waves).order_by(waves.c.released_at.desc(), waves.c.number.desc(), waves.c.id).limit(limit)
        if warehouse:
            which = which.where(waves.c.warehouse == warehouse)
        async with self.unit.reading() as connection:
            return await _waves(connection, which)

    async def get(self, wave_id: str) -> Wave | None:
        """Give one wave."""
        async with self.unit.reading() as connection:
            found = await _waves(connection, select(waves).where(waves.c.id == wave_id))
        return found[0] if found else None


async def in_released_wave(connection: AsyncConnection, fulfilment_ids: Sequence[str]) -> str | None:
    """Give the first of these fulfilment orders that went with a wave; None when none did."""
    which = (
        select(wave_orders.c.fulfilment_id)
        .where(wave_orders.c.fulfilment_id.in_(list(fulfilment_ids)), wave_orders.c.wave_id.is_not(None))
        .order_by(wave_orders.c.fulfilment_id)
    )
    return (await connection.execute(which.limit(1))).scalar_one_or_none()


async def _release(
    connection: AsyncConnection, warehouse: str, draft: WaveDraft, mine: Sequence[str], *, by: str, at: datetime
) -> Wave:
    taken = await connection.execute(select(func.count()).select_from(waves).where(waves.c.warehouse == warehouse))
    number = taken.scalar_one() + 1
    name = f"{warehouse}.W{number}"
    head = {"id": name, "warehouse": warehouse, "number": number, "carrier": draft.carrier,
            "reason": draft.reason.value, "orders": len(mine), "released_at": at, "released_by": by}  # fmt: skip
    await connection.execute(insert(waves).values(**head))
    for position, fulfilment_id in enumerate(mine, start=1):
        row = update(wave_orders).where(wave_orders.c.fulfilment_id == fulfilment_id, wave_orders.c.wave_id.is_(None))
        await connection.execute(row.values(wave_id=name, position=position))
    return Wave(id=name, warehouse=warehouse, carrier=draft.carrier, reason=draft.reason, released_at=at,
                released_by=by, fulfilments=tuple(mine))  # fmt: skip


async def _has_rules(connection: AsyncConnection, warehouse: str) -> bool:
    which = select(wave_rules.c.warehouse).where(wave_rules.c.warehouse == warehouse).limit(1)
    return (await connection.execute(which)).first() is not None


async def _waves(connection: AsyncConnection, which: Select[tuple[object, ...]]) -> tuple[Wave, ...]:
    heads = (await connection.execute(which)).mappings().all()
    members = (
        select(wave_orders.c.wave_id, wave_orders.c.fulfilment_id)
        .where(wave_orders.c.wave_id.in_([row["id"] for row in heads]))
        .order_by(wave_orders.c.wave_id, wave_orders.c.position)
    )
    inside: dict[str, list[str]] = {}
    for row in (await connection.execute(members)).mappings():
        inside.setdefault(row["wave_id"], []).append(row["fulfilment_id"])
    return tuple(_wave(row, inside.get(row["id"], [])) for row in heads)


def _wave(row: RowMapping, inside: Sequence[str]) -> Wave:
    plain = {name: row[name] for name in ("id", "warehouse", "carrier", "released_at", "released_by")}
    return Wave(**plain, reason=WaveReason(row["reason"]), fulfilments=tuple(inside))


def _rule(row: RowMapping) -> WaveRule:
    return WaveRule(
        warehouse=row["warehouse"],
        carrier=row["carrier"],
        zone=row["zone"],
        times=tuple(row["times"]),
        most_orders=row["most_orders"],
        longest_wait=timedelta(seconds=row["longest_wait_seconds"]),
    )
