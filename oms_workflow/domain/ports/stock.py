"""Port to stock: promise it to orders, take promises back, and book what happens in warehouses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.order import Destination
from oms_workflow.domain.sourcing import Assignment, Candidate, Choice, Shortfall, SourcingPolicy
from oms_workflow.domain.stock import Balance, EntryKind
from oms_workflow.domain.warehouse import Lane, Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationResult:
    """What is reserved for an order after a call, what could not be, and why these warehouses."""

    reserved: tuple[Assignment, ...]  # of this call and of earlier ones
    shortfalls: tuple[Shortfall, ...]
    choices: tuple[Choice, ...]  # of this call
    expires_at: datetime | None  # UTC; None when the reservation is firm
    refused: tuple[Choice, ...] = ()  # warehouses that were left out, and why

    @property
    def missing(self) -> int:
        """Pieces that no warehouse holds; 0 when all is reserved."""
        return sum(one.quantity for one in self.shortfalls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What an order gave back."""

    reserved: tuple[Assignment, ...]
    allocated: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one order line has on the stock of one warehouse."""

    order_id: str
    line_id: str
    sku: str
    warehouse: str
    reserved: int
    allocated: int
    picked: int  # of the allocated
    shipped: int
    expires_at: datetime | None  # UTC; when the reserved part lapses; None: never, or nothing is reserved


class Stock(Protocol):
    """Stock and what orders were promised of it. Check and write are one step: nothing is promised twice."""

    async def reserve(
        self,
        order_id: str,
        candidates: Sequence[Candidate],
        *,
        policy: SourcingPolicy,
        expires_at: datetime | None,
        key: str,
        at: datetime,
    ) -> ReservationResult:
        """Choose warehouses for every open, unreserved piece of an order and reserve it there.

        Pieces of orders that were merged into this one are reserved with it. The order of a paid or on-delivery order
        is firm: `expires_at` is left away then, and it never lapses. Reserving again reserves only what is not yet.

        Raises:
            OrderRefused: UNKNOWN_ORDER; ORDER_CANCELLED. Missing stock is no refusal, it is a shortfall.
        """
        ...

    async def allocate(self, order_id: str, *, key: str, at: datetime) -> tuple[Assignment, ...]:
        """Make everything reserved for the order, and for orders merged into it, firm; gives what is allocated now.

        Raises:
            OrderRefused: ON_HOLD; NOT_PAID; ORDER_CANCELLED; OUT_OF_STOCK, when nothing is reserved or allocated.
        """
        ...

    async def release(self, order_id: str, *, allocated: bool, key: str, at: datetime) -> Released:
        """Give back what is reserved for the order, and with `allocated` also what no fulfilment order holds."""
        ...

    async def release_expired(self, at: datetime, *, limit: int = 100) -> tuple[str, ...]:
        """Give back reservations that lapsed; gives the orders concerned. Never touches a paid or on-delivery order."""
        ...

    async def claims(self, order_id: str) -> tuple[Claim, ...]:
        """Give what the order has on stock, by line and warehouse."""
        ...

    async def balances(self, skus: Iterable[str], warehouses: Iterable[str] | None = None) -> tuple[Balance, ...]:
        """Give balances, by sku and warehouse; a pair nothing was ever booked for is left out."""
        ...

    async def receive(self, sku: str, warehouse: str, quantity: int, *, reason: str, key: str, at: datetime) -> Balance:
        """Book goods that arrived."""
        ...

    async def write_off(
        self, sku: str, warehouse: str, quantity: int, *, reason: str, key: str, at: datetime
    ) -> Balance:
        """Book goods that are broken, lost or expired and promised to nobody.

        Raises:
            OrderRefused: STOCK_PROMISED.
        """
        ...

    async def count(self, sku: str, warehouse: str, counted: int, *, reason: str, key: str, at: datetime) -> Balance:
        """Book the result of a count as the difference to what was on hand.

        Raises:
            OrderRefused: STOCK_PROMISED, when fewer were counted than are promised.
        """
        ...

    async def set_safety(
        self, sku: str, warehouse: str, quantity: int, *, reason: str = "", key: str, at: datetime
    ) -> Balance:
        """Keep a cushion that is never promised; what is promised already stays promised."""
        ...

    async def sort_out(
        self, sku: str, warehouse: str, kind: EntryKind, quantity: int, *, reason: str, key: str, at: datetime
    ) -> Balance:
        """Book pieces found unfit for sale (`damage`), fit again (`mend`) or thrown away (`scrap`).

        Raises:
            OrderRefused: STOCK_PROMISED, when the pieces are promised; QUANTITY_EXCEEDED; UNKNOWN_WAREHOUSE.
        """
        ...

    async def waiting_orders(self, skus: Iterable[str], *, limit: int = 100) -> tuple[str, ...]:
        """Give orders that wait for these goods, those with the highest priority first, then the oldest.

        A merged order does not wait itself: its leader is given in its place, once.
        """
        ...


class Warehouses(Protocol):
    """Warehouses and the lanes from them."""

    async def candidates(self, destination: Destination, *, currency: str, at: datetime) -> tuple[Candidate, ...]:
        """Give the active warehouses with a lane to the destination, with today's remaining capacity.

        "Today" is the day of `at` in UTC. A lane to the region goes before the lane to its whole country.
        """
        ...

    async def get(self, warehouse: str) -> Warehouse:
        """Give one warehouse.

        Raises:
            OrderRefused: UNKNOWN_WAREHOUSE.
        """
        ...

    async def save(self, warehouse: Warehouse, lanes: Sequence[Lane]) -> None:
        """Store a warehouse with its lanes, in place of what was stored for it."""
        ...

    async def all(self) -> tuple[Warehouse, ...]:
        """Give all warehouses by id, inactive ones too."""
        ...
