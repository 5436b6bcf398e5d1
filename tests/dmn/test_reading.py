"""Files as they come: every version of DMN, and everything that is no DMN at all."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from oms_workflow.decide import load
from oms_workflow.diagrams.decisions.reading import is_decision_file, load_decisions, read_decisions
from oms_workflow.diagrams.decisions.vocabulary import NAMESPACES
from oms_workflow.dmn.evaluate import decide
from oms_workflow.errors import DiagramRefused
from tests.dmn.drawing import decision, file_of, literal, table

ONE = decision("d", table(["age"], [["< 18", '"child"'], [">= 18", '"adult"']]))


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_version_of_dmn_is_read_alike(namespace: str) -> None:
    """Modelers write what they were built for; analysts do not choose the version."""
    models, findings = read_decisions([("d.dmn", file_of(ONE, dmn=namespace))])

    assert findings == ()
    assert decide(models, "d", {"age": 7}).value == "child"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not-xml"),
        (b"<definitions", "not-xml"),
        (b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>", "not-dmn"),
        (b"<decision xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/'/>", "not-dmn"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "doctype"),
        (b"<a>" * 300 + b"</a>" * 300, "not-xml"),
    ],
)
def test_what_is_no_decision_file_is_a_finding_not_a_crash(raw: bytes, code: str) -> None:
    """A folder of files is checked as a whole; one bad file must not hide the findings of the others."""
    models, findings = read_decisions([("bad.dmn", raw), ("good.dmn", file_of(ONE))])

    assert [one.code for one in findings] in ([code], ["nested-too-deep"])
    assert len(models) == 1


def test_findings_come_by_file_and_line() -> None:
    """People mend a file from the top down."""
    bad = decision("d", literal("1 +")) + "\n" + decision("e", literal("2 +"))
    _, findings = read_decisions([("b.dmn", file_of(bad)), ("a.dmn", file_of(decision("f", literal("3 +"))))])

    assert [(one.file, one.line) for one in findings] == [("b.dmn", 1), ("b.dmn", 2), ("a.dmn", 1)]


def test_extensions_and_drawing_are_left_alone() -> None:
    """Modelers keep notes and coordinates in the file; they are none of our business."""
    extra = '<extensionElements><other:x xmlns:other="urn:x" id="d"/></extensionElements>'
    drawing = '<dmndi:DMNDI xmlns:dmndi="urn:di"><dmndi:DMNDiagram/></dmndi:DMNDI>'

    assert read_decisions([("d.dmn", file_of(extra + ONE + drawing))])[1] == ()


def test_files_are_known_by_their_ending() -> None:
    """Diagrams and decisions are given together and sorted by name."""
    assert is_decision_file(Path("a/risk.DMN"))
    assert not is_decision_file(Path("a/order.bpmn"))


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    """A misspelt name must not stop the check of the other files."""
    models, findings = load_decisions([tmp_path / "nothing.dmn"])

    assert (models, [one.code for one in findings]) == ((), ["file-unreadable"])


def test_a_file_is_loaded_with_what_it_imports_from_beside_it(tmp_path: Path) -> None:
    """`oms decide` takes one file; its imports are named by namespace and lie in the same folder."""
    (tmp_path / "library.dmn").write_bytes(file_of(decision("net", literal("price / 1.19")), namespace="lib"))
    (tmp_path / "broken.dmn").write_bytes(b"<x/>")
    main = tmp_path / "main.dmn"
    main.write_bytes(
        file_of('<import namespace="lib" name="l"/>' + decision("d", literal("decimal(l.net, 2)"), needs=("lib#net",)))
    )

    assert load(main).decide("d", {"price": 119}) == Decimal("100.00")


def test_a_file_with_errors_is_not_loaded_but_one_bad_cell_can_be_tried(tmp_path: Path) -> None:
    """Trying a half-finished model is how analysts work; a model that leads nowhere cannot be tried."""
    main = tmp_path / "main.dmn"
    main.write_bytes(file_of(decision("d", literal("1 +")) + decision("e", literal("2"))))
    assert load(main).decide("e", {}) == Decimal(2)
    assert load(main).outcome("d", {}).problems

    main.write_bytes(file_of(decision("d", literal("1"), needs=("#nothing",))))
    with pytest.raises(DiagramRefused, match="reference-to-nothing"):
        load(main)


def test_a_file_that_is_tried_out_knows_what_time_it_is(tmp_path: Path) -> None:
    """An order hands in its own time; a person at the desk has a clock."""
    main = tmp_path / "main.dmn"
    main.write_bytes(file_of(decision("d", literal('now() > @"2020-01-01T00:00:00Z"'))))

    assert load(main).decide("d", {}) is True
    assert load(main).decide("d", {}, at=datetime(2019, 1, 1, tzinfo=UTC)) is False
