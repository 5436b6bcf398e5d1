"""The rules of the linter for decision files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from types import ModuleType

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.rules import (
    duplicate_id,
    expression_language,
    feel_syntax,
    foreign_function,
    import_not_given,
    missing_name,
    missing_output_name,
    missing_requirement,
    overlapping_rules,
    reference_to_nothing,
    requirement_cycle,
    rules_leave_gap,
    table_without_output,
    unknown_element,
    unknown_hit_policy,
    unknown_type,
    unreachable_rule,
    wrong_aggregation,
    wrong_cell_count,
)
from oms_workflow.errors import Diagnostic, Severity

MODULES: tuple[ModuleType, ...] = (
    unknown_element,
    missing_name,
    duplicate_id,
    import_not_given,
    reference_to_nothing,
    requirement_cycle,
    missing_requirement,
    unknown_type,
    expression_language,
    foreign_function,
    feel_syntax,
    unknown_hit_policy,
    wrong_aggregation,
    table_without_output,
    missing_output_name,
    wrong_cell_count,
    overlapping_rules,
    unreachable_rule,
    rules_leave_gap,
)
"""Each has `CODE`, `check(document)`, and a docstring whose first sentence says what is wrong."""

MOST = 200  # findings of one rule in one file; nobody mends more at a time, and hostile files would give millions

Check = Callable[[DecisionDocument], Iterator[Diagnostic]]


def check_document(document: DecisionDocument) -> list[Diagnostic]:
    """Give everything the rules find in one file."""
    return [finding for module in MODULES for finding in _run(module.CODE, module.check, document)]


def _run(code: str, check: Check, document: DecisionDocument) -> list[Diagnostic]:
    found = list(islice(check(document), MOST + 1))
    if len(found) <= MOST:
        return found
    message = f"There are more than {MOST} findings '{code}'; the others are not listed."
    more = document.finding(document.root, code, message, "Mend these, then check again.", Severity.INFO)
    return [*found[:MOST], more]
