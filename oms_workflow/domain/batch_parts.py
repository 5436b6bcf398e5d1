"""Dividing a batch: orders that share nothing scarce do not touch each other and may be planned apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oms_workflow.domain.batch import Batch, BatchOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Orders that are planned in one go."""

    orders: tuple[BatchOrder, ...]
    exact: bool  # False when orders of another part want the same scarce goods


def parts_of(batch: Batch, largest: int) -> list[Part]:
    """Divide a batch into parts that share nothing scarce; what is larger than `largest` is divided by region.

    Only orders that a solver has to search for count against `largest`: an order of one block is a line in an
    assignment problem, and there may be many of those. Small parts are put together again, which costs nothing.
    """
    parts: list[Part] = []
    gathered: list[BatchOrder] = []
    hard = 0
    for orders in _connected(batch):
        more = _hard(orders)
        if more > largest:
            parts += [Part(orders=part, exact=False) for part in _by_region(orders, largest)]
            continue
        if hard + more > largest:
            parts.append(Part(orders=tuple(gathered), exact=True))
            gathered, hard = [], 0
        gathered += orders
        hard += more
    return [*parts, Part(orders=tuple(gathered), exact=True)] if gathered else parts


def _hard(orders: Sequence[BatchOrder]) -> int:
    return sum(len(order.demands) > 1 or (len(order.candidates) > 1 and order.demands[0].quantity > 1)
               for order in orders)  # fmt: skip


def _connected(batch: Batch) -> list[list[BatchOrder]]:
    """Give the connected components over scarce goods and scarce capacity, in order of their first orders."""
    root = list(range(len(batch.orders)))

    def find(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    for members in _sharing(batch):
        for one in members[1:]:
            first, second = sorted((find(members[0]), find(one)))
            root[second] = first
    groups: dict[int, list[BatchOrder]] = {}
    for number, order in enumerate(batch.orders):
        groups.setdefault(find(number), []).append(order)
    return list(groups.values())


def _sharing(batch: Batch) -> Iterator[list[int]]:
    """Give the orders that may have to share something of which there is not enough for all of them."""
    wanted: dict[tuple[str, str], int] = {}
    by_pair: dict[tuple[str, str], list[int]] = {}
    by_warehouse: dict[str, list[int]] = {}
    for number, order in enumerate(batch.orders):
        for candidate in order.candidates:
            could = {demand.sku for demand in order.demands if batch.available.get((demand.sku, candidate.warehouse))}
            if could:
                by_warehouse.setdefault(candidate.warehouse, []).append(number)
            for demand in order.demands:
                if demand.sku in could:
                    pair = demand.sku, candidate.warehouse
                    wanted[pair] = wanted.get(pair, 0) + demand.quantity
            for sku in sorted(could):
                by_pair.setdefault((sku, candidate.warehouse), []).append(number)
    yield from (by_pair[pair] for pair, pieces in wanted.items() if pieces > batch.available[pair])
    yield from (orders for name, orders in by_warehouse.items() if len(orders) > batch.capacity.get(name, len(orders)))


def _by_region(orders: Sequence[BatchOrder], largest: int) -> Iterator[tuple[BatchOrder, ...]]:
    """Give parts of one region each, those with the most urgent orders first, none larger than `largest`."""
    regions: dict[str, list[BatchOrder]] = {}
    for order in orders:
        regions.setdefault(order.region, []).append(order)
    for members in regions.values():
        for begin in range(0, len(members), largest):
            yield tuple(members[begin : begin + largest])
