"""Port to bundles: what is sold as one thing and lies on the shelves as several."""

from __future__ import annotations

from typing import Protocol

from oms_workflow.domain.bundle import Bundle


class Bundles(Protocol):
    """What bundles are made of now. Orders that came in keep what theirs were made of then."""

    async def save(self, bundle: Bundle) -> None:
        """Store a bundle, in place of what was stored for its SKU.

        Raises:
            OrderRefused: ILLEGAL_MOVE, when a component is a bundle itself, the bundle is a component of another one,
                or pieces of its SKU lie in a warehouse.
        """
        ...

    async def drop(self, sku: str) -> None:
        """Sell a SKU as a bundle no more; with none of this SKU nothing happens."""
        ...

    async def all(self) -> tuple[Bundle, ...]:
        """Give all bundles by SKU."""
        ...

    async def available(self, sku: str) -> dict[str, int]:
        """Say how many of a bundle could be promised now, by warehouse; those that have none are left out."""
        ...
