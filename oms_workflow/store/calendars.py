"""Business calendars in the database: taken over from their files when processes are deployed or somebody uses one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.bpmn.calendar import ALWAYS, Calendar, Hours
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.statements import upsert
from oms_workflow.store.tables.promises import business_calendars
from oms_workflow.store.unit_of_work import UnitOfWork

_PLAIN = TypeAdapter(Calendar)


async def take_over(unit: UnitOfWork, calendars: Iterable[Calendar], *, at: datetime) -> None:
    """Store calendars as they are written now, in place of what was stored under their names."""
    rows = [
        {"id": one.id, "document": _PLAIN.dump_python(one, mode="json"), "taken_at": at}
        for one in sorted([ALWAYS, *calendars], key=lambda one: one.id)
    ]
    connection = await unit.writing()
    await connection.execute(upsert(connection, business_calendars, ["id"], ["document", "taken_at"]), rows)


async def load_calendars(connection: AsyncConnection, names: Iterable[str]) -> dict[str, Calendar]:
    """Give calendars by name; names without one are left out."""
    wanted = select(business_calendars).where(business_calendars.c.id.in_(sorted(set(names))))
    rows = (await connection.execute(wanted)).mappings()
    return {row["id"]: _PLAIN.validate_python(row["document"]) for row in rows}


async def require_calendar(connection: AsyncConnection, name: str) -> None:
    """Let the name of a calendar pass that is known.

    Raises:
        OrderRefused: UNKNOWN_CALENDAR, with those there are.
    """
    known = sorted((await connection.execute(select(business_calendars.c.id))).scalars())
    if name not in known:
        there = ", ".join(known) or "none"
        raise refuse(
            Refusal.UNKNOWN_CALENDAR,
            f"There is no calendar {name!r}; there are: {there}. Put its file into processes/calendars.",
        )


def with_days(calendar: Calendar, days: Iterable[tuple[date, Hours]]) -> Calendar:
    """Give a calendar in which some days have other hours, or none."""
    own = dict(days)
    special = {day: hours for day, hours in calendar.workdays if day not in own}
    opened = {day: hours for day, hours in own.items() if hours}
    closed = {day for day, hours in own.items() if not hours}
    return replace(
        calendar,
        workdays=tuple(sorted({**special, **opened}.items())),
        holidays=tuple(sorted(set(calendar.holidays) | closed)),
    )
