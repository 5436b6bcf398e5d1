"""Port to the orders of the house: take in, look up, change, cancel, complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.cancellation import CancelDecision, CancelScope
from oms_workflow.domain.changes import Arrival, Change
from oms_workflow.domain.note import Note, NoteKind
from oms_workflow.domain.order import Order
from oms_workflow.domain.promise import Promise
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.domain.status import OrderStatus, OrderView


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of an incoming order."""

    order_id: str
    arrival: Arrival
    changes: Change
    revision: str = ""  # id of the stored change; '' unless `arrival` is CHANGED


class Orders(Protocol):
    """Orders and their lines. Every writing method does the same thing once per `key`, and answers the same again."""

    async def take_in(self, order: Order, *, key: str, at: datetime) -> TakenIn:
        """Store an order that came in. The same order again changes nothing; a changed one is stored as a revision.

        A revision waits until `accept_revision` takes it over: what was audited is never changed silently.

        Raises:
            OrderRefused: DATA_REFUSED, when `order.defects` finds the order impossible; ORDER_MISMATCH, when its id,
                its external id or one of its sub-orders belongs to another order.
        """
        ...

    async def get(self, order_id: str) -> Order:
        """Give the order as it stands.

        Raises:
            OrderRefused: UNKNOWN_ORDER.
        """
        ...

    async def view(self, order_id: str) -> OrderView:
        """Give the order with its ledgers, holds, returns and fulfilments, read in one moment.

        Raises:
            OrderRefused: UNKNOWN_ORDER.
        """
        ...

    async def find(self, channel: str, external_id: str) -> str | None:
        """Give the id of the order a channel knows by this key; None when there is none."""
        ...

    async def accept_revision(self, order_id: str, revision: str, *, key: str, at: datetime) -> Order:
        """Take a stored revision over: address, promise, service level, seal, prices and fewer pieces.

        Pieces that the revision leaves out are cancelled, as long as nothing works on them.

        Raises:
            OrderRefused: GOODS_CHANGED, when it asks for other or more goods than were ordered, or leaves out pieces
                that a warehouse works on; STALE_VERSION, when a newer revision was taken over.
        """
        ...

    async def set_promise(self, order_id: str, promise: Promise, *, key: str, at: datetime) -> Order:
        """Store a new promise."""
        ...

    async def set_service_level(self, order_id: str, level: ServiceLevel, *, key: str, at: datetime) -> Order:
        """Store a new service level, and with it the priority."""
        ...

    async def set_address(
        self,
        order_id: str,
        customer_ref: str,
        address_digest: str,
        region: tuple[str, str, str],
        *,
        key: str,
        at: datetime,
    ) -> Order:
        """Send the order to another address of the vault; `region` is (country, region, city).

        Raises:
            OrderRefused: ILLEGAL_MOVE, when a warehouse works on it already or it was merged.
        """
        ...

    async def backorder(self, order_id: str, pieces: Mapping[str, int], *, key: str, at: datetime) -> None:
        """Let open pieces (line id -> quantity) wait for stock.

        Raises:
            OrderRefused: QUANTITY_EXCEEDED, when fewer are open and unreserved; ORDER_CANCELLED.
        """
        ...

    async def reopen(self, order_id: str, pieces: Mapping[str, int] | None, *, key: str, at: datetime) -> None:
        """Take backordered pieces up again; None means all of them."""
        ...

    async def send_again(self, order_id: str, pieces: Mapping[str, int], *, key: str, at: datetime) -> None:
        """Take written-off pieces up again under the same lines: they are open, and will be sourced and shipped anew.

        Raises:
            OrderRefused: QUANTITY_EXCEEDED, when fewer are written off and not refunded.
        """
        ...

    async def cancel(
        self, order_id: str, *, scope: CancelScope, reason: str, by: str, key: str, at: datetime
    ) -> CancelDecision:
        """Decide a cancellation, once, against shipping: exactly one of the two wins for each fulfilment order.

        What is cancelled frees its stock in the same moment. WHOLE cancels all or nothing; REST cancels what has not
        left; WAITING what is on backorder, and lets everything else go on. An order of which nothing goes out any more
        can never ship afterwards.
        """
        ...

    async def complete(self, order_id: str, *, key: str, at: datetime) -> OrderStatus:
        """Note that the order's process reached its end; gives the status the order has then.

        Raises:
            OrderRefused: ILLEGAL_MOVE, while pieces have yet to leave the house.
        """
        ...

    async def add_note(
        self, order_id: str, kind: NoteKind, text: str, *, flag: int, by: str, key: str, at: datetime
    ) -> Note:
        """Keep a remark. Its text is personal data and stays in the database."""
        ...

    async def notes(self, order_id: str) -> tuple[Note, ...]:
        """Give the remarks, oldest first."""
        ...

    async def children(self, order_id: str) -> tuple[str, ...]:
        """Give the ids of exchanges and re-issues made for this order, oldest first."""
        ...
