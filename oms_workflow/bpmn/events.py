"""What an event in a diagram waits for or throws. Texts that start with `=` are FEEL, all others are literal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

TimerMeasure = Literal["date", "duration", "cycle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEvent:
    """A message, found by name and correlation key (BPMN 2.0.2, 8.4.11; key as `zeebe:subscription`)."""

    kind: Literal["message"] = "message"
    name: str
    correlation_key: str = ""  # FEEL text; '' on start events of a process, which need none


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerEvent:
    """A date, a duration or a cycle (`R3/PT10M`), ISO 8601 text or FEEL that gives one (BPMN 2.0.2, 10.5.5)."""

    kind: Literal["timer"] = "timer"
    measure: TimerMeasure
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorEvent:
    """A BPMN error; a catcher without code catches every error."""

    kind: Literal["error"] = "error"
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationEvent:
    """A BPMN escalation; a catcher without code catches every escalation."""

    kind: Literal["escalation"] = "escalation"
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalEvent:
    """A broadcast to every waiting instance."""

    kind: Literal["signal"] = "signal"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompensationEvent:
    """Undo of completed activities; `activity` is the id of the one to undo, '' means all of the scope."""

    kind: Literal["compensation"] = "compensation"
    activity: str = ""
    waits: bool = True  # a throw event goes on only when all is undone


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalEvent:
    """A FEEL condition over the variables in scope that becomes true."""

    kind: Literal["conditional"] = "conditional"
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvent:
    """A jump inside one process level, from a throw to the catch of the same name."""

    kind: Literal["link"] = "link"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminateEvent:
    """The end of the whole scope, at once."""

    kind: Literal["terminate"] = "terminate"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelEvent:
    """The cancellation of the enclosing transaction."""

    kind: Literal["cancel"] = "cancel"


EventDefinition = Annotated[
    MessageEvent
    | TimerEvent
    | ErrorEvent
    | EscalationEvent
    | SignalEvent
    | CompensationEvent
    | ConditionalEvent
    | LinkEvent
    | TerminateEvent
    | CancelEvent,
    Field(discriminator="kind"),
]
