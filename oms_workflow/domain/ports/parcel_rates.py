"""Port to the price lists of carriers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from oms_workflow.domain.parcel_rates import Rate


class ParcelRates(Protocol):
    """What carriers charge. Shipments keep what they were expected to cost when they were planned."""

    async def save(self, rates: Iterable[Rate]) -> None:
        """Store rows, each in place of the one with its key."""
        ...

    async def drop(self, carrier: str, service: str, valid_from: date | None = None) -> int:
        """Delete the price list of a service, or the one that begins on a day; gives how many rows there were."""
        ...

    async def to(self, country: str, warehouse: str = "", region: str = "") -> tuple[Rate, ...]:
        """Give rows for parcels to a country, of all times; '' for a warehouse or region gives those of all."""
        ...

    async def all(self) -> tuple[Rate, ...]:
        """Give every row, by carrier, service, lane, begin and weight."""
        ...
