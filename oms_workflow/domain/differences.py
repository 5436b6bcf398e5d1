"""What a change makes of an order, field by field, before and after. No personal data: digests and regions only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oms_workflow.domain.changes import Change
from oms_workflow.domain.order import Order

DIGEST = 8  # characters of a digest: enough to see that two addresses differ, too few to look one up


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field as it was and as it is wanted."""

    field: str  # as `Change` names it, in lower case
    before: str
    after: str


def differences(old: Order, new: Order, changed: Change) -> tuple[Difference, ...]:
    """Show what is different between two versions of an order, for the fields that changed."""
    found = []
    for one, shown in _SHOWN.items():
        if one in changed and one.name is not None:
            found.append(Difference(field=one.name.lower(), before=shown(old), after=shown(new)))
    return tuple(found)


def _address(order: Order) -> str:
    place = order.destination
    named = " ".join(part for part in (place.country, place.region, place.city) if part)
    return f"{named} #{order.address_digest[:DIGEST] or '-'}"


def _goods(order: Order, *, gifts: bool) -> str:
    lines = sorted((line.sku, line.ordered) for line in order.lines if line.gift is gifts)
    return ", ".join(f"{quantity} x {sku}" for sku, quantity in lines) or "-"


def _price(order: Order) -> str:
    return f"{order.total}"


def _service(order: Order) -> str:
    promise = order.promise
    moments = (("ship by", promise.ship_by), ("deliver by", promise.deliver_by))
    told = [order.service_level.value, *(f"{name} {at.isoformat()}" for name, at in moments if at is not None)]
    return ", ".join([*told, "sealed"] if order.sealed else told)


_SHOWN: dict[Change, Callable[[Order], str]] = {
    Change.ADDRESS: _address,
    Change.GOODS: lambda order: _goods(order, gifts=False),
    Change.GIFT: lambda order: _goods(order, gifts=True),
    Change.PRICE: _price,
    Change.SERVICE: _service,
}
"""How each field that two versions of an order can differ in is shown."""
