"""Reserved headers `sla`, `slaWarn`, `slaCalendar`, `slaOnBreach`, `slaChain`, `slaPauseOn`: the deadline of a node."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import get_args

from oms_workflow.bpmn.sla import BreachAction, Level, Sla, is_rising
from oms_workflow.diagrams.dialect.durations import exact_duration
from oms_workflow.diagrams.dialect.fault import DialectFault
from oms_workflow.diagrams.dialect.settings import Settings

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
_LEVEL = re.compile(r"(?P<role>[\w-]+)(?:\s+after\s+(?P<after>\S+))?")
_DEPENDENT = ("slaWarn", "slaCalendar", "slaOnBreach", "slaChain", "slaPauseOn")
ASKABLE = ("sla", "slaWarn", "slaCalendar", "slaChain")
"""Keys whose value may be FEEL, asked when the node is entered."""
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
    feel = {key: settings.get(key) if settings.get(key).startswith("=") else "" for key in ASKABLE}
    drawn = {key: "" if feel[key] else settings.get(key) for key in ASKABLE}
    target = _duration("sla", limit) if drawn["sla"] else None
    on_breach = _action(settings.get("slaOnBreach") or "record")
    if settings.get("slaChain") and on_breach != "escalate":
        raise DialectFault("slaChain is set, but a breach does not escalate.", "Set slaOnBreach to escalate.")
    return Sla(
        limit=target or timedelta(0),
        warn_after=_warning(drawn["slaWarn"], target) if target else None,
        calendar=drawn["slaCalendar"] or "24x7",
        on_breach=on_breach,
        pause_on=tuple(kind.strip() for kind in settings.get("slaPauseOn").split(",") if kind.strip()),
        chain=_chain(drawn["slaChain"]),
        limit_by=feel["sla"],
        warn_by=feel["slaWarn"] or ("" if target else _share(drawn["slaWarn"])),
        calendar_by=feel["slaCalendar"],
        chain_by=feel["slaChain"],
    )


def _share(text: str) -> str:
    """Read the warning before a limit that is asked for: only a percentage of it is known to come before it."""
    percent = _PERCENT.fullmatch(text) if text else None
    if text and (percent is None or not 0 < float(percent.group(1)) < 100):
        raise DialectFault(
            f"slaWarn: {text!r} may come after a limit that is known only when the node is entered.",
            "Write a percentage below 100, or FEEL.",
        )
    return text


def _chain(text: str) -> tuple[Level, ...]:
    levels = [part.strip() for part in text.split(",")] if text else []
    found: list[Level] = []
    for level in levels:
        read = _LEVEL.fullmatch(level)
        if read is None:
            raise DialectFault(f"slaChain: {level!r} names no role.", "Write 'lead, head after PT4H'.")
        after = _duration("slaChain", read["after"]) if read["after"] else timedelta(0)
        found.append(Level(role=read["role"], after=after))
    if not is_rising(tuple(found)):
        raise DialectFault(
            f"slaChain: in {text!r} somebody hears before the one in front, or the first one later than the breach.",
            "Let the first role have no 'after', and each other one a longer 'after' than the one in front.",
        )
    return tuple(found)


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
