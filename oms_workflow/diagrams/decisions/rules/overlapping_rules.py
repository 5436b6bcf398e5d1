"""Two rules of a decision table match the same inputs although its hit policy allows only one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from oms_workflow.diagrams.decisions.column_words import described
from oms_workflow.diagrams.decisions.columns import Column
from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.tables import DrawnTable, large_tables_in, tables_in
from oms_workflow.dmn.expressions import HitPolicy
from oms_workflow.errors import Diagnostic, Severity

CODE = "overlapping-rules"


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Compare each rule with each: under UNIQUE all, under ANY those with different outputs."""
    for node in large_tables_in(document):
        message = (
            f"The table has {len(node.all('rule'))} rules; overlaps and gaps are not looked for in tables so large."
        )
        yield document.finding(node, CODE, message, "Split it if you want them found.", Severity.INFO)
    for drawn in tables_in(document):
        policy = drawn.table.hit_policy
        if policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
            continue
        for first, second in combinations(range(len(drawn.table.rules)), 2):
            same = drawn.table.rules[first].outputs == drawn.table.rules[second].outputs
            if (policy is HitPolicy.UNIQUE or not same) and _overlap(drawn, first, second):
                where = _where(drawn, first, second)
                message = (
                    f"Expected one of rules {first + 1} and {second + 1} to match at a time, found that both do{where}."
                )
                fix = f"Narrow one of them, or choose another hit policy than {policy.value}."
                yield document.finding(drawn.rules[second], CODE, message, fix, Severity.WARNING)


def _overlap(drawn: DrawnTable, first: int, second: int) -> bool:
    return all(_both(column, first, second) for column in drawn.columns)


def _both(column: Column, first: int, second: int) -> bool:
    """Whether a value certainly passes both cells."""
    if column.cells[first] is None or column.cells[second] is None:
        return column.texts[first] == column.texts[second]
    return column.lets_through(first) & column.lets_through(second) != 0


def _where(drawn: DrawnTable, first: int, second: int) -> str:
    parts = [
        described(column, column.lets_through(first) & column.lets_through(second))
        for column in drawn.columns
        if column.cells[first] is not None and column.cells[second] is not None
    ]
    shown = [part for part in parts if part]
    return f" when {' and '.join(shown)}" if shown else ""
