"""A batch as an integer programme: which parcels are sent (0 or 1) and how many of each block goes into them.

Variables of an order: `parcel[w]`, one for each useful candidate, and `taken[b, w]`, blocks of goods taken from it. A
block that goes whole is 0 or 1, a dividable line 0 to its pieces. An order of a single whole block needs no `taken`:
its parcel is its block, which leaves an assignment problem, and those have whole corners (Hoffman and Kruskal 1956).
So have the pieces of dividable lines once it is known which parcels go: they are a transportation problem.
"""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.domain.batch import Batch, BatchOrder, parcel_cost, piece_cost
from oms_workflow.domain.source_blocks import Block
from oms_workflow.domain.sourcing import Candidate
from oms_workflow.optimise.program import NONE, Model, Place, Short, Terms


def model_of(batch: Batch, *, complete: bool = False) -> Model:
    """Write a batch down as an integer programme; with `complete` every piece has to be sent."""
    model = Model(complete=complete)
    stock: dict[tuple[str, str], Terms] = {}
    capacity: dict[str, Terms] = {}
    for order in batch.orders:
        blocks = order.blocks
        parts = list(_parts(batch, order, blocks))
        for parcel, candidate, taken in _order(model, batch, order, blocks, parts):
            if candidate.warehouse in batch.capacity:
                capacity.setdefault(candidate.warehouse, []).append((parcel, 1))
            for variable, block in taken:
                for sku, pieces in block.needs.items():
                    unit = 1 if block.dividable else pieces
                    stock.setdefault((sku, candidate.warehouse), []).append((variable, unit))
    for pair, terms in stock.items():
        _limit(model, terms, batch.available.get(pair, 0))
    for warehouse, terms in capacity.items():
        _limit(model, terms, batch.capacity[warehouse])
    if not complete:
        model.short = list(_short(batch, model))
    return model


def _short(batch: Batch, model: Model) -> Iterator[Short]:
    """Give the goods of which all warehouses together hold less than is wanted, with the blocks that want them."""
    wanted: dict[str, list[tuple[str, int, int, int]]] = {}
    for order in batch.orders:
        if order.order_id in model.places:
            for number, block in enumerate(order.blocks):
                for sku, pieces in block.needs.items():
                    unit = 1 if block.dividable else pieces
                    wanted.setdefault(sku, []).append((order.order_id, number, unit, pieces))
    held: dict[str, int] = {}
    for (sku, _), pieces in batch.available.items():
        held[sku] = held.get(sku, 0) + pieces
    for sku, blocks in wanted.items():
        if sum(pieces for *_, pieces in blocks) > held.get(sku, 0):
            yield Short(blocks=tuple(one[:3] for one in blocks), held=held.get(sku, 0))


def _limit(model: Model, terms: Terms, high: int) -> None:
    if sum(model.upper[variable] * many for variable, many in terms) > high:
        model.rows.add(terms, high=high)


def _parts(
    batch: Batch, order: BatchOrder, blocks: tuple[Block, ...]
) -> Iterator[tuple[Candidate, list[tuple[Block, int]]]]:
    """Give each useful candidate with the blocks it could send, and how many units of each."""
    for candidate in order.candidates:
        if not batch.capacity.get(candidate.warehouse, 1):
            continue
        could = []
        for block in blocks:
            if all(candidate.ships_for(demand.seller) for demand in block.demands):
                held = min(batch.available.get((sku, candidate.warehouse), 0) // (1 if block.dividable else pieces)
                           for sku, pieces in block.needs.items())  # fmt: skip
                units = min(held, block.pieces if block.dividable else 1)
                could += [(block, units)] if units else []
        if could:
            yield candidate, could


Parcel = tuple[int, Candidate, list[tuple[int, Block]]]


def _order(
    model: Model,
    batch: Batch,
    order: BatchOrder,
    blocks: tuple[Block, ...],
    parts: list[tuple[Candidate, list[tuple[Block, int]]]],
) -> list[Parcel]:
    single = len(blocks) == 1 and (not blocks[0].dividable or blocks[0].pieces == 1)
    row, first = len(model.rows.terms), len(model.upper)
    parcels: list[Parcel] = []
    for candidate, could in parts:
        parcel = model.variable(1, cost=parcel_cost(order, candidate, batch.weights))
        if single:
            block = blocks[0]
            model.worth[parcel] = order.weight * block.pieces
            model.cost[parcel] += piece_cost(candidate) * block.pieces
            taken = [(parcel, block)]
        else:
            taken = [(_taken(model, order, candidate, block, units, parcel), block) for block, units in could]
        for variable, block in taken:
            model.takes[variable] = order.order_id, block, candidate.warehouse
        parcels.append((parcel, candidate, taken))
    if single:
        model.rows.add([(parcel, 1) for parcel, _, _ in parcels], low=int(model.complete), high=1)
    else:
        _together(model, order, blocks, parcels)
    if parcels:
        within = range(row, len(model.rows.terms)), range(first, len(model.upper))
        model.places[order.order_id] = _place(order, blocks, parcels, within, apart=not single)
    return parcels


def _place(
    order: BatchOrder, blocks: tuple[Block, ...], parcels: list[Parcel], within: tuple[range, range], *, apart: bool
) -> Place:
    taken = [{id(block): variable for variable, block in one} for _, _, one in parcels]
    limit = order.policy.maximum_warehouses
    return Place(
        parcels=tuple(parcel for parcel, _, _ in parcels),
        taken=tuple(tuple(one.get(id(block), NONE) for one in taken) for block in blocks),
        units=tuple(block.pieces if block.dividable and apart else 1 for block in blocks),
        most=len(parcels) if limit is None else min(limit, len(parcels)),
        whole=order.policy.complete_or_nothing,
        apart=apart,
        rows=within[0],
        variables=within[1],
        plain=not order.policy.minimum_part_value,
    )


def _taken(model: Model, order: BatchOrder, candidate: Candidate, block: Block, units: int, parcel: int) -> int:
    pieces = 1 if block.dividable else block.pieces
    cost = piece_cost(candidate) * pieces
    # a least worth of parts ties the lines of an order together: no transportation problem any more
    whole = not block.dividable or order.policy.minimum_part_value > 0
    variable = model.variable(units, worth=order.weight * pieces, cost=cost, whole=whole)
    model.rows.add([(variable, 1), (parcel, -units)], high=0)  # nothing leaves without a parcel
    return variable


def _together(model: Model, order: BatchOrder, blocks: tuple[Block, ...], parcels: list[Parcel]) -> None:
    """Add what holds for an order as a whole: no block twice, warehouses, completeness, worth of parts."""
    may_be_left_out = order.policy.complete_or_nothing and not model.complete
    whole = model.variable(1) if may_be_left_out else None
    for block in blocks:
        units = block.pieces if block.dividable else 1
        terms = [(variable, 1) for _, _, taken in parcels for variable, one in taken if one is block]
        if whole is None:
            model.rows.add(terms, low=units if model.complete else 0, high=units)
        else:
            model.rows.add([*terms, (whole, -units)], low=0, high=0)
    limit = order.policy.maximum_warehouses
    if limit is not None and limit < len(parcels):
        model.rows.add([(parcel, 1) for parcel, _, _ in parcels], high=limit)
    if order.policy.minimum_part_value:
        _worthwhile(model, order, parcels)


def _worthwhile(model: Model, order: BatchOrder, parcels: list[Parcel]) -> None:
    """Hold each part of a divided order to its least worth, with `divided` and `rest` as switches."""
    least = order.policy.minimum_part_value
    total = sum(demand.piece_value * demand.quantity for demand in order.demands)
    pieces = sum(demand.quantity for demand in order.demands)
    divided, rest = model.variable(1), model.variable(1)
    everything: Terms = []
    value: Terms = []
    for parcel, _, taken in parcels:
        worth = [(variable, _worth(block)) for variable, block in taken]
        model.rows.add([*worth, (parcel, -least), (divided, -least)], low=-least)
        everything += [(variable, 1 if block.dividable else block.pieces) for variable, block in taken]
        value += worth
    model.rows.add([*everything, (rest, pieces)], low=pieces)  # something is left out: rest is 1
    # left = total - value; with rest and divided it is worth at least `least`
    model.rows.add([*((variable, many) for variable, many in value), (rest, least), (divided, least)],
                   high=total + least)  # fmt: skip
    many = len(parcels)
    model.rows.add([*((parcel, 1) for parcel, _, _ in parcels), (rest, 1), (divided, -many)], high=1)


def _worth(block: Block) -> int:
    return sum(demand.piece_value * (1 if block.dividable else demand.quantity) for demand in block.demands)
