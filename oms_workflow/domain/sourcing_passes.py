"""Rules that analysts edit, one pass after the other: which warehouses may send, which goes first, and when to stop.

A pass takes what it can of what earlier passes left, among the warehouses it lets through. Without passes the shop's
preference is the one pass there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from oms_workflow.domain.source_order import source
from oms_workflow.domain.sourcing import (
    Assignment,
    Candidate,
    Choice,
    Demand,
    Shortfall,
    ShortfallReason,
    SourcingPass,
    SourcingPlan,
    SourcingPolicy,
    SourcingQuestion,
)


def source_in_passes(question: SourcingQuestion) -> SourcingPlan:
    """Give the plan for one order by the passes of its policy; it says which warehouses were left out, and why."""
    rest, stock = list(question.demands), dict(question.available)
    given: list[Assignment] = []
    choices: list[Choice] = []
    refused: list[Choice] = []
    shortfalls: tuple[Shortfall, ...] = ()
    for one in question.policy.passes or (SourcingPass(prefer=question.policy.prefer),):
        let_through = []
        used = {made.warehouse for made in given}
        for candidate in question.candidates:
            why = why_not(candidate, one, used, question.policy.maximum_warehouses)
            if why:
                shut = is_shut_out(candidate, question.policy)
                refused.append(Choice(warehouse=candidate.warehouse, why=why, by_all=shut))
            else:
                let_through.append(candidate)
        plan = source(_asked(question, one, rest, let_through, stock, used))
        given += plan.assignments
        choices += plan.choices
        shortfalls = plan.shortfalls
        for made in plan.assignments:
            stock[made.sku, made.warehouse] -= made.quantity
        rest = _rest(rest, plan.assignments)
        if not rest or one.stops:
            break
    return _whole(question, SourcingPlan(
        assignments=_merged(given), shortfalls=shortfalls, choices=tuple(choices), refused=tuple(refused)
    ))  # fmt: skip


def _asked(
    question: SourcingQuestion,
    one: SourcingPass,
    rest: Sequence[Demand],
    candidates: Sequence[Candidate],
    stock: Mapping[tuple[str, str], int],
    used: set[str],
) -> SourcingQuestion:
    """Ask for what is left, as the pass wants it; an earlier parcel of the order is no new warehouse."""
    limits = [many for many in (question.policy.maximum_warehouses, one.maximum_warehouses) if many is not None]
    fresh = None if not limits else max(1, min(limits) - len(used))
    return SourcingQuestion(
        demands=tuple(rest),
        candidates=tuple(candidates),
        available={pair: max(0, pieces - one.keep_pieces) for pair, pieces in stock.items()},
        policy=SourcingPolicy(
            prefer=one.prefer,
            may_divide_lines=question.policy.may_divide_lines,
            maximum_warehouses=fresh,
            complete_or_nothing=one.complete,
            minimum_part_value=max(one.minimum_part_value, question.policy.minimum_part_value),
        ),
    )


def is_shut_out(candidate: Candidate, policy: SourcingPolicy) -> bool:
    """Say whether no pass that is ever reached lets a warehouse through, wherever the rest of the order comes from."""
    for one in policy.passes:
        if not why_not(candidate, one, set(), None):
            return False
        if one.stops:
            break
    return bool(policy.passes)


def why_not(candidate: Candidate, one: SourcingPass, used: set[str], limit: int | None) -> str:
    """Say in English and Chinese why a pass lets a warehouse not through; '' when it does."""
    name, where = candidate.warehouse, f"pass {one.name!r}" if one.name.isascii() else "this pass"
    left = candidate.remaining_parcels
    if one.only and name not in one.only:
        return f"{name} is not among the warehouses of {where} 不在本轮仓库范围内：{name}"
    if one.maximum_km is not None and candidate.distance_km > one.maximum_km:
        return (f"{name} is {candidate.distance_km} km away, {where} allows {one.maximum_km} "
                f"超出距离：{name} {candidate.distance_km} 公里，上限 {one.maximum_km} 公里")  # fmt: skip
    if left is not None and left < one.minimum_parcels_left:
        return (f"{name} takes {left} more parcels today, {where} wants {one.minimum_parcels_left} "
                f"产能不足：{name} 今日还可接 {left} 单，要求 {one.minimum_parcels_left} 单")  # fmt: skip
    if one.in_time and not candidate.keeps_promise:
        return f"{name} would be too late for the promise 无法按时送达：{name}"
    if limit is not None and len(used) >= limit and name not in used:
        return f"{name} would be one warehouse more than the {limit} allowed 超出最多仓数 {limit}：{name}"
    return ""


def _rest(demands: Iterable[Demand], given: Iterable[Assignment]) -> list[Demand]:
    sent: dict[str, int] = {}
    for one in given:
        sent[one.line_id] = sent.get(one.line_id, 0) + one.quantity
    left = [replace(one, quantity=one.quantity - sent.get(one.line_id, 0)) for one in demands]
    return [one for one in left if one.quantity]


def _merged(given: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """Put together what several passes took of one line from one warehouse."""
    found: dict[tuple[str, str], Assignment] = {}
    for one in given:
        name = one.line_id, one.warehouse
        found[name] = replace(one, quantity=one.quantity + found[name].quantity) if name in found else one
    return tuple(found.values())


def _whole(question: SourcingQuestion, plan: SourcingPlan) -> SourcingPlan:
    """Give everything up where the order goes complete or not at all and something is missing."""
    if not (plan.shortfalls and question.policy.complete_or_nothing):
        return plan
    given_up = tuple(
        Shortfall(line_id=one.line_id, sku=one.sku, quantity=one.quantity, reason=ShortfallReason.NOT_COMPLETE)
        for one in plan.assignments
    )
    return SourcingPlan(shortfalls=plan.shortfalls + given_up, refused=plan.refused)
