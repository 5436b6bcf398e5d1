"""Which rule of a script counts. The first rule that matches and says something about the matter wins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from oms_workflow.connect.world.chance import draw
from oms_workflow.connect.world.script.model import Rule, Script, When
from oms_workflow.connect.world.script.systems import Fails


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known when a rule is looked for; '' and no SKUs where it is not."""

    order: str = ""
    external_id: str = ""
    channel: str = ""
    skus: frozenset[str] = field(default_factory=frozenset)
    carrier: str = ""
    service: str = ""
    warehouse: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a rule says about a matter, and the name under which its uses are counted."""

    value: Any
    rule: str  # `rules[3].payment.refund`: where it stands in the script


def find(script: Script, seed: int, facts: Facts, part: str, matter: str) -> Iterator[Found]:
    """Give what matching rules say about a matter such as ('payment', 'refund'), the first of the file first.

    A `matter` of '' is the part as a whole.

    Usually the first one counts. One that holds only a number of `times` is followed by the next once it is used up.
    """
    for index, rule in enumerate(script.rules):
        behaviour = getattr(rule, part)
        value = getattr(behaviour, matter) if behaviour is not None and matter else behaviour
        if value is not None and value != () and applies(rule, index, seed, facts):
            yield Found(value=value, rule=f"rules[{index}].{part}.{matter}")


def failures(script: Script, seed: int, facts: Facts, system: str, operation: str) -> Iterator[Found]:
    """Give the failures that a call may meet, the first of the file first; windows and `times` are not looked at."""
    for index, rule in enumerate(script.rules):
        for number, fails in enumerate(rule.fails):
            if _concerns(fails, system, operation) and applies(rule, index, seed, facts):
                yield Found(value=fails, rule=f"rules[{index}].fails[{number}]")


def applies(rule: Rule, index: int, seed: int, facts: Facts) -> bool:
    """Say whether every condition of a rule holds."""
    when = rule.when
    if when.share is not None and draw(seed, f"rules[{index}]", facts.order) >= when.share:
        return False
    if when.sku is not None and not facts.skus.intersection(when.sku):
        return False
    return all(_holds(when, name, getattr(facts, name)) for name in _SINGLE)


_SINGLE = ("order", "external_id", "channel", "carrier", "service", "warehouse")


def _holds(when: When, name: str, value: str) -> bool:
    allowed = getattr(when, name)
    return allowed is None or value in allowed


def _concerns(fails: Fails, system: str, operation: str) -> bool:
    return fails.system == system and fails.operation in (None, operation)
