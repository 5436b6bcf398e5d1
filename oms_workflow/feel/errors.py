"""What evaluating FEEL may raise. Everything else that goes wrong inside an expression gives null, with a note.

Exception
+-- FeelSyntaxError      the text is no FEEL: the analyst edits it
|   +-- FeelTooComplex   the text is longer or nested deeper than is read (also a FeelLimitExceeded)
+-- FeelLimitExceeded    the evaluation would take too much time or memory
    +-- FeelTooComplex
"""

from __future__ import annotations


class FeelSyntaxError(Exception):
    """The text is not FEEL. `line` and `column` count from 1 and point at what was found instead."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column


class FeelLimitExceeded(Exception):
    """An expression asks for more than one evaluation may use; the message names the limit."""


class FeelTooComplex(FeelSyntaxError, FeelLimitExceeded):
    """The text itself exceeds a limit, so it is refused before anything is evaluated."""
