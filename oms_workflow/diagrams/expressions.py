"""The only place of this room that compiles FEEL: is a text FEEL, which names does it read, is it constant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from oms_workflow import feel

LONGEST = 10_000  # characters; the longest condition seen in real diagrams has under 1,000


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What the linter wants to know of a FEEL expression."""

    names: frozenset[str] = frozenset()  # variables it reads
    fault: str = ""  # why it is not FEEL; '' when it is
    line: int = 1  # within the text, where the fault is
    column: int = 1


@lru_cache(maxsize=16_384)  # more than one file may hold, see `extent`
def compiled(expression: str) -> Compiled:
    """Compile FEEL, without its leading `=`; a fault is part of the answer."""
    if len(expression) > LONGEST:
        return Compiled(fault=f"it has {len(expression):,} characters; at most {LONGEST:,} are read")
    if not expression.strip():
        return Compiled(fault="it is empty")
    try:
        return Compiled(names=frozenset(feel.compile_expression(expression).names))
    except feel.FeelSyntaxError as error:
        return Compiled(fault=error.message.rstrip("."), line=error.line, column=error.column)


def constant(expression: str) -> tuple[bool, Any]:
    """Give (True, value) of FEEL that reads no variable, and (False, None) of any other or when it has no value."""
    if compiled(expression).fault or compiled(expression).names:
        return False, None
    try:
        value = feel.evaluate(expression, {})
    except (feel.FeelSyntaxError, feel.FeelLimitExceeded):
        return False, None
    return value is not None, value
