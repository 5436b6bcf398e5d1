"""Rows of the support table: which kind of event runs in which place. A pair without a row is not BPMN 2.0.2."""

from __future__ import annotations

from oms_workflow.bpmn.support_row import Position, Row, executed, refused

_MULTIPLE = "Events with several definitions are not executed yet."
_SEVERAL_EVENTS = "Draw one event for each definition."


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
    _refused(Position.PROCESS_START, "multiple", _MULTIPLE, "Draw one start event for each definition."),
    _refused(Position.PROCESS_START, "parallel multiple", _MULTIPLE, "Wait for the others after the start."),
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
    _refused(Position.EVENT_SUB_PROCESS_START, "multiple", _MULTIPLE, "Draw one event sub-process for each."),
    _refused(Position.EVENT_SUB_PROCESS_START, "parallel multiple", _MULTIPLE, "Wait for the others inside it."),
    *_runs(Position.CATCH, "message", "timer", "signal", "conditional", "link"),
    _refused(Position.CATCH, "multiple", _MULTIPLE, "Draw an event-based gateway with one event for each definition."),
    _refused(Position.CATCH, "parallel multiple", _MULTIPLE, "Draw a parallel gateway with one event on each path."),
    *_runs(Position.THROW, "none", "message", "escalation", "compensation", "signal", "link"),
    _refused(Position.THROW, "multiple", _MULTIPLE, _SEVERAL_EVENTS),
    *_runs(Position.BOUNDARY, "message", "timer", "error", "escalation", "cancel", "signal", "conditional"),
    *_runs(Position.BOUNDARY, "compensation"),
    _refused(Position.BOUNDARY, "multiple", _MULTIPLE, _SEVERAL_EVENTS),
    _refused(Position.BOUNDARY, "parallel multiple", _MULTIPLE, _SEVERAL_EVENTS),
    *_runs(Position.END, "none", "message", "error", "escalation", "cancel", "signal", "compensation", "terminate"),
    _refused(Position.END, "multiple", _MULTIPLE, "Draw throw events before the end."),
)
