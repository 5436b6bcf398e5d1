"""What a deadline says for this very order: its FEEL is asked when the node is entered, and then it stands.

The answer is kept with the token. Whoever changes the variables later moves no running deadline.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from oms_workflow import feel
from oms_workflow.bpmn.sla import Level, Sla, Terms, is_rising
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token

MOST_LEVELS = 10  # a chain that is longer names people who do not exist


def terms_of(run: Run, token: Token, sla: Sla) -> Terms:
    """Give what a deadline says now; what is drawn, where nothing of it is FEEL.

    Raises:
        ExpressionFailed: When an answer is no duration, no calendar that came along, or no chain.
    """
    if not sla.is_asked:
        return sla.drawn
    limit = _limit(run, token, sla.limit_by) if sla.limit_by else sla.limit
    return Terms(
        limit=limit,
        warn_after=_warning(run, token, sla.warn_by, limit) if sla.warn_by else sla.warn_after,
        calendar=_calendar(run, token, sla.calendar_by) if sla.calendar_by else sla.calendar,
        chain=_chain(run, token, sla.chain_by) if sla.chain_by else sla.chain,
    )


def _limit(run: Run, token: Token, text: str) -> timedelta:
    found = _duration(run.value(text, token))
    if found is None or found <= timedelta(0):
        raise _unusable("sla", text, "a duration above zero, such as PT2H")
    return found


def _warning(run: Run, token: Token, text: str, limit: timedelta) -> timedelta | None:
    """Read the warning: a percentage of the limit, a duration, or null for none."""
    if not text.startswith("="):
        return limit * (float(text.rstrip("% ")) / 100)
    value = run.value(text, token)
    if value is None:
        return None
    found = _duration(value)
    if found is None or not timedelta(0) < found < limit:
        raise _unusable("slaWarn", text, f"a duration below the limit of {feel.format_duration(limit)}")
    return found


def _calendar(run: Run, token: Token, text: str) -> str:
    value = run.value(text, token)
    if not isinstance(value, str) or value not in run.program.calendars:
        known = ", ".join(sorted(run.program.calendars))
        raise _unusable("slaCalendar", text, f"one of the calendars {known}")
    return value


def _chain(run: Run, token: Token, text: str) -> tuple[Level, ...]:
    value = run.value(text, token)
    levels = [_level(one) for one in value] if isinstance(value, list) else [None]
    found = tuple(level for level in levels if level is not None)
    if len(found) < len(levels) or len(found) > MOST_LEVELS or not is_rising(found):
        wanted = 'a list such as [{role: "lead"}, {role: "head", after: duration("PT4H")}], each one later'
        raise _unusable("slaChain", text, wanted)
    return found


def _level(value: Any) -> Level | None:
    if not isinstance(value, dict) or not isinstance(value.get("role"), str) or not value["role"]:
        return None
    after = timedelta(0) if value.get("after") is None else _duration(value["after"])
    return None if after is None else Level(role=value["role"], after=after)


def _duration(value: Any) -> timedelta | None:
    if isinstance(value, str):
        try:
            value = feel.parse_duration(value)
        except ValueError:
            return None
    return value if isinstance(value, timedelta) else None


def _unusable(key: str, text: str, wanted: str) -> ExpressionFailed:
    return ExpressionFailed(
        f"{key} of the node, {text!r}, must be {wanted}. The node goes on without a deadline; "
        "set the variables it reads, then retry."
    )
