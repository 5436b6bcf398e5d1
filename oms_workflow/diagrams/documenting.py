"""Pages of the documentation that are made from code: what is executed, and the list of findings. Writes no file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from oms_workflow.bpmn import support
from oms_workflow.bpmn.support import Row, Standing

_INTRODUCTION = """\
# What is executed

This page is made from the table that the linter and the compiler use (`oms_workflow/bpmn/support.py`).
Everything in a diagram is either executed as BPMN 2.0.2 says, or refused before it can be deployed, with file, line,
element, reason and what to do instead, or known to be documentation only. What stands in no line here is refused.
"""

_STANDINGS = {
    Standing.EXECUTED: "executed",
    Standing.REFUSED: "**refused**",
    Standing.DOCUMENTATION: "documentation only",
}

_RULES_INTRODUCTION = """\
# Findings

Each finding of the linter has a code, and each code a page. An *error* keeps a diagram from being deployed, a *warning*
does not, *information* tells what may be meant otherwise.

| code | what is wrong | severity |
|---|---|---|
"""


def elements_page() -> str:
    """Give docs/elements.md."""
    parts = [_INTRODUCTION, _summary()]
    for title, rows in support.rows().items():
        parts.append(f"## {title}\n\n| | stands | |\n|---|---|---|\n" + "".join(_line(row) for row in rows))
    return "\n".join(parts)


def rules_page(pages: Path) -> str:
    """Give docs/rules/index.md.

    Args:
        pages: The folder with one page for each code.
    """
    found = sorted(path for path in pages.glob("*.md") if path.name != "index.md")
    return _RULES_INTRODUCTION + "".join(_rule(path) for path in found)


def _summary() -> str:
    rows = [row for section in support.rows().values() for row in section]
    counts = ", ".join(
        f"{sum(row.standing is standing for row in rows)} {text.strip('*')}" for standing, text in _STANDINGS.items()
    )
    return f"{len(rows)} lines: {counts}.\n"


def _line(row: Row) -> str:
    subject = row.subject.removeprefix("*@") + (" (of any element)" if row.subject.startswith("*@") else "")
    note = row.note
    if row.only and not set(row.only) <= {"true", "false", "1", "0"}:
        note = " ".join(filter(None, [f"Only {_listed(row.only)}.", row.note]))
    if row.instead:
        note = f"{note} {row.instead}".strip()
    return f"| {_cell(subject)} | {_STANDINGS[row.standing]} | {_cell(note)} |\n"


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"`{value}`" for value in values if value) or "left out"


def _rule(path: Path) -> str:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
    summary = next((line for line in lines if not line.startswith("#")), "")
    severity = next((line for line in lines if line.startswith("Severity: ")), "")
    return f"| [{path.stem}]({path.name}) | {_cell(summary)} | {severity.removeprefix('Severity: ').rstrip('.')} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
