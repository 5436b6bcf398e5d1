"""What the house's own reading of orders found, in the words of an import: which check, which row, which column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from oms_workflow.connect.importing.building.lines import RawLine
from oms_workflow.connect.importing.codes import Treatment
from oms_workflow.connect.importing.mapping.model import ImportMapping, Source
from oms_workflow.connect.importing.mapping.targets import TARGETS, Kind
from oms_workflow.connect.importing.problem import Report
from oms_workflow.connect.importing.scope import Scope
from oms_workflow.domain.problem import Fault, Problem, Weight

_LINE = re.compile(r"lines\[(\d+)\]\.?(\w*)")
_INVALID = {"phone": "bad-phone", "region": "bad-region", "number": "bad-id", "oid": "bad-id"}
_BY_KIND = {
    Kind.AMOUNT: "bad-number", Kind.SIGNED_AMOUNT: "bad-number", Kind.COUNT: "bad-number", Kind.TIME: "bad-date",
}  # fmt: skip


def report_intake(
    mapping: ImportMapping, problems: Iterable[Problem], scope: Scope, lines: Sequence[RawLine], report: Report
) -> None:
    """Report what intake found, unless the same field of the same row was found wanting before."""
    known = {(one.field, one.place) for one in report.problems if one.treatment is Treatment.QUARANTINE}
    for problem in problems:
        section, name, row = _placed(problem.field, scope, lines)
        source = mapping.section(section).get(name)
        field = f"{section}.{name}" if name else section
        place = row.place_of(source) if source else row.row.place
        vital = problem.weight is Weight.ERROR
        if (field, place) in known or (not vital and _is_nobodys(problem, source)):
            continue
        code = _code(problem, section, name)
        report.found(
            code, _lower(problem.message), place=place, column=source.shown if source else "", field=field,
            fixed=problem.weight is Weight.INFO, vital=vital,
        )  # fmt: skip


def _placed(field: str, scope: Scope, lines: Sequence[RawLine]) -> tuple[str, str, Scope]:
    match = _LINE.fullmatch(field)
    if match is not None and int(match.group(1)) <= len(lines):
        return "lines", match.group(2), lines[int(match.group(1)) - 1].scope
    if field == "lines":
        return "lines", "", scope
    return ("contact" if field in TARGETS["contact"] else "order"), field, scope


def _is_nobodys(problem: Problem, source: Source | None) -> bool:
    """Say whether a field is empty that the files do not have at all: no finding about this row."""
    return problem.fault is Fault.MISSING and source is None


def _code(problem: Problem, section: str, name: str) -> str:
    is_error = problem.weight is Weight.ERROR
    if problem.fault is Fault.INVALID:
        return _INVALID.get(name, "bad-value")
    if problem.fault is Fault.UNREADABLE:
        target = TARGETS.get(section, {}).get(name)
        return _BY_KIND.get(target.kind, "bad-value") if target else "bad-value"
    if problem.fault is Fault.MISSING and section == "lines" and not name:
        return "no-items"
    return {
        Fault.MISSING: "missing-field" if is_error else "empty-field",
        Fault.NEGATIVE: "negative-amount",
        Fault.OUT_OF_RANGE: "out-of-range",
        Fault.CONTRADICTORY: "impossible-order" if is_error else "contradiction",
        Fault.DUPLICATE: "impossible-order",
        Fault.DAMAGED: "unreadable-text",
        Fault.TIDIED: "tidied",
    }[problem.fault]


def _lower(message: str) -> str:
    return f"{message[:1].lower()}{message[1:]}".rstrip(".")
