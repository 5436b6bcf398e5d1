"""Port to the cartons of warehouses and the sides of goods."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from oms_workflow.domain.carton import Carton, Measured


class Cartons(Protocol):
    """What goods are packed into. Parcels that are planned already keep what they were planned with."""

    async def save(self, carton: Carton) -> None:
        """Store a carton, in place of what its warehouse had under this name.

        Raises:
            OrderRefused: UNKNOWN_WAREHOUSE; ILLEGAL_MOVE, when other cartons of the warehouse cost another currency.
        """
        ...

    async def drop(self, warehouse: str, carton: str) -> bool:
        """Use a carton no more; False when there is none of this name."""
        ...

    async def of(self, warehouse: str) -> tuple[Carton, ...]:
        """Give the cartons of a warehouse, the smallest first; '' gives those of all, by warehouse."""
        ...

    async def measure(self, goods: Iterable[Measured]) -> None:
        """Store the sides of SKUs, in place of what was stored for them."""
        ...

    async def forget(self, sku: str) -> bool:
        """Forget the sides of a SKU; False when none were known."""
        ...

    async def measured(self, skus: Iterable[str] | None = None) -> dict[str, Measured]:
        """Give what is known of SKUs, by SKU; None gives all."""
        ...
