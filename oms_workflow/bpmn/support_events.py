"""Rows of the support table: which kind of event runs in which place. A pair without a row is not BPMN 2.0.2."""

from __future__ import annotations

from oms_workflow.bpmn.support_row import Position, Row, executed, refused

_ANY = "any one of its definitions sets it off"
_ALL = "acts when all of its definitions have happened, each counted once; again after that when it does not interrupt"
_EACH = "throws each of its definitions, escalations after the others"


def _several(position: Position) -> tuple[Row, ...]:
    return executed(f"{position.value}: multiple", _ANY), executed(f"{position.value}: parallel multiple", _ALL)


def _runs(position: Position, *kinds: str) -> tuple[Row, ...]:
    return tuple(executed(f"{position.value}: {kind}") for kind in kinds)


def _refused(position: Position, kind: str, why: str, instead: str) -> Row:
    return refused(f"{position.value}: {kind}", why, instead)


EVENTS: tuple[Row, ...] = (
    *_runs(Position.PROCESS_START, "none", "message", "timer", "signal"),
    _refused(
        Position.PROCESS_START,
        "conditional",
        "There are no variables to look at before a process has started.",
        "Start by a message or a signal.",
    ),
    executed(f"{Position.PROCESS_START.value}: multiple", _ANY),
    _refused(
        Position.PROCESS_START,
        "parallel multiple",
        "Before a process has started there is nobody who could remember which of its events have happened for whom.",
        "Start by each of them, and wait for the others after the start.",
    ),
    *_runs(Position.SUB_PROCESS_START, "none"),
    *_runs(
        Position.EVENT_SUB_PROCESS_START,
        "message",
        "timer",
        "error",
        "escalation",
        "signal",
        "conditional",
        "compensation",
    ),
    *_several(Position.EVENT_SUB_PROCESS_START),
    *_runs(Position.CATCH, "message", "timer", "signal", "conditional", "link"),
    *_several(Position.CATCH),
    *_runs(Position.THROW, "none", "message", "escalation", "compensation", "signal", "link"),
    executed(f"{Position.THROW.value}: multiple", _EACH),
    *_runs(Position.BOUNDARY, "message", "timer", "error", "escalation", "cancel", "signal", "conditional"),
    *_runs(Position.BOUNDARY, "compensation"),
    *_several(Position.BOUNDARY),
    *_runs(Position.END, "none", "message", "error", "escalation", "cancel", "signal", "compensation", "terminate"),
    executed(f"{Position.END.value}: multiple", f"{_EACH}, what ends the scope last"),
)
