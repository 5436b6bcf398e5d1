"""Port to hours, cut-offs, collections and days on the way, which people edit and promises are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from oms_workflow.domain.delivery_rules import (
    CarrierService,
    DepartureRule,
    TransitRule,
    WarehouseDay,
    WarehouseHours,
)
from oms_workflow.domain.order import Destination
from oms_workflow.domain.route import Route
from oms_workflow.domain.service_level import ServiceLevel

Rule = WarehouseHours | WarehouseDay | DepartureRule | CarrierService | TransitRule


class DeliveryTimes(Protocol):
    """When goods can leave and how long they are on their way."""

    async def routes(
        self, destination: Destination, level: ServiceLevel, warehouses: Iterable[str]
    ) -> Mapping[str, tuple[Route, ...]]:
        """Give the ways from warehouses to a destination, by warehouse; () where nothing is known."""
        ...

    async def save(self, rule: Rule) -> None:
        """Store a rule in place of the one it stands for.

        Raises:
            OrderRefused: UNKNOWN_WAREHOUSE; UNKNOWN_CALENDAR; UNKNOWN_SERVICE.
        """
        ...

    async def forget_day(self, warehouse: str, day: date) -> bool:
        """Give a day its usual hours again; False when it had no others."""
        ...

    async def all(self) -> tuple[Rule, ...]:
        """Give every rule, by kind and name."""
        ...
