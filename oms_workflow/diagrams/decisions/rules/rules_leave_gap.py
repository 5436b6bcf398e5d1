"""For some inputs no rule of a decision table matches, so the answer is null."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.column_words import described
from oms_workflow.diagrams.decisions.coverage import Work, uncovered
from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.tables import tables_in
from oms_workflow.dmn.expressions import HitPolicy
from oms_workflow.errors import Diagnostic, Severity

CODE = "rules-leave-gap"
SINGLE_HIT = (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST)
SHOWN = 3  # gaps of one table


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Look for combinations of inputs without a rule, in tables that are to give one answer and have no default."""
    for drawn in tables_in(document):
        if drawn.table.hit_policy not in SINGLE_HIT or any(output.default for output in drawn.table.outputs):
            continue
        if not drawn.columns or not all(column.pieces for column in drawn.columns):
            continue
        within = [column.domain for column in drawn.columns]
        gaps = uncovered(drawn.columns, list(range(len(drawn.table.rules))), within, Work(), most=SHOWN)
        for gap in gaps or ():
            parts = [described(column, mask) for column, mask in zip(drawn.columns, gap, strict=True)]
            when = " and ".join(part for part in parts if part) or "inputs have other values than the rules name"
            message = f"No rule matches when {when}; the answer is null then."
            fix = "Add a rule for it, or a default output if null is not meant."
            yield document.finding(drawn.node, CODE, message, fix, Severity.WARNING)
