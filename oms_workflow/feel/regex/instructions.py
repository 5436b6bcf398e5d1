"""What a regular expression is compiled to. Knows neither how it is written nor how it is matched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

CHAR, SET, SPLIT, JUMP, SAVE, START, END, BACK, DONE = range(9)


class Instruction(NamedTuple):
    """One step of a match; SPLIT tries `first`, then `second`."""

    kind: int
    argument: Any = None
    first: int = 0
    second: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled regular expression."""

    program: tuple[Instruction, ...]
    groups: int
    multiline: bool
    has_references: bool


class PatternError(Exception):
    """The text is no regular expression; the message says why."""
