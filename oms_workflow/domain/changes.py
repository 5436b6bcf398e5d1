"""What changed when a channel sends an order again. A change in flight is named, never silently taken over."""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass
from enum import Enum, IntFlag, StrEnum

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


class Party(StrEnum):
    """Who asks for a change."""

    CHANNEL = "channel"
    BUYER = "buyer"
    STAFF = "staff"


class Stage(StrEnum):
    """How far an order is when a change comes in, in this order."""

    OPEN = "open"  # nobody works on it
    AT_WAREHOUSE = "at_warehouse"
    SHIPPED = "shipped"  # something has left
    OVER = "over"  # cancelled or completed


MATTERS = ("risk", "contact", "address", "blocklist", "amount", "velocity", "remark")
"""What an audit looks at; the rules of a matter name themselves after it, such as `amount.large`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the mask: who may change it, up to when, and what is audited again then."""

    says: str  # English
    says_zh: str
    by: frozenset[Party]
    until: Stage | None  # last stage in which it may change; None: it tells what happened, and is never refused
    matters: tuple[str, ...] = ()  # (): nothing is audited again


_CHANNEL_ONLY = frozenset({Party.CHANNEL})
_ALL = frozenset(Party)
_WHO_AND_WHERE = ("risk", "contact", "address", "blocklist", "velocity")

FIELDS: dict[Change, Field] = {
    Change.ADDRESS: Field(says="address", says_zh="收货信息", by=_ALL, until=Stage.OPEN, matters=_WHO_AND_WHERE),
    Change.INVOICE: Field(says="invoice", says_zh="发票", by=_ALL, until=Stage.SHIPPED, matters=("amount",)),
    Change.WAREHOUSE: Field(says="warehouse", says_zh="仓库", by=_CHANNEL_ONLY, until=Stage.OPEN),
    Change.REMARK: Field(says="seller's remark", says_zh="客服备注", by=_ALL, until=Stage.SHIPPED, matters=("remark",)),
    Change.GOODS: Field(
        says="goods", says_zh="商品", by=_ALL, until=Stage.AT_WAREHOUSE, matters=("risk", "amount", "velocity")
    ),
    Change.GIFT: Field(says="gifts", says_zh="赠品", by=_CHANNEL_ONLY, until=Stage.AT_WAREHOUSE, matters=("amount",)),
    Change.EXCHANGE: Field(says="exchange", says_zh="换货", by=_ALL, until=Stage.AT_WAREHOUSE),
    Change.MESSAGE: Field(
        says="buyer's message", says_zh="买家留言", by=_ALL, until=Stage.SHIPPED, matters=("remark",)
    ),
    Change.SHIPPED_AT_CHANNEL: Field(says="shipped at the channel", says_zh="平台已发货", by=_CHANNEL_ONLY, until=None),
    Change.PRICE: Field(
        says="price", says_zh="价格", by=_CHANNEL_ONLY, until=Stage.AT_WAREHOUSE, matters=("risk", "amount", "velocity")
    ),
    Change.SERVICE: Field(says="service or promise", says_zh="时效", by=_ALL, until=Stage.AT_WAREHOUSE),
}
"""Every field of the mask."""

NEEDS_AUDIT = functools.reduce(operator.or_, (one for one, field in FIELDS.items() if field.matters))
"""Changes after which the order has to be looked at again before it goes on."""


def matters_of(changed: Change) -> tuple[str, ...]:
    """Give what has to be audited again after a change, in the order of MATTERS."""
    wanted = {matter for one, field in FIELDS.items() if one in changed for matter in field.matters}
    return tuple(matter for matter in MATTERS if matter in wanted)


def too_late(changed: Change, stage: Stage) -> Change:
    """Give the part of a change that comes after the point of no return of its field."""
    order = list(Stage)
    late = Change(0)
    for one, field in FIELDS.items():
        if one in changed and field.until is not None and order.index(stage) > order.index(field.until):
            late |= one
    return late


def not_theirs(changed: Change, party: Party) -> Change:
    """Give the part of a change that this party may not ask for."""
    late = Change(0)
    for one, field in FIELDS.items():
        if one in changed and party not in field.by:
            late |= one
    return late


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
