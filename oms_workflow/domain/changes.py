"""What changed when a channel sends an order again. A change in flight is named, never silently taken over."""

from __future__ import annotations

from enum import Enum, IntFlag

from oms_workflow.domain.order import Line, Order


class Change(IntFlag):
    """Kinds of change, as a bit mask (the bits are those of 旺店通's bad_reason where it has one)."""

    ADDRESS = 2
    INVOICE = 4
    WAREHOUSE = 8
    REMARK = 16
    GOODS = 32
    GIFT = 128
    EXCHANGE = 256
    MESSAGE = 512
    SHIPPED_AT_CHANNEL = 1024
    PRICE = 4096
    SERVICE = 8192  # service level or promise


class Arrival(Enum):
    """What an incoming order is, compared with the stored one."""

    NEW = "new"
    SAME = "same"  # nothing is different
    STALE = "stale"  # older news than what is stored
    CHANGED = "changed"


NEEDS_AUDIT = (
    Change.ADDRESS | Change.GOODS | Change.GIFT | Change.PRICE | Change.MESSAGE | Change.REMARK | Change.INVOICE
)
"""Changes after which the order has to be looked at again before it goes on."""


def changes(old: Order, new: Order) -> Change:
    """Give what is different between two versions of one order; 0 when nothing is."""
    found = Change(0)
    if (old.address_digest, old.destination) != (new.address_digest, new.destination):
        found |= Change.ADDRESS
    if _goods(old, gifts=False) != _goods(new, gifts=False):
        found |= Change.GOODS
    if _goods(old, gifts=True) != _goods(new, gifts=True):
        found |= Change.GIFT
    if old.total != new.total or _prices(old) != _prices(new):
        found |= Change.PRICE
    if (old.service_level, old.promise, old.sealed) != (new.service_level, new.promise, new.sealed):
        found |= Change.SERVICE
    return found


def arrival(old: Order | None, new: Order) -> tuple[Arrival, Change]:
    """Say what an incoming order is.

    An older channel version is stale whatever it says; an equal one that differs is a change, because channels without
    versions send 0 each time.
    """
    if old is None:
        return Arrival.NEW, Change(0)
    if new.channel_version < old.channel_version:
        return Arrival.STALE, Change(0)
    found = changes(old, new)
    return (Arrival.CHANGED, found) if found else (Arrival.SAME, Change(0))


def _goods(order: Order, *, gifts: bool) -> list[tuple[str, str, int]]:
    return sorted((line.oid, line.sku, line.ordered) for line in order.lines if line.gift is gifts)


def _prices(order: Order) -> list[tuple[str, object, object, object]]:
    def prices(line: Line) -> tuple[str, object, object, object]:
        return line.oid, line.unit_price.amount, line.discount.amount, line.tax.amount

    return sorted(map(prices, order.lines), key=lambda row: row[0])
