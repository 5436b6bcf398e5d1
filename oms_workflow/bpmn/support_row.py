"""One line of the support table, and the three ways a line can stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What becomes of something a diagram says."""

    EXECUTED = "executed"
    REFUSED = "refused"
    DOCUMENTATION = "documentation"


class Position(StrEnum):
    """Where an event stands; BPMN 2.0.2 allows other kinds of event in each place (tables 10.84 to 10.93)."""

    PROCESS_START = "start of a process"
    SUB_PROCESS_START = "start of a sub-process"
    EVENT_SUB_PROCESS_START = "start of an event sub-process"
    CATCH = "intermediate catch event"
    THROW = "intermediate throw event"
    BOUNDARY = "boundary event"
    END = "end event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: what it is about, how it stands, and why or how."""

    subject: str  # element kind, `kind@attribute`, or `place: kind of event`
    standing: Standing
    note: str = ""  # executed: how; refused: why; documentation: what it is for
    instead: str = ""  # refused, or another value than `only`: what to do about it
    only: tuple[str, ...] = ()  # attributes: the values that are executed; any other is refused
    announced: bool = False  # documentation that somebody may expect to act: the linter says that it does not


def executed(subject: str, note: str = "", *, only: tuple[str, ...] = (), instead: str = "") -> Row:
    """Make the row of something the engine runs."""
    return Row(subject=subject, standing=Standing.EXECUTED, note=note, only=only, instead=instead)


def refused(subject: str, why: str, instead: str) -> Row:
    """Make the row of something that keeps a diagram from being deployed."""
    return Row(subject=subject, standing=Standing.REFUSED, note=why, instead=instead)


def documentation(subject: str, note: str, *, announced: bool = False) -> Row:
    """Make the row of something that is kept and changes nothing of a run."""
    return Row(subject=subject, standing=Standing.DOCUMENTATION, note=note, announced=announced)
