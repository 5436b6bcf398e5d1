"""Which combinations of inputs no rule of a table covers."""

from __future__ import annotations

from collections.abc import Sequence

from oms_workflow.diagrams.decisions.columns import Column

MOST_COLUMNS = 60  # tables with more are not judged
MOST_WORK = 1_000_000  # looks at a cell; a search can be exponential in the columns, and is given up then


class Work:
    """What may still be spent on one table."""

    def __init__(self) -> None:
        self.left = MOST_WORK

    def spend(self, amount: int) -> None:
        """Count looks at cells."""
        self.left -= amount
        if self.left < 0:
            raise TooIntricate


class TooIntricate(Exception):
    """The search was given up."""


def uncovered(
    columns: Sequence[Column], rules: Sequence[int], within: Sequence[int], work: Work, *, most: int
) -> list[tuple[int, ...]] | None:
    """Give combinations of pieces, one mask per column, that none of the rules lets through.

    Args:
        rules: Positions of the rules that may cover.
        within: Per column the pieces that matter.
        work: What may be spent.
        most: Combinations after which to stop.

    Returns:
        An empty list when everything is covered; None when it would take too long to tell.
    """
    if len(columns) > MOST_COLUMNS:
        return None
    found: list[tuple[int, ...]] = []
    try:
        _search(columns, list(rules), within, (), found, most, work)
    except TooIntricate:
        return None
    return found


def _search(
    columns: Sequence[Column],
    rules: list[int],
    within: Sequence[int],
    chosen: tuple[int, ...],
    found: list[tuple[int, ...]],
    most: int,
    work: Work,
) -> None:
    depth = len(chosen)
    if len(found) >= most or (depth == len(columns) and rules):
        return
    if not rules:
        found.append((*chosen, *within[depth:]))
        return
    work.spend(len(columns[depth].pieces) * len(rules))
    for mask, matching in _groups(columns[depth], rules, within[depth]):
        _search(columns, matching, within, (*chosen, mask), found, most, work)


def _groups(column: Column, rules: list[int], within: int) -> list[tuple[int, list[int]]]:
    """Pieces that the same rules let through, together with these rules; the uncovered ones first."""
    groups: dict[tuple[int, ...], int] = {}
    for bit in range(len(column.pieces)):
        if within >> bit & 1:
            matching = tuple(rule for rule in rules if column.lets_through(rule) >> bit & 1)
            groups[matching] = groups.get(matching, 0) | 1 << bit
    return sorted(((mask, list(matching)) for matching, mask in groups.items()), key=lambda group: len(group[1]))
