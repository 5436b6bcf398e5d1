"""A rule of a decision table can never give its answer: no value passes it, or rules above take all that would."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.coverage import Work, uncovered
from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.tables import DrawnTable, tables_in
from oms_workflow.dmn.expressions import HitPolicy
from oms_workflow.errors import Diagnostic, Severity

CODE = "unreachable-rule"


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Look for cells that shut everything out, and under FIRST for rules that those above cover."""
    for drawn in tables_in(document):
        work = Work()
        for rule, node in enumerate(drawn.rules):
            shut = next((column for column in drawn.columns if column.lets_through(rule) == 0), None)
            if shut is not None:
                message = f"Rule {rule + 1} can never match: no value of '{shut.label}' passes '{shut.texts[rule]}'."
                fix = "Correct the cell, or the allowed values of the input."
                yield document.finding(node, CODE, message, fix, Severity.WARNING)
            elif drawn.table.hit_policy is HitPolicy.FIRST and _covered(drawn, rule, work):
                message = f"Rule {rule + 1} is never reached: the rules above it match whenever it does."
                fix = "Move it up, or remove it."
                yield document.finding(node, CODE, message, fix, Severity.WARNING)


def _covered(drawn: DrawnTable, rule: int, work: Work) -> bool:
    """Whether the rules above certainly take everything; a cell nobody can tell about covers only its like."""
    above = [
        earlier
        for earlier in range(rule)
        if all(
            column.cells[earlier] is not None or column.texts[earlier] == column.texts[rule] for column in drawn.columns
        )
    ]
    within = [column.lets_through(rule) for column in drawn.columns]
    return bool(above) and uncovered(drawn.columns, above, within, work, most=1) == []
