"""Regular expressions, compiled once."""

from __future__ import annotations

from functools import lru_cache

from oms_workflow.feel.errors import FeelLimitExceeded
from oms_workflow.feel.limits import MAX_PATTERN
from oms_workflow.feel.regex.instructions import Pattern, PatternError
from oms_workflow.feel.regex.reader import Reader


@lru_cache(maxsize=512)
def compile_pattern(text: str, flags: str) -> Pattern:
    """Give the compiled form of a regular expression.

    Args:
        flags: Any of `s` (dot matches newlines), `m` (anchors match at lines), `i` (case does not matter), `x` (blanks
            in the pattern are ignored).

    Raises:
        PatternError: When pattern or flags are not valid.
        FeelLimitExceeded: When the pattern is too long, or repeats too much.
    """
    if len(text) > MAX_PATTERN:
        raise FeelLimitExceeded(f"A regular expression has more than {MAX_PATTERN:,} characters.")
    if not set(flags) <= set("smix"):
        raise PatternError("the flags may be s, m, i and x")
    reader = Reader(_without_blanks(text) if "x" in flags else text, flags)
    program = reader.read()
    return Pattern(tuple(program), reader.groups, "m" in flags, reader.has_references)


def _without_blanks(text: str) -> str:
    """Drop blanks as flag x says: all but those in character classes, before anything is read."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for character in text:
        if character in " \t\n\r" and not depth:
            continue
        kept.append(character)
        if not escaped:
            depth += (character == "[") - (character == "]" and depth > 0)
        escaped = character == "\\" and not escaped
    return "".join(kept)
