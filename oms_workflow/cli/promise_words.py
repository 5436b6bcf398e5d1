"""Promises in words: each step of an estimate as a sentence, with the times of the place where it happens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from oms_workflow.cli.language import say
from oms_workflow.cli.wording import iso, span

if TYPE_CHECKING:
    from oms_workflow.domain.promising import Estimate, Step


def sentence(step: Step) -> str:
    """Say one step."""
    values = {
        "at": there(step.at),
        "day": step.at.strftime("%Y-%m-%d"),
        "time": step.at.strftime("%H:%M"),
        "what": step.what,
        "days": step.amount,
        "length": span(timedelta(minutes=step.amount)),
    }
    key = f"promise.step.{step.kind.value}"
    if step.kind.value == "on_the_way" and not step.amount:
        key += ".same_day"
    return say(key, **values)


def there(at: datetime) -> str:
    """Write a moment as the clock on the wall shows it there."""
    return at.strftime("%Y-%m-%d %H:%M")


def told_estimate(one: Estimate | None) -> dict[str, Any]:
    """Write an estimate for machines."""
    if one is None:
        return {"carrier": "", "service": "", "hand_over": None, "arrival": None, "steps": []}
    return {
        "carrier": one.route.carrier,
        "service": one.route.service,
        "hand_over": iso(one.hand_over),
        "arrival": iso(one.arrival),
        "steps": [
            {"kind": step.kind.value, "at": iso(step.at), "local": there(step.at), "says": sentence(step)}
            for step in one.steps
        ],
    }
