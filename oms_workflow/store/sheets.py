"""The projections of one instance together: what is stored of them is read in one statement, not table by table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import RowMapping, Select, Table, Text, bindparam, literal_column, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.store.sheet import Sheet
from oms_workflow.store.tables.processes import incidents, node_visits, open_nodes, sla_items, user_tasks

_NO_STATE = literal_column("''", Text)


def _of(kind: str, table: Table, number: str, state: Any, moment: Any) -> Select[Any]:
    name = literal_column(f"'{kind}'", Text).label("kind")
    columns = (
        table.c[number].label("number"),
        table.c.token.label("token"),
        state.label("state"),
        moment.label("moment"),
    )
    return select(name, *columns).where(table.c.instance == bindparam("of_instance"))


_PARTS = {
    open_nodes: _of("node", open_nodes, "token", _NO_STATE, open_nodes.c.since),  # first: it gives the columns' types
    user_tasks: _of("task", user_tasks, "token", user_tasks.c.state, null()),
    incidents: _of("incident", incidents, "incident", incidents.c.state, null()),
    sla_items: _of("sla", sla_items, "token", _NO_STATE, sla_items.c.ended_at),
}
_ALL = union_all(*_PARTS.values())
_OF_TOKENS = union_all(
    *(part.where(table.c.token.in_(bindparam("tokens", expanding=True))) for table, part in _PARTS.items())
)


@dataclass(slots=True, kw_only=True)
class Sheets:
    """The rows of an instance in each projection. Of stored rows only what decides about changes is read."""

    connection: AsyncConnection
    name: str  # of the instance
    nodes: Sheet
    visits: Sheet
    tasks: Sheet
    incidents: Sheet
    sla: Sheet

    @classmethod
    def of(cls, connection: AsyncConnection, instance: str) -> Self:
        """Give the sheets of an instance, nothing read yet."""

        def sheet(table: Table, number: str = "token") -> Sheet:
            return Sheet(connection, table, number, instance)

        return cls(
            connection=connection,
            name=instance,
            nodes=sheet(open_nodes),
            visits=sheet(node_visits),
            tasks=sheet(user_tasks),
            incidents=sheet(incidents, "incident"),
            sla=sheet(sla_items),
        )

    async def load(self, tokens: Collection[int]) -> None:
        """Read what is stored about some tokens."""
        if tokens:
            given = {"of_instance": self.name, "tokens": sorted(tokens)}
            self._take((await self.connection.execute(_OF_TOKENS, given)).mappings().all())

    async def load_all(self) -> None:
        """Read what is stored about the instance and was not read yet."""
        self._take((await self.connection.execute(_ALL, {"of_instance": self.name})).mappings().all())

    async def write(self) -> None:
        """Store what changed."""
        for sheet in (self.nodes, self.visits, self.tasks, self.incidents, self.sla):
            await sheet.write()

    def _take(self, found: Collection[RowMapping]) -> None:
        for row in found:
            number, kind = row["number"], row["kind"]
            if kind == "node":
                self.nodes.found(number, {"since": row["moment"]})
            elif kind == "task":
                self.tasks.found(number, {"state": row["state"]})
            elif kind == "incident":
                self.incidents.found(number, {"token": row["token"], "state": row["state"]})
            else:
                self.sla.found(number, {"ended_at": row["moment"]})
