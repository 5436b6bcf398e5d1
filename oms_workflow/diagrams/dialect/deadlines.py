"""Reserved headers `sla`, `slaWarn`, `slaCalendar`, `slaOnBreach` and `slaPauseOn`: the deadline of a node."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import get_args

from oms_workflow.bpmn.sla import BreachAction, Sla
from oms_workflow.diagrams.dialect.durations import exact_duration
from oms_workflow.diagrams.dialect.fault import DialectFault
from oms_workflow.diagrams.dialect.settings import Settings

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
_DEPENDENT = ("slaWarn", "slaCalendar", "slaOnBreach", "slaPauseOn")
_ACTIONS = get_args(BreachAction)


def read_sla(settings: Settings) -> Sla | None:
    """Give the deadline that headers or properties set; None when there is none.

    Raises:
        DialectFault: When a value cannot be meant.
    """
    if not settings.reserved:
        return None
    limit = settings.get("sla")
    if not limit:
        lonely = next((key for key in _DEPENDENT if settings.get(key)), None)
        if lonely is not None or "sla" in settings.reserved:
            raise DialectFault(f"{lonely or 'sla'!r} is set, but 'sla' names no time.", "Set sla, for example PT2H.")
        return None
    target = _duration("sla", limit)
    return Sla(
        limit=target,
        warn_after=_warning(settings.get("slaWarn"), target),
        calendar=settings.get("slaCalendar") or "24x7",
        on_breach=_action(settings.get("slaOnBreach") or "record"),
        pause_on=tuple(kind.strip() for kind in settings.get("slaPauseOn").split(",") if kind.strip()),
    )


def _duration(key: str, text: str) -> timedelta:
    try:
        duration = exact_duration(text)
    except ValueError as error:
        raise DialectFault(f"{key}: {error}.", "Write days and smaller units: PT2H, PT30M, P3D.") from None
    if duration <= timedelta(0):
        raise DialectFault(f"{key}: {text!r} is no time at all.", "Write a duration above zero, such as PT2H.")
    return duration


def _warning(text: str, limit: timedelta) -> timedelta | None:
    if not text:
        return None
    percent = _PERCENT.fullmatch(text)
    warn_after = limit * (float(percent.group(1)) / 100) if percent else _duration("slaWarn", text)
    if not timedelta(0) < warn_after < limit:
        raise DialectFault(
            f"slaWarn: the warning after {text!r} does not come before the limit of {limit}.",
            "Warn earlier: a percentage below 100, or a duration shorter than sla.",
        )
    return warn_after


def _action(text: str) -> BreachAction:
    for action in _ACTIONS:
        if text == action:
            return action  # type: ignore[no-any-return]
    raise DialectFault(f"slaOnBreach: expected {', '.join(_ACTIONS)}; found {text!r}.", "Use one of them.")
