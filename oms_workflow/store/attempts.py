"""Work that failed and is being tried again: what the last attempt said. The engine hears only of the last one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, delete, select

from oms_workflow.store.statements import upsert
from oms_workflow.store.tables.processes import node_attempts
from oms_workflow.store.unit_of_work import UnitOfWork

KEY = ("instance", "element")

_FORGET = delete(node_attempts).where(
    node_attempts.c.instance == bindparam("of_instance"),
    node_attempts.c.element.in_(bindparam("elements", expanding=True)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedAttempt:
    """The latest failure of work that is being tried again."""

    instance: str
    element: str
    activity: str
    attempt: int  # from 1
    kind: str  # of the error
    message: str  # for people; no personal data
    at: datetime  # UTC; the order's time


class Attempts:
    """Failed attempts in the database."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def failed(self, attempt: FailedAttempt) -> None:
        """Keep the latest failure at a node."""
        connection = await self.unit.writing()
        values = asdict(attempt)
        changing = tuple(name for name in values if name not in KEY)
        await connection.execute(upsert(connection, node_attempts, KEY, changing), [values])

    async def over(self, instance: str, elements: Iterable[str]) -> None:
        """Forget the failures at nodes where nothing is tried any more."""
        gone = sorted(set(elements))
        if gone:
            connection = await self.unit.writing()
            await connection.execute(_FORGET, {"of_instance": instance, "elements": gone})

    async def of_instance(self, instance: str) -> tuple[FailedAttempt, ...]:
        """Give what is being tried again in an instance, oldest failure first."""
        return await self._all(select(node_attempts).where(node_attempts.c.instance == instance))

    async def all(self, *, limit: int = 200) -> tuple[FailedAttempt, ...]:
        """Give what is being tried again anywhere, oldest failure first."""
        return await self._all(select(node_attempts).limit(limit))

    async def _all(self, statement: object) -> tuple[FailedAttempt, ...]:
        async with self.unit.reading() as connection:
            ordered = statement.order_by(node_attempts.c.at, node_attempts.c.instance)  # type: ignore[attr-defined]
            rows: Sequence[RowMapping] = (await connection.execute(ordered)).mappings().all()
        return tuple(FailedAttempt(**row) for row in rows)
