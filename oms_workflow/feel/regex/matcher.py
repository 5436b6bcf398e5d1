"""Finds matches. A choice that failed at a place in the text is never tried there again, so time stays linear.

Patterns with back-references have no linear time; each step is counted, and the budget ends them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.regex.charset import variants
from oms_workflow.feel.regex.instructions import BACK, CHAR, DONE, END, JUMP, SAVE, SET, SPLIT, START, Pattern

CHECK = 512  # steps between two looks at the budget


class Match(NamedTuple):
    """Where a match and its groups lie; `marks` holds start and end of group 1 at positions 2 and 3, and so on."""

    start: int
    end: int
    marks: tuple[int, ...]

    def group(self, number: int) -> tuple[int, int] | None:
        """Give start and end of a group, 0 for the whole match; None when the group took no part."""
        if number == 0:
            return self.start, self.end
        start, end = self.marks[2 * number : 2 * number + 2]
        return (start, end) if start >= 0 and end >= 0 else None


def find(pattern: Pattern, text: str, start: int, budget: Budget) -> Match | None:
    """Give the first match at or after a position; of several there, the one XPath prefers.

    Raises:
        FeelLimitExceeded: When the budget is used up.
    """
    tried: set[Any] = set()
    first = pattern.program[0]
    position = start
    while position <= len(text):
        if first.kind == CHAR:  # skip what cannot match
            position = text.find(first.argument, position)
            if position < 0:
                return None
        elif first.kind == START and not pattern.multiline and position:
            return None
        found = _match_at(pattern, text, position, tried, budget)
        if found is not None:
            return found
        position += 1
    return None


def _match_at(pattern: Pattern, text: str, begin: int, tried: set[Any], budget: Budget) -> Match | None:
    program, size, steps = pattern.program, len(text), 0
    threads: list[tuple[int, int, tuple[int, ...]]] = [(0, begin, (-1,) * (2 * pattern.groups + 2))]
    while threads:
        counter, position, marks = threads.pop()
        while True:
            steps += 1
            if steps % CHECK == 0:
                budget.spend(CHECK)
            kind, argument, first, second = program[counter]
            if kind in (CHAR, SET):
                if position == size or (text[position] != argument if kind == CHAR else text[position] not in argument):
                    break
                counter += 1
                position += 1
            elif kind == SPLIT:
                here = (counter, position, marks) if pattern.has_references else counter * (size + 1) + position
                if here in tried:
                    break
                tried.add(here)
                threads.append((counter + second, position, marks))
                counter += first
            elif kind == DONE:
                budget.spend(steps % CHECK)
                return Match(begin, position, marks)
            else:
                moved = _move(pattern, counter, text, position, marks)
                if moved is None:
                    break
                counter, position, marks = moved
    budget.spend(steps % CHECK)
    return None


def _move(
    pattern: Pattern, counter: int, text: str, position: int, marks: tuple[int, ...]
) -> tuple[int, int, tuple[int, ...]] | None:
    """Do one of the rarer instructions; None when the match ends there."""
    kind, argument, first, _ = pattern.program[counter]
    if kind == JUMP:
        return counter + first, position, marks
    if kind == SAVE:
        return counter + 1, position, (*marks[:argument], position, *marks[argument + 1 :])
    if kind == START:
        line = pattern.multiline and 0 < position < len(text) and text[position - 1] == "\n"
        return (counter + 1, position, marks) if position == 0 or line else None
    if kind == END:
        line = pattern.multiline and position < len(text) and text[position] == "\n"
        return (counter + 1, position, marks) if position == len(text) or line else None
    assert kind == BACK
    start, end = marks[2 * argument : 2 * argument + 2]
    wanted = text[start:end] if start >= 0 and end >= 0 else ""
    found = text[position : position + len(wanted)]
    same = found == wanted or (bool(first) and _same_but_case(found, wanted))
    return (counter + 1, position + len(wanted), marks) if same else None


def _same_but_case(left: str, right: str) -> bool:
    return len(left) == len(right) and all(a in variants(b) for a, b in zip(left, right, strict=True))
