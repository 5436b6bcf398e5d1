"""Price lists of carriers in the database. Implements `ports.parcel_rates.ParcelRates`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, delete, select

from oms_workflow.domain.money import Money
from oms_workflow.domain.parcel_rates import Rate, defects_of_rate
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.statements import upsert
from oms_workflow.store.tables.packing import parcel_rates
from oms_workflow.store.unit_of_work import UnitOfWork

_KEY = ("carrier", "service", "warehouse", "country", "region", "valid_from", "up_to_grams")
_PLAIN = ("carrier", "service", "warehouse", "country", "region", "valid_from", "valid_until", "first_grams",
          "further_grams", "divisor", "on_delivery_basis_points", "oversize_mm")  # fmt: skip
_AT_ONCE = 500  # rows in one statement; SQLite takes 32,766 values
_ORDER = [parcel_rates.c[name] for name in _KEY]


class StoredParcelRates:
    """Price lists, row by row."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def save(self, rates: Iterable[Rate]) -> None:
        """Store rows, each in place of the one with its key."""
        connection = await self.unit.writing()
        rows = [_values(rate) for rate in sorted(rates, key=lambda rate: rate.key)]
        changing = tuple(name for name in (rows[0] if rows else ()) if name not in _KEY)
        for first in range(0, len(rows), _AT_ONCE):
            await connection.execute(upsert(connection, parcel_rates, _KEY, changing), rows[first : first + _AT_ONCE])

    async def drop(self, carrier: str, service: str, valid_from: date | None = None) -> int:
        """Delete a price list."""
        connection = await self.unit.writing()
        which = delete(parcel_rates).where(parcel_rates.c.carrier == carrier, parcel_rates.c.service == service)
        if valid_from is not None:
            which = which.where(parcel_rates.c.valid_from == valid_from)
        return (await connection.execute(which)).rowcount

    async def to(self, country: str, warehouse: str = "", region: str = "") -> tuple[Rate, ...]:
        """Give rows for parcels to a country."""
        which = select(parcel_rates).where(parcel_rates.c.country == country).order_by(*_ORDER)
        if warehouse:
            which = which.where(parcel_rates.c.warehouse.in_(["", warehouse]))
        if region:
            which = which.where(parcel_rates.c.region.in_(["", region]))
        async with self.unit.reading() as connection:
            return tuple(_rate(row) for row in (await connection.execute(which)).mappings())

    async def all(self) -> tuple[Rate, ...]:
        """Give every row."""
        async with self.unit.reading() as connection:
            rows = (await connection.execute(select(parcel_rates).order_by(*_ORDER))).mappings()
            return tuple(_rate(row) for row in rows)


def _values(rate: Rate) -> dict[str, Any]:
    wrong = defects_of_rate(rate)
    if wrong:
        raise refuse(Refusal.DATA_REFUSED, f"The rate {' '.join(rate.key)!r} cannot be: {' '.join(wrong)}")
    return {name: getattr(rate, name) for name in _PLAIN} | {
        "up_to_grams": rate.up_to_grams or 0,
        "currency": rate.currency,
        "first_cost": rate.first_cost.minor_units,
        "further_cost": _units(rate.further_cost),
        "remote_cost": _units(rate.remote_cost),
        "remote_cities": sorted(rate.remote_cities),
        "on_delivery_cost": _units(rate.on_delivery_cost),
        "oversize_cost": _units(rate.oversize_cost),
    }


def _units(amount: Money | None) -> int:
    return 0 if amount is None else amount.minor_units


def _rate(row: RowMapping) -> Rate:
    def amount(name: str, *, told: bool = True) -> Money | None:
        return Money.minor(row[name], row["currency"]) if told else None

    return Rate(
        **{name: row[name] for name in _PLAIN},
        up_to_grams=row["up_to_grams"] or None,
        first_cost=Money.minor(row["first_cost"], row["currency"]),
        further_cost=amount("further_cost", told=bool(row["further_grams"])),
        remote_cost=amount("remote_cost", told=bool(row["remote_cost"])),
        remote_cities=frozenset(row["remote_cities"]),
        on_delivery_cost=amount("on_delivery_cost", told=bool(row["on_delivery_cost"])),
        oversize_cost=amount("oversize_cost", told=row["oversize_mm"] is not None),
    )
