"""How urgently an order is handled. Says who goes first, not how fast a node has to be (that is its SLA)."""

from __future__ import annotations

from enum import StrEnum


class ServiceLevel(StrEnum):
    """What the buyer was promised, from slowest to fastest."""

    STANDARD = "standard"
    EXPRESS = "express"
    VIP = "vip"


class Origin(StrEnum):
    """How the order came into the house."""

    CHANNEL = "channel"  # pushed or pulled from a shop
    MANUAL = "manual"  # typed in by a person
    IMPORT = "import"  # a file with many orders
    EXCHANGE = "exchange"  # goods for goods of an earlier order
    REISSUE = "reissue"  # sent again because a parcel was lost or wrong


_PRIORITY: dict[ServiceLevel, int] = {ServiceLevel.VIP: 1, ServiceLevel.EXPRESS: 2, ServiceLevel.STANDARD: 3}
_WAITS_LONGER: dict[Origin, int] = {Origin.IMPORT: 1}  # a file of thousands must not hold up what comes in by the piece
_GOES_FIRST: dict[Origin, int] = {Origin.EXCHANGE: 1, Origin.REISSUE: 1}  # this buyer has waited once already


def priority(level: ServiceLevel, origin: Origin = Origin.CHANNEL) -> int:
    """Give the place in the queue, 1 (first) to 5; it becomes the task queue priority and sorts the allocation.

    >>> priority(ServiceLevel.STANDARD), priority(ServiceLevel.STANDARD, Origin.REISSUE)
    (3, 2)
    """
    place = _PRIORITY[level] + _WAITS_LONGER.get(origin, 0) - _GOES_FIRST.get(origin, 0)
    return min(5, max(1, place))
