"""String functions that take a regular expression (DMN 1.5, 10.3.4.3; XQuery 1.0 and XPath 2.0 Functions, 7.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.signature import builtin
from oms_workflow.feel.regex.instructions import Pattern, PatternError
from oms_workflow.feel.regex.matcher import Match, find
from oms_workflow.feel.regex.pattern import compile_pattern
from oms_workflow.feel.values import Value

REPLACEMENT = re.compile(r"\\([\\$])|\$([0-9]+)|([\\$])|[^\\$]+")


@builtin("matches(input: text, pattern: text, flags?: text)")
def matches(budget: Budget, text: str, pattern: str, flags: str | None = None) -> Value:
    """Say whether a text holds a match."""
    compiled = _compiled(budget, pattern, flags)
    return None if compiled is None else find(compiled, text, 0, budget) is not None


@builtin("replace(input: text, pattern: text, replacement: text, flags?: text)")
def replace(budget: Budget, text: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """Put a replacement for each match; `$1` stands for the first group, `$0` for the whole match."""
    compiled = _compiled(budget, pattern, flags)
    if compiled is None:
        return None
    if find(compiled, "", 0, budget) is not None:  # FORX0003
        return budget.null("replace: the pattern matches empty text")
    if any(part[3] for part in REPLACEMENT.finditer(replacement)):  # FORX0004
        return budget.null("replace: in the replacement '$' must be followed by a digit, and '\\' by '\\' or '$'")
    pieces, position = [], 0
    for found in _matches(compiled, text, budget):
        pieces += [text[position : found.start], budget.text(_filled(replacement, found, text, compiled.groups))]
        position = found.end
    return "".join([*pieces, text[position:]])


@builtin("split(string: text, delimiter: text)")
def split(budget: Budget, text: str, pattern: str) -> Value:
    """Give the parts between the matches."""
    compiled = _compiled(budget, pattern, None)
    if compiled is None:
        return None
    if find(compiled, "", 0, budget) is not None:  # FORX0003
        return budget.null("split: the delimiter matches empty text")
    parts, position = [], 0
    for found in _matches(compiled, text, budget):
        parts.append(text[position : found.start])
        position = found.end
    return [*parts, text[position:]]


@builtin("extract(string: text, pattern: text)")
def extract(budget: Budget, text: str, pattern: str) -> Value:
    """Give all matches (Camunda 8)."""
    compiled = _compiled(budget, pattern, None)
    if compiled is None:
        return None
    return [text[found.start : found.end] for found in _matches(compiled, text, budget)]


def _compiled(budget: Budget, pattern: str, flags: str | None) -> Pattern | None:
    try:
        return compile_pattern(pattern, flags or "")
    except PatternError as error:
        budget.note("the regular expression is not valid: {}", str(error))
        return None


def _matches(pattern: Pattern, text: str, budget: Budget) -> Iterator[Match]:
    """Matches that do not overlap; an empty one moves on by a character."""
    position = 0
    while position <= len(text):
        found = find(pattern, text, position, budget)
        if found is None:
            return
        yield found
        position = found.end if found.end > found.start else found.end + 1


def _filled(replacement: str, found: Match, text: str, groups: int) -> str:
    def part(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        if not match[2]:
            return match[0]
        digits = match[2]
        while len(digits) > 1 and int(digits) > groups:  # `$12` is group 1 and a 2 when there are fewer than 12
            digits = digits[:-1]
        span = found.group(int(digits)) if int(digits) <= groups else None
        return (text[span[0] : span[1]] if span else "") + match[2][len(digits) :]

    return REPLACEMENT.sub(part, replacement)
