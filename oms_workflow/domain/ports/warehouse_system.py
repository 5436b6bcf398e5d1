"""Port to the systems that run warehouses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from oms_workflow.domain.customer import Contact


class WarehouseVerdict(StrEnum):
    """What a warehouse says at once. PENDING: its word comes as a message."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseLine:
    """Pieces to pick."""

    line_id: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseOrder:
    """What a warehouse is asked to send. `to` is personal data and goes nowhere but to the warehouse."""

    fulfilment_id: str
    warehouse: str
    seller: str
    lines: tuple[WarehouseLine, ...]
    priority: int  # 1 first, 5 last
    ship_by: datetime | None  # UTC
    carrier: str
    service: str
    to: Contact = field(repr=False)
    remark: str = field(default="", repr=False)  # for the packer


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseAnswer:
    """What the warehouse says."""

    verdict: WarehouseVerdict
    reference: str = ""  # its own number
    code: str = ""  # its reason for rejecting


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedReturn:
    """Goods that will come back to a warehouse."""

    return_id: str
    warehouse: str
    lines: tuple[WarehouseLine, ...]


class WarehouseSystem(Protocol):
    """Warehouse systems. What happens after the answer comes back as `warehouse.*` and `return.received` messages.

    Every method raises WorldUnavailable when the system does not answer.
    """

    async def submit(self, order: WarehouseOrder, *, key: str) -> WarehouseAnswer:
        """Ask for goods to be sent; the same `key` makes one order there."""
        ...

    async def cancel(self, fulfilment_id: str, *, key: str) -> WarehouseAnswer:
        """Ask to stop; REJECTED when the goods are on their way."""
        ...

    async def announce_return(self, announced: AnnouncedReturn, *, key: str) -> WarehouseAnswer:
        """Tell which goods will come back."""
        ...
