"""Waves: fulfilment orders a warehouse is asked for together, so that pickers walk once. Says which go when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from oms_workflow.domain.service_level import ServiceLevel

MINUTES_A_DAY = 24 * 60
SKIPS_WAVES = frozenset({ServiceLevel.EXPRESS, ServiceLevel.VIP})
"""Who paid for speed does not wait for company."""


class WaveReason(StrEnum):
    """Why a wave went when it went."""

    TIME = "time"  # a time of the schedule came
    FULL = "full"  # as many wait as one wave holds
    WAITED = "waited"  # somebody waited as long as anybody may
    MANUAL = "manual"  # a person let it go


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveRule:
    """When waves of a warehouse go, for one carrier or ('') for every carrier without a rule of its own."""

    warehouse: str
    carrier: str
    zone: str  # of the times, such as Asia/Shanghai
    times: tuple[int, ...]  # minutes since local midnight, ascending: a little before the carrier comes
    most_orders: int  # fulfilment orders in one wave, at least 1
    longest_wait: timedelta  # whatever the schedule says


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A fulfilment order that waits for its wave."""

    fulfilment_id: str
    carrier: str
    priority: int  # 1 goes first
    ship_by: datetime | None  # UTC
    since: datetime  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveDraft:
    """Fulfilment orders that are to go together, the most urgent first."""

    carrier: str
    reason: WaveReason
    fulfilments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """A wave that was released. It is never taken back."""

    id: str
    warehouse: str
    carrier: str
    reason: WaveReason
    released_at: datetime  # UTC
    released_by: str
    fulfilments: tuple[str, ...]  # in the order in which the warehouse should pick them


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveStanding:
    """Where a fulfilment order stands."""

    waits: bool  # for a wave to be released
    wave: str = ""  # the one it went with; '' for none


def defects_of_rule(rule: WaveRule) -> tuple[str, ...]:
    """List what makes a rule impossible; () for a sound one."""
    found = []
    if list(rule.times) != sorted(set(rule.times)) or any(not 0 <= one < MINUTES_A_DAY for one in rule.times):
        found.append("Times ascend and lie within a day.")
    if rule.most_orders < 1:
        found.append("A wave holds one fulfilment order at least.")
    if rule.longest_wait <= timedelta(0):
        found.append("Somebody may wait for some time.")
    try:
        ZoneInfo(rule.zone)
    except (KeyError, ValueError, OSError):  # unknown, malformed, a folder
        found.append(f"There is no time zone {rule.zone!r}.")
    return tuple(found)


def due_waves(waiting: Iterable[Waiting], rules: Sequence[WaveRule], at: datetime) -> tuple[WaveDraft, ...]:
    """Say which waves of one warehouse go now: each carrier by itself, the most urgent orders in the first wave.

    1. Everybody who waited since before the last time of the schedule goes; whoever came later waits for the next.
    2. When somebody waited as long as anybody may, all of that carrier go.
    3. As many full waves go as there are orders for.

    Args:
        rules: Of the warehouse. Whoever no rule speaks about goes at once.
    """
    by_carrier: dict[str, list[Waiting]] = {}
    for one in waiting:
        by_carrier.setdefault(one.carrier, []).append(one)
    found: list[WaveDraft] = []
    for carrier, mine in sorted(by_carrier.items()):
        rule = rule_for(rules, carrier)
        mine.sort(key=urgency)
        if rule is None:
            found.append(_draft(carrier, WaveReason.WAITED, mine))
            continue
        found += _of_carrier(carrier, mine, rule, at)
    return tuple(found)


def drafts_of_all(waiting: Iterable[Waiting], rules: Sequence[WaveRule]) -> tuple[WaveDraft, ...]:
    """Put everybody into waves now, because a person says so; no wave is larger than its rule allows."""
    by_carrier: dict[str, list[Waiting]] = {}
    for one in sorted(waiting, key=urgency):
        by_carrier.setdefault(one.carrier, []).append(one)
    found: list[WaveDraft] = []
    for carrier, mine in sorted(by_carrier.items()):
        rule = rule_for(rules, carrier)
        found += _in_parts(carrier, WaveReason.MANUAL, mine, rule.most_orders if rule is not None else len(mine))
    return tuple(found)


def rule_for(rules: Iterable[WaveRule], carrier: str) -> WaveRule | None:
    """Give the rule of a carrier, or the one for all; None when there is none."""
    known = {rule.carrier: rule for rule in rules}
    return known.get(carrier) or known.get("")


def last_time(rule: WaveRule, at: datetime) -> datetime | None:
    """Give the last moment of the schedule that came, UTC; None without times. Looks back two days at most."""
    local = at.astimezone(ZoneInfo(rule.zone))
    for back in range(3):
        midnight = (local - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
        for minute in reversed(rule.times):
            moment = midnight.replace(hour=minute // 60, minute=minute % 60).astimezone(at.tzinfo)
            if moment <= at:
                return moment
    return None


def urgency(one: Waiting) -> tuple[int, bool, datetime, datetime, str]:
    """Give what waves are sorted by: priority, then the promised moment, then who came first."""
    return one.priority, one.ship_by is None, one.ship_by or one.since, one.since, one.fulfilment_id


def _of_carrier(carrier: str, mine: list[Waiting], rule: WaveRule, at: datetime) -> list[WaveDraft]:
    if any(at - one.since >= rule.longest_wait for one in mine):
        return _in_parts(carrier, WaveReason.WAITED, mine, rule.most_orders)
    came = last_time(rule, at)
    due = [one for one in mine if came is not None and one.since <= came]
    rest = [one for one in mine if one not in due]
    found = _in_parts(carrier, WaveReason.TIME, due, rule.most_orders)
    full = len(rest) // rule.most_orders * rule.most_orders
    return found + _in_parts(carrier, WaveReason.FULL, rest[:full], rule.most_orders)


def _in_parts(carrier: str, reason: WaveReason, mine: Sequence[Waiting], most: int) -> list[WaveDraft]:
    return [_draft(carrier, reason, mine[first : first + most]) for first in range(0, len(mine), max(1, most))]


def _draft(carrier: str, reason: WaveReason, mine: Sequence[Waiting]) -> WaveDraft:
    return WaveDraft(carrier=carrier, reason=reason, fulfilments=tuple(one.fulfilment_id for one in mine))
