"""Which warehouses send an order: few parcels, cheap and near, in the order the policy prefers. Reserves nothing.

Greedy over classes of equal priority; within a class every set of up to three warehouses is tried (Salesforce's order
of sets, with their bound on combinations), beyond that the warehouse that covers most is taken again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby
from typing import Any

from oms_workflow.domain.source_blocks import Block, blocks_of
from oms_workflow.domain.source_parts import small_parts
from oms_workflow.domain.source_reasons import shortfall_reason, why_chosen
from oms_workflow.domain.sourcing import (
    Assignment,
    Candidate,
    Choice,
    Demand,
    Preference,
    Shortfall,
    ShortfallReason,
    SourcingPlan,
    SourcingQuestion,
)

TRIED_TOGETHER = 3  # warehouses in one tried set; larger orders than three parcels are left to greedy
TRIED_AT_MOST = 12  # candidates that are combined, those that cover most: 298 sets

Stock = dict[tuple[str, str], int]


@dataclass(slots=True)
class _Search:
    """What is still wanted and still there, while warehouses are being chosen."""

    question: SourcingQuestion
    blocks: list[Block]
    stock: Stock
    assignments: list[Assignment]
    choices: list[Choice]

    @property
    def wanted(self) -> int:
        return sum(block.pieces for block in self.blocks)

    @property
    def warehouses_left(self) -> int:
        limit = self.question.policy.maximum_warehouses
        used = len({one.warehouse for one in self.assignments})
        return len(self.question.candidates) if limit is None else max(0, limit - used)


def source(question: SourcingQuestion) -> SourcingPlan:
    """Give the plan for one order: each wanted piece gets a warehouse, or a reason why it has none.

    The same question gives the same plan, whatever the order of the candidates. A plan with a part that is worth less
    than the policy wants is looked for again with fewer warehouses, and in the end given up.
    """
    plan, policy = _search(question), question.policy
    while any(small_parts(question.demands, plan.assignments, policy.minimum_part_value)):
        fewer = len(plan.warehouses) - 1
        narrow = replace(policy, maximum_warehouses=fewer or 1, complete_or_nothing=not fewer)
        plan, policy = _search(replace(question, policy=narrow)), narrow
    return plan if policy is question.policy else _because_small(plan)


def _because_small(plan: SourcingPlan) -> SourcingPlan:
    """Say that pieces are left out because the parts would have been too small, not because of narrower limits."""
    limits = (ShortfallReason.TOO_MANY_WAREHOUSES, ShortfallReason.NOT_COMPLETE)
    return replace(
        plan,
        shortfalls=tuple(
            replace(one, reason=ShortfallReason.PART_TOO_SMALL) if one.reason in limits else one
            for one in plan.shortfalls
        ),
    )


def _search(question: SourcingQuestion) -> SourcingPlan:
    open_now = [one for one in question.candidates if one.remaining_parcels is None or one.remaining_parcels > 0]
    blocks = blocks_of(question.demands, may_divide_lines=question.policy.may_divide_lines)
    search = _Search(question, blocks, dict(question.available), [], [])
    for members in _classes(open_now, question.policy.prefer):
        if search.blocks:
            _choose_within(search, members)
    return _plan(search)


def _classes(candidates: Sequence[Candidate], prefer: Preference) -> list[list[Candidate]]:
    ordered = sorted(candidates, key=lambda one: (one.priority, one.cost.amount, one.distance_km, one.warehouse))
    if prefer is not Preference.PRIORITY:
        return [ordered]
    return [list(members) for _, members in groupby(ordered, key=lambda one: one.priority)]


def _choose_within(search: _Search, members: Sequence[Candidate]) -> None:
    """Take warehouses of one class until they have nothing more to give."""
    covers = _alone(search, members)
    useful = sorted((one for one in members if covers[one.warehouse]), key=lambda one: -covers[one.warehouse])
    target, _ = _cover(useful, search.blocks, search.stock)
    best = _best_set(search, useful, target, covers)
    for chosen in best if best is not None else _greedy(search, useful):
        _take(search, chosen, members)


def _alone(search: _Search, members: Iterable[Candidate]) -> dict[str, int]:
    """Count what each warehouse could send if it were the only one."""
    return {one.warehouse: _cover((one,), search.blocks, search.stock)[0] for one in members}


def _best_set(
    search: _Search, useful: Sequence[Candidate], target: int, alone: dict[str, int]
) -> tuple[Candidate, ...] | None:
    """Find the preferred set of a few warehouses that gives all the class can give; None when it takes more."""
    prefer = search.question.policy.prefer
    fewest_first = prefer in (Preference.PRIORITY, Preference.FEWEST_PARCELS)
    found: list[tuple[Candidate, ...]] = []
    for size in range(1, min(TRIED_TOGETHER, search.warehouses_left, len(useful)) + 1):
        for chosen in combinations(useful if size == 1 else useful[:TRIED_AT_MOST], size):
            first = alone[chosen[0].warehouse]
            pieces = first if size == 1 else _cover(chosen, search.blocks, search.stock)[0]
            if pieces == target:
                found.append(chosen)
        if found and fewest_first:
            break
    return min(found, key=lambda chosen: _set_key(chosen, prefer)) if found else None


def _set_key(chosen: Sequence[Candidate], prefer: Preference) -> tuple[Any, ...]:
    size, cost = len(chosen), sum(one.cost.amount for one in chosen)
    distance, priority = sum(one.distance_km for one in chosen), sum(one.priority for one in chosen)
    names = tuple(sorted(one.warehouse for one in chosen))
    return {
        Preference.PRIORITY: (size, cost, distance, names),
        Preference.FEWEST_PARCELS: (size, priority, cost, distance, names),
        Preference.CHEAPEST: (cost, size, priority, distance, names),
        Preference.NEAREST: (distance, size, priority, cost, names),
    }[prefer]


def _greedy(search: _Search, useful: Sequence[Candidate]) -> Iterable[Candidate]:
    """Give, one after the other, the warehouse that covers most of what is then still wanted."""
    left = list(useful)
    while left and search.blocks and search.warehouses_left:
        covers = _alone(search, left)
        best = min(left, key=lambda one: (-covers[one.warehouse], *_set_key((one,), search.question.policy.prefer)))
        if not covers[best.warehouse]:
            return
        left.remove(best)
        yield best


def _cover(
    chosen: Iterable[Candidate], blocks: Sequence[Block], stock: Stock
) -> tuple[int, list[tuple[Demand, str, int]]]:
    """Count the pieces these warehouses can send, one after the other, and say which."""
    left = [(block, block.pieces) for block in blocks]
    pieces, takes = 0, []
    for candidate in chosen:
        used: dict[str, int] = {}
        rest: list[tuple[Block, int]] = []
        for block, wanted in left:
            given = _given(block, wanted, candidate, stock, used)
            if given:
                pieces += given
                takes += [(demand, candidate.warehouse, given if block.dividable else demand.quantity)
                          for demand in block.demands]  # fmt: skip
            if given < wanted:
                rest.append((block, wanted - given))
        left = rest
    return pieces, takes


def _given(block: Block, wanted: int, candidate: Candidate, stock: Stock, used: dict[str, int]) -> int:
    """Count the pieces of a block that one warehouse can send, and note them in `used`."""
    if candidate.sellers and not all(candidate.ships_for(demand.seller) for demand in block.demands):
        return 0
    for sku, needed in block.needs.items():
        free = stock.get((sku, candidate.warehouse), 0) - used.get(sku, 0)
        if block.dividable:
            wanted = min(wanted, max(0, free))
        elif free < needed:
            return 0
    for sku, needed in block.needs.items():
        used[sku] = used.get(sku, 0) + (wanted if block.dividable else needed)
    return wanted


def _without(block: Block, given: int) -> Block:
    if not given:
        return block
    demand = block.demands[0]
    return Block((replace(demand, quantity=demand.quantity - given),), block.dividable)


def _take(search: _Search, chosen: Candidate, rivals: Sequence[Candidate]) -> None:
    """Assign to one warehouse all it can send now, and note why it was this one."""
    pieces, takes = _cover((chosen,), search.blocks, search.stock)
    if not pieces:
        return
    equals = [one for one in rivals if one is not chosen and one.warehouse not in _used(search)]
    equals = [one for one in equals if _cover((one,), search.blocks, search.stock)[0] >= pieces]
    why = why_chosen(chosen, pieces, search.wanted, equals, search.question.policy.prefer)
    search.choices.append(Choice(warehouse=chosen.warehouse, why=why))
    given: dict[str, int] = {}
    for demand, warehouse, quantity in takes:
        search.assignments.append(
            Assignment(line_id=demand.line_id, sku=demand.sku, warehouse=warehouse, quantity=quantity)
        )
        search.stock[demand.sku, warehouse] -= quantity
        given[demand.line_id] = given.get(demand.line_id, 0) + quantity
    rest = [_without(block, min(block.pieces, given.get(block.demands[0].line_id, 0))) if block.dividable else block
            for block in search.blocks]  # fmt: skip
    search.blocks = [
        block for block in rest
        if block.pieces and (block.dividable or block.demands[0].line_id not in given)
    ]  # fmt: skip


def _used(search: _Search) -> set[str]:
    return {one.warehouse for one in search.assignments}


def _plan(search: _Search) -> SourcingPlan:
    shortfalls = [
        Shortfall(
            line_id=demand.line_id,
            sku=demand.sku,
            quantity=demand.quantity,
            reason=shortfall_reason(demand, search.question, search.stock),
        )
        for block in search.blocks
        for demand in block.demands
    ]
    if shortfalls and search.question.policy.complete_or_nothing:
        shortfalls += [
            Shortfall(line_id=one.line_id, sku=one.sku, quantity=one.quantity, reason=ShortfallReason.NOT_COMPLETE)
            for one in search.assignments
        ]
        return SourcingPlan(shortfalls=tuple(shortfalls))
    return SourcingPlan(
        assignments=tuple(search.assignments), shortfalls=tuple(shortfalls), choices=tuple(search.choices)
    )
