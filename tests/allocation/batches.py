"""Small batches to test with, and the best plan found the slow way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import strategies as st

from oms_workflow.domain.batch import Batch, BatchOrder, Plans, Score, Weights, faults, score
from oms_workflow.domain.sourcing import Assignment, Candidate, Demand, SourcingPolicy
from tests.domain.orders_for_tests import cny

NAMES = ("A", "B", "C")


def candidate(name: str, cost: str = "8.00", **more: Any) -> Candidate:
    """A warehouse with the cost of a parcel."""
    return Candidate(warehouse=name, priority=more.pop("priority", 1), cost=cny(cost), distance_km=10, **more)


def order(name: str, wants: dict[str, int], *candidates: Candidate, priority: int = 3, **policy: Any) -> BatchOrder:
    """An order of one line a SKU."""
    demands = tuple(Demand(line_id=f"{name}/{sku}", sku=sku, quantity=many, piece_value=100)
                    for sku, many in wants.items())  # fmt: skip
    return BatchOrder(order_id=name, demands=demands, candidates=candidates, policy=SourcingPolicy(**policy),
                      priority=priority)  # fmt: skip


@st.composite
def batches(draw: st.DrawFn, *, orders: int = 4, names: tuple[str, ...] = NAMES, pieces: int = 3) -> Batch:
    """Any small batch: sellers, groups, limits, short stock, few parcels, promises that only some keep."""
    made = [draw(_orders(f"o{number}", names, pieces)) for number in range(draw(st.integers(1, orders)))]
    pairs = st.tuples(st.sampled_from("xyz"), st.sampled_from(names))
    return Batch(
        orders=tuple(sorted(made, key=lambda one: (one.priority, one.order_id))),
        available=draw(st.dictionaries(pairs, st.integers(0, 4))),
        capacity=draw(st.dictionaries(st.sampled_from(names), st.integers(0, 3), max_size=2)),
        weights=Weights(parcel=draw(st.sampled_from([0, 50])), late=draw(st.sampled_from([0, 300]))),
    )


@st.composite
def _orders(draw: st.DrawFn, name: str, names: tuple[str, ...], pieces: int) -> BatchOrder:
    lines = draw(st.lists(st.tuples(st.sampled_from("xyz"), st.integers(1, pieces), st.sampled_from(["", "", "g"])),
                          min_size=1, max_size=2))  # fmt: skip
    demands = tuple(
        Demand(line_id=f"{name}/{number}", sku=sku, quantity=many, ship_together=group,
               seller=draw(st.sampled_from(["", "s"])), piece_value=draw(st.sampled_from([50, 400])))
        for number, (sku, many, group) in enumerate(lines)
    )  # fmt: skip
    candidates = tuple(
        candidate(one, f"{draw(st.integers(1, 9))}.00", keeps_promise=draw(st.booleans()),
                  piece_cost=draw(st.sampled_from([None, cny("0.30")])),
                  sellers=draw(st.sampled_from([frozenset(), frozenset({"s"})])))
        for one in names if draw(st.booleans())
    )  # fmt: skip
    policy = SourcingPolicy(
        may_divide_lines=draw(st.booleans()),
        maximum_warehouses=draw(st.sampled_from([None, 1, 2])),
        complete_or_nothing=draw(st.sampled_from([False, False, True])),
        minimum_part_value=draw(st.sampled_from([0, 0, 300])),
    )
    return BatchOrder(order_id=name, demands=demands, candidates=candidates, policy=policy,
                      priority=draw(st.integers(1, 5)))  # fmt: skip


def best_by_trying(batch: Batch) -> Score:
    """Try every plan there is; give the score of the best that may be done."""
    whole: list[Plans] = [
        {order.order_id: given for order, given in zip(batch.orders, chosen, strict=True)}
        for chosen in product(*(list(_ways(order)) for order in batch.orders))
    ]
    return min(score(batch, plans) for plans in whole if not any(faults(batch, plans)))


def _ways(order: BatchOrder) -> Iterator[tuple[Assignment, ...]]:
    names = [one.warehouse for one in order.candidates]
    for divided in product(*(list(_divisions(demand.quantity, len(names))) for demand in order.demands)):
        yield tuple(
            Assignment(line_id=demand.line_id, sku=demand.sku, warehouse=name, quantity=many)
            for demand, parts in zip(order.demands, divided, strict=True)
            for name, many in zip(names, parts, strict=True)
            if many
        )


def _divisions(pieces: int, places: int) -> Iterator[tuple[int, ...]]:
    yield from (parts for parts in product(range(pieces + 1), repeat=places) if sum(parts) <= pieces)
