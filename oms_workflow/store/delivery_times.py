"""Hours, cut-offs, collections and days on the way in the database. Implements `ports.delivery_times.DeliveryTimes`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.bpmn.calendar import Calendar
from oms_workflow.domain.delivery_rules import (
    CarrierService,
    DeliveryRules,
    DepartureRule,
    TransitRule,
    WarehouseDay,
    WarehouseHours,
)
from oms_workflow.domain.order import Destination
from oms_workflow.domain.ports.delivery_times import Rule
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.route import Route
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.store.calendars import load_calendars, require_calendar, with_days
from oms_workflow.store.statements import upsert
from oms_workflow.store.tables.promises import (
    carrier_services,
    carrier_transits,
    departures,
    warehouse_days,
    warehouse_hours,
)
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.store.warehouses import require_warehouse

_TABLES: dict[type, Table] = {
    WarehouseHours: warehouse_hours,
    WarehouseDay: warehouse_days,
    DepartureRule: departures,
    CarrierService: carrier_services,
    TransitRule: carrier_transits,
}
_CALENDARS = {WarehouseHours: ("calendar",), DepartureRule: ("calendar",), CarrierService: ("network", "delivery")}


class StoredDeliveryTimes:
    """When goods can leave and how long they are on their way."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def routes(
        self, destination: Destination, level: ServiceLevel, warehouses: Iterable[str]
    ) -> Mapping[str, tuple[Route, ...]]:
        """Give the ways from warehouses to a destination, by warehouse."""
        wanted = sorted(set(warehouses))
        async with self.unit.reading() as connection:
            rules = await _rules(connection, destination, wanted)
        return {name: rules.routes(name, destination, level) for name in wanted}

    async def save(self, rule: Rule) -> None:
        """Store a rule in place of the one it stands for."""
        connection = await self.unit.writing()
        if not isinstance(rule, CarrierService) and rule.warehouse:
            await require_warehouse(connection, rule.warehouse)
        for name in _CALENDARS.get(type(rule), ()):
            named: str | None = getattr(rule, name)
            if named is not None:
                await require_calendar(connection, named)
        if isinstance(rule, TransitRule):
            await _require_service(connection, rule.carrier, rule.service)
        table, row = _TABLES[type(rule)], _row(rule)
        keys = [column.name for column in table.primary_key]
        changing = [name for name in row if name not in keys]
        await connection.execute(upsert(connection, table, keys, changing), [row])

    async def forget_day(self, warehouse: str, day: date) -> bool:
        """Give a day its usual hours again."""
        connection = await self.unit.writing()
        mine = (warehouse_days.c.warehouse == warehouse) & (warehouse_days.c.day == day)
        return bool((await connection.execute(delete(warehouse_days).where(mine))).rowcount)

    async def all(self) -> tuple[Rule, ...]:
        """Give every rule, by kind and name."""
        found: list[Rule] = []
        async with self.unit.reading() as connection:
            for kind, table in _TABLES.items():
                rows = await connection.execute(select(table).order_by(*table.primary_key))
                found += [_rule(kind, row) for row in rows.mappings()]
        return tuple(found)


async def _rules(connection: AsyncConnection, destination: Destination, wanted: list[str]) -> DeliveryRules:
    """Read every rule that concerns a destination and some warehouses; nothing more when no hours are known."""

    async def read(kind: type, *where: Any) -> tuple[Any, ...]:
        rows = await connection.execute(select(_TABLES[kind]).where(*where))
        return tuple(_rule(kind, row) for row in rows.mappings())

    hours = await read(WarehouseHours, warehouse_hours.c.warehouse.in_(wanted))
    if not hours:
        return DeliveryRules(calendars={}, own_hours={})
    here = (carrier_transits.c.country == destination.country, carrier_transits.c.region.in_(["", destination.region]))
    transits = await read(TransitRule, *here, carrier_transits.c.warehouse.in_(["", *wanted]))
    services = await read(CarrierService) if transits else ()
    leaving = await read(DepartureRule, departures.c.warehouse.in_(wanted))
    days = await read(WarehouseDay, warehouse_days.c.warehouse.in_(wanted))
    named = {name for one in (*hours, *leaving, *services) for name in _calendars_of(one)}
    calendars = await load_calendars(connection, named)
    return DeliveryRules(
        hours=hours,
        departures=leaving,
        services=services,
        transits=transits,
        calendars=calendars,
        own_hours={one.warehouse: _own(calendars[one.calendar], one.warehouse, days) for one in hours},
    )


def _own(calendar: Calendar, warehouse: str, days: Iterable[WarehouseDay]) -> Calendar:
    return with_days(calendar, [(one.day, one.hours) for one in days if one.warehouse == warehouse])


def _calendars_of(rule: Rule) -> Iterable[str]:
    return [getattr(rule, name) for name in _CALENDARS[type(rule)] if getattr(rule, name) is not None]


async def _require_service(connection: AsyncConnection, carrier: str, service: str) -> None:
    table = carrier_services
    rows = await connection.execute(select(table.c.carrier, table.c.service))
    known = {(one.carrier, one.service) for one in rows}
    if (carrier, service) not in known:
        there = ", ".join(f"{one} {other}" for one, other in sorted(known)) or "none"
        raise refuse(
            Refusal.UNKNOWN_SERVICE,
            f"There is no service {service!r} of carrier {carrier!r}; there are: {there}. Add its calendars first.",
        )


def _row(rule: Rule) -> dict[str, Any]:
    """Write a rule as the columns of its table."""
    row = {name: getattr(rule, name) for name in rule.__slots__}
    if isinstance(rule, WarehouseHours):
        row["handling_minutes"] = int(row.pop("handling") / timedelta(minutes=1))
    elif isinstance(rule, CarrierService):
        row["levels"] = [one.value for one in rule.levels]
    return row


def _rule(kind: type, row: Mapping[Any, Any]) -> Any:
    values = dict(row)
    if kind is WarehouseHours:
        values["handling"] = timedelta(minutes=values.pop("handling_minutes"))
    elif kind is WarehouseDay:
        values["hours"] = tuple((begin, end) for begin, end in values["hours"])
    elif kind is DepartureRule:
        values["times"] = None if values["times"] is None else tuple(values["times"])
    elif kind is CarrierService:
        values["levels"] = tuple(ServiceLevel(one) for one in values["levels"])
    return kind(**values)
