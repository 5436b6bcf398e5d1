"""Deployed processes, version by version. A version never changes; running orders carry their own copy of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update

from oms_workflow.store.statements import queue_up
from oms_workflow.store.tables.processes import process_versions
from oms_workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What is deployed."""

    process_id: str
    name: str
    version_tag: str
    sha256: str  # of the bundle's content
    bundle: bytes
    source: bytes  # the diagram's XML, byte for byte
    file: str
    starts: tuple[dict[str, str], ...]  # {"message": name, "element": id}; or signal, or timer and measure


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessVersion:
    """One deployed version, without its large parts."""

    process_id: str
    version: int  # from 1
    name: str
    version_tag: str
    sha256: str
    file: str
    starts: tuple[dict[str, str], ...]
    deployed_at: datetime  # UTC
    deployed_by: str


_LIGHT = [column for column in process_versions.c if column.name not in ("bundle", "source")]


class ProcessVersions:
    """Deployed processes in the database."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def deploy(self, what: Deployment, *, by: str, at: datetime) -> ProcessVersion:
        """Store a process as its next version; content that is deployed already stays the version that it is.

        Only what starts it is noted anew: a later release may know more ways to start the same diagram.
        """
        connection = await self.unit.writing()
        await queue_up(connection, f"process {what.process_id}")
        mine = process_versions.c.process_id == what.process_id
        same = await self._all(select(*_LIGHT).where(mine, process_versions.c.sha256 == what.sha256))
        if same and list(same[0].starts) == list(what.starts):
            return same[0]
        if same:
            this = process_versions.c.version == same[0].version
            await connection.execute(update(process_versions).where(mine, this).values(starts=list(what.starts)))
            return replace(same[0], starts=what.starts)
        last = (await connection.execute(select(func.max(process_versions.c.version)).where(mine))).scalar_one() or 0
        values = {name: getattr(what, name) for name in Deployment.__slots__} | {"starts": list(what.starts)}
        await connection.execute(
            insert(process_versions).values(version=last + 1, deployed_at=at, deployed_by=by, **values)
        )
        return (await self._all(select(*_LIGHT).where(mine, process_versions.c.version == last + 1)))[0]

    async def latest(self, process_id: str) -> ProcessVersion | None:
        """Give the version that new instances start with; None when the process was never deployed."""
        mine = select(*_LIGHT).where(process_versions.c.process_id == process_id)
        found = await self._all(mine.order_by(process_versions.c.version.desc()).limit(1))
        return found[0] if found else None

    async def all(self, process_id: str = "") -> tuple[ProcessVersion, ...]:
        """Give every version, of one process or of all, by process and version."""
        which = select(*_LIGHT)
        if process_id:
            which = which.where(process_versions.c.process_id == process_id)
        return await self._all(which.order_by(process_versions.c.process_id, process_versions.c.version))

    async def bundle(self, process_id: str, version: int) -> bytes | None:
        """Give the packed bundle of a version; None when there is none."""
        return await self._large(process_versions.c.bundle, process_id, version)

    async def tagged(self, process_id: str, version_tag: str) -> bytes | None:
        """Give the packed bundle of the newest version with a tag; None when none has it."""
        mine = process_versions.c.process_id == process_id, process_versions.c.version_tag == version_tag
        which = select(process_versions.c.bundle).where(*mine).order_by(process_versions.c.version.desc()).limit(1)
        async with self.unit.reading() as connection:
            found: bytes | None = (await connection.execute(which)).scalar_one_or_none()
            return found

    async def source(self, process_id: str, version: int) -> bytes | None:
        """Give the diagram of a version, byte for byte; None when there is none."""
        return await self._large(process_versions.c.source, process_id, version)

    async def started_by(self, name: str, kind: str = "message") -> tuple[ProcessVersion, ...]:
        """Give the latest version of each process that has a start event for this message, or this `signal`."""
        newest: dict[str, ProcessVersion] = {one.process_id: one for one in await self.all()}
        return tuple(one for one in newest.values() if any(start.get(kind) == name for start in one.starts))

    async def _large(self, column: Any, process_id: str, version: int) -> bytes | None:
        which = select(column).where(process_versions.c.process_id == process_id, process_versions.c.version == version)
        async with self.unit.reading() as connection:
            found: bytes | None = (await connection.execute(which)).scalar_one_or_none()
            return found

    async def _all(self, statement: Any) -> tuple[ProcessVersion, ...]:
        async with self.unit.reading() as connection:
            rows: Sequence[RowMapping] = (await connection.execute(statement)).mappings().all()
        return tuple(ProcessVersion(**(dict(row) | {"starts": tuple(row["starts"])})) for row in rows)
