"""Diagrams of other engines' test suites: right ones compile, wrong ones are refused at the right element.

They lie beside the checkout, in ../shared/conformance; without that folder these tests are skipped and say so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oms_workflow.diagrams.reading import load_diagrams
from tests.beside import BESIDE, needs

FOLDER = BESIDE / "conformance"

pytestmark = needs(FOLDER)


def cases(kind: str) -> Iterator[tuple[dict[str, Any], list[Path]]]:
    for path in sorted(FOLDER.rglob("case.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        if case["kind"] == kind:
            yield case, [path.parent / name for name in case["diagrams"] if name.endswith(".bpmn")]


def test_files_that_break_the_standard_are_refused_at_the_right_element():
    """A successful parse proves nothing; the list of rules decides."""
    wrong: list[str] = []
    for case, files in cases("refuse"):
        errors = load_diagrams(files).errors
        wanted = case.get("element") or []
        wanted = {wanted} if isinstance(wanted, str) else set(wanted)
        placed = [error for error in errors if error.line and error.element]
        if not placed or (wanted and not wanted & {error.element for error in errors}):
            wrong.append(f"{case['id']}: {[(error.code, error.element) for error in errors]}")

    assert wrong == []


def test_diagrams_that_are_right_compile_or_use_what_is_not_executed():
    """A linter that refuses right diagrams is switched off."""
    wrong: list[str] = []
    for case, files in cases("play"):
        codes = {error.code for error in load_diagrams(files).errors}
        if codes - {"not-supported"}:
            wrong.append(f"{case['id']}: {sorted(codes)}")

    assert wrong == []


def test_every_diagram_of_other_engines_compiles_or_is_refused_with_a_place():
    """Whatever an analyst opens, the answer can be acted on."""
    wrong: list[str] = []
    for path in sorted(FOLDER.rglob("deploy.json")):
        for name in json.loads(path.read_text(encoding="utf-8"))["files"]:
            reading = load_diagrams([path.parent / name])
            codes = {error.code for error in reading.errors}
            placed = [error for error in reading.errors if error.line and error.element]
            if codes & {"rule-failed", "cannot-compile"} or (codes - {"not-xml"} and not placed):
                wrong.append(f"{name}: {sorted(codes)}")
            if bool(reading.definitions) == bool(reading.errors):
                wrong.append(f"{name}: {len(reading.definitions)} definitions, {len(reading.errors)} errors")

    assert wrong == []
