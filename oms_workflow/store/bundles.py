"""Bundles in the database, and those that orders were made of. Implements `ports.bundles.Bundles`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.bundle import Bundle, Component, SoldBundle, expand
from oms_workflow.domain.money import total
from oms_workflow.domain.order import Order
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.statements import queue_up
from oms_workflow.store.stock_book import balance
from oms_workflow.store.tables.orders import order_bundles, orders
from oms_workflow.store.tables.stock import bundle_components, stock_balances
from oms_workflow.store.unit_of_work import UnitOfWork

_FIGURES = ("quantity", "share", "weight_grams", "volume_cm3", "title")
_MADE_OF = (
    select(bundle_components)
    .where(bundle_components.c.bundle.in_(bindparam("skus", expanding=True)))
    .order_by(bundle_components.c.bundle, bundle_components.c.position)
)
_SOLD = select(order_bundles).where(order_bundles.c.order_id == bindparam("of"))
_STORED = select(orders.c.id).where(orders.c.id == bindparam("of"))
_KEEP = insert(order_bundles)


class StoredBundles:
    """What bundles are made of now."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def save(self, bundle: Bundle) -> None:
        """Store a bundle, in place of what was stored for its SKU."""
        connection = await self.unit.writing()
        await queue_up(connection, "bundles")
        await _require_flat(connection, bundle)
        await self.drop(bundle.sku)
        rows = [
            {"bundle": bundle.sku, "component": one.sku, "position": position, "bundle_title": bundle.title}
            | {name: getattr(one, name) for name in _FIGURES}
            for position, one in enumerate(bundle.components, start=1)
        ]
        await connection.execute(insert(bundle_components), rows)

    async def drop(self, sku: str) -> None:
        """Sell a SKU as a bundle no more."""
        connection = await self.unit.writing()
        await connection.execute(delete(bundle_components).where(bundle_components.c.bundle == sku))

    async def all(self) -> tuple[Bundle, ...]:
        """Give all bundles by SKU."""
        everything = select(bundle_components).order_by(bundle_components.c.bundle, bundle_components.c.position)
        async with self.unit.reading() as connection:
            return tuple(_bundles((await connection.execute(everything)).mappings()).values())

    async def available(self, sku: str) -> dict[str, int]:
        """Say how many of a bundle could be promised now, by warehouse."""
        async with self.unit.reading() as connection:
            found = (await load_bundles(connection, [sku])).get(sku)
            if found is None:
                return {}
            names = [one.sku for one in found.components]
            mine = select(stock_balances).where(stock_balances.c.sku.in_(names))
            shelves = [balance(row) for row in (await connection.execute(mine)).mappings()]
        free = {(one.sku, one.warehouse): one.available for one in shelves}
        made = {
            place: min(free.get((one.sku, place), 0) // one.quantity for one in found.components)
            for place in sorted({one.warehouse for one in shelves})
        }
        return {place: many for place, many in made.items() if many}


async def load_bundles(connection: AsyncConnection, skus: Iterable[str]) -> dict[str, Bundle]:
    """Give those of the SKUs that are bundles now."""
    return _bundles((await connection.execute(_MADE_OF, {"skus": sorted(set(skus))})).mappings())


async def expanded(connection: AsyncConnection, order: Order) -> tuple[Order, tuple[SoldBundle, ...]]:
    """Give an order with components in place of bundles; one that is stored already by what its own were made of."""
    bundles = await load_bundles(connection, (line.sku for line in order.lines))
    sold = (await connection.execute(_SOLD, {"of": order.id})).mappings().all()
    if sold or (bundles and (await connection.execute(_STORED, {"of": order.id})).first() is not None):
        bundles = {row["sku"]: _as_it_was(row) for row in sold}  # whatever became a bundle since was none in this order
    try:
        return expand(order, bundles) if bundles else (order, ())
    except ValueError as wrong:
        raise refuse(Refusal.DATA_REFUSED, f"A bundle of order {order.id!r} cannot be expanded: {wrong}") from None


async def keep_sold(connection: AsyncConnection, order_id: str, sold: Sequence[SoldBundle]) -> None:
    """Store what the channel sold, before the lines of the components."""
    if sold:
        await connection.execute(_KEEP, [_sold_values(order_id, one) for one in sold])


async def take_amounts(connection: AsyncConnection, order: Order) -> None:
    """Store what bundles cost, after the prices of their components changed."""
    for oid in dict.fromkeys(line.bundle for line in order.lines if line.per_bundle):
        amount = total((line.amount for line in order.lines if line.bundle == oid), order.currency)
        mine = (order_bundles.c.order_id == order.id) & (order_bundles.c.oid == oid)
        await connection.execute(update(order_bundles).where(mine).values(amount=amount.minor_units))


async def _require_flat(connection: AsyncConnection, bundle: Bundle) -> None:
    table = bundle_components
    names = [one.sku for one in bundle.components]
    nested = select(table.c.bundle).where(or_(table.c.bundle.in_(names), table.c.component == bundle.sku))
    if (await connection.execute(nested.limit(1))).first() is not None:
        raise refuse(
            Refusal.ILLEGAL_MOVE,
            f"Bundle {bundle.sku!r} would hold a bundle or be held by one. Name the single goods instead.",
        )
    shelf = select(stock_balances.c.warehouse).where(stock_balances.c.sku == bundle.sku, stock_balances.c.on_hand > 0)
    place = (await connection.execute(shelf.limit(1))).scalar_one_or_none()
    if place is not None:
        raise refuse(
            Refusal.ILLEGAL_MOVE,
            f"Pieces of {bundle.sku!r} lie in {place!r}, so it cannot be made of others. Count them as components.",
        )


def _bundles(rows: Iterable[RowMapping]) -> dict[str, Bundle]:
    parts: dict[tuple[str, str], list[Component]] = {}
    for row in rows:
        one = Component(sku=row["component"], **{name: row[name] for name in _FIGURES})
        parts.setdefault((row["bundle"], row["bundle_title"]), []).append(one)
    return {sku: Bundle(sku=sku, title=title, components=tuple(found)) for (sku, title), found in parts.items()}


def _sold_values(order_id: str, one: SoldBundle) -> dict[str, Any]:
    parts = [{"sku": part.sku} | {name: getattr(part, name) for name in _FIGURES} for part in one.bundle.components]
    return {
        "order_id": order_id,
        "oid": one.oid,
        "sku": one.bundle.sku,
        "title": one.bundle.title,
        "quantity": one.quantity,
        "amount": one.amount.minor_units,
        "components": parts,
    }


def _as_it_was(row: RowMapping) -> Bundle:
    parts = tuple(Component(**part) for part in row["components"])
    return Bundle(sku=row["sku"], title=row["title"], components=parts)
