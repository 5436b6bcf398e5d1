"""The front door: every finding at once, located; definitions only when there is no error."""

from __future__ import annotations

import pytest

from oms_workflow.diagrams.reading import Source, load_diagrams, read_diagrams
from oms_workflow.errors import DiagramRefused, Severity
from tests.diagrams.fragments import codes, file_of, read

RIGHT = """
<bpmn:startEvent id="begin"/><bpmn:task id="work"/><bpmn:endEvent id="end"/>
<bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="work"/>
<bpmn:sequenceFlow id="b" sourceRef="work" targetRef="end"/>
"""

WRONG = """
<bpmn:startEvent id="begin"/>
<bpmn:serviceTask id="work" name="Do it"/>
<bpmn:endEvent id="end"/>
<bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="nowhere"/>
"""


def test_a_right_diagram_becomes_one_definition_for_each_process():
    """This is what the engine runs."""
    reading = read(RIGHT)

    assert [definition.id for definition in reading.require()] == ["shop"]
    assert reading.definitions[0].file == "shop.bpmn"
    assert not reading.errors


def test_all_findings_come_at_once_and_in_the_order_of_the_file():
    """An analyst who mends one fault at a time gives up."""
    reading = read(WRONG)

    assert {"reference-to-nothing", "incomplete-work", "unreachable-node"} <= codes(reading, Severity.ERROR)
    lines = [found.line for found in reading.diagnostics]
    assert lines == sorted(lines)
    assert all(found.element and found.line for found in reading.diagnostics)


def test_a_finding_names_file_line_element_and_label():
    """The diagram can be mended from the text alone."""
    found = next(found for found in read(WRONG).diagnostics if found.code == "incomplete-work")

    assert (found.file, found.element, found.name) == ("shop.bpmn", "work", "Do it")
    assert found.line == 3
    assert found.fix


def test_one_wrong_file_keeps_all_from_being_run():
    """Files that are deployed together call each other; half of them would be another process."""
    files = [Source(name="a.bpmn", raw=file_of(RIGHT)), Source(name="b.bpmn", raw=b"<not xml")]

    reading = read_diagrams(files)

    assert reading.definitions == ()
    assert [(found.file, found.code) for found in reading.errors] == [("b.bpmn", "not-xml")]
    with pytest.raises(DiagramRefused) as refused:
        reading.require()
    assert refused.value.diagnostics == reading.errors


def test_information_and_warnings_do_not_keep_a_diagram_from_running():
    """Only errors change what an order would do."""
    reading = read(RIGHT)

    assert codes(reading, Severity.WARNING, Severity.INFO)
    assert reading.require()


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path):
    """A folder with one broken link is still checked to its end."""
    good = tmp_path / "good.bpmn"
    good.write_bytes(file_of(RIGHT))

    reading = load_diagrams([tmp_path / "missing.bpmn", good])

    assert [found.code for found in reading.errors] == ["file-unreadable"]
    assert reading.definitions == ()


def test_the_same_process_in_two_files_is_refused():
    """Nobody could say which of them a call means."""
    files = [Source(name=name, raw=file_of(RIGHT)) for name in ("a.bpmn", "b.bpmn")]

    errors = read_diagrams(files).errors

    assert [(found.file, found.code) for found in errors] == [("b.bpmn", "duplicate-id")]


def test_a_missing_called_process_is_an_error_only_when_asked_for():
    """One file alone may be checked while its neighbours are not written yet; deployed it may not."""
    fragment = RIGHT.replace(
        '<bpmn:task id="work"/>',
        '<bpmn:callActivity id="work"><bpmn:extensionElements><zeebe:calledElement processId="other"/>'
        "</bpmn:extensionElements></bpmn:callActivity>",
    )

    assert read(fragment).definitions
    assert codes(read(fragment), Severity.INFO) >= {"reference-to-nothing"}
    assert codes(read(fragment, strict_references=True), Severity.ERROR) == {"reference-to-nothing"}
    assert not read(fragment, strict_references=True, processes={"other"}).errors


def test_a_rule_that_breaks_is_a_finding_and_stops_no_other(monkeypatch):
    """A defect of the linter must neither hide other faults nor let the diagram pass."""
    from oms_workflow.diagrams import reading as door
    from oms_workflow.diagrams.rules.rule import Rule

    def breaks(*_):
        raise ZeroDivisionError("one by zero")
        yield

    broken = Rule(code="broken", check=breaks, summary="")
    monkeypatch.setattr(door, "RULES", (broken, *door.RULES))

    found = codes(read(WRONG), Severity.ERROR)

    assert {"rule-failed", "reference-to-nothing"} <= found


def test_findings_of_one_rule_are_cut_when_there_are_very_many():
    """A hostile file must not make a report of a million lines."""
    tasks = "".join(f'<bpmn:serviceTask id="t{number}"/>' for number in range(500))

    found = [finding for finding in read(tasks).diagnostics if finding.code == "incomplete-work"]

    assert len(found) == 201
    assert found[0].severity is Severity.INFO or found[-1].severity is Severity.INFO


def test_what_is_not_known_is_not_judged():
    """A file alone says nothing about which calendars and decisions there are."""
    header = '<zeebe:taskHeaders><zeebe:header key="sla" value="PT2H"/>'
    header += '<zeebe:header key="slaCalendar" value="anywhere"/></zeebe:taskHeaders>'
    fragment = RIGHT.replace(
        '<bpmn:task id="work"/>',
        f'<bpmn:userTask id="work"><bpmn:extensionElements>{header}</bpmn:extensionElements></bpmn:userTask>',
    )

    assert not read(fragment).errors
    assert codes(read(fragment, calendars={}), Severity.ERROR) == {"bad-sla"}


def test_a_definition_names_its_file_without_the_folder():
    """The content hash of a deployed process must not depend on where somebody's checkout lies."""
    reading = read_diagrams([Source(name="/home/ann/processes/shop.bpmn", raw=file_of(RIGHT))])

    assert reading.require()[0].file == "shop.bpmn"


def test_a_fault_of_the_schema_is_placed_at_its_element_also_when_all_stands_in_one_line():
    """Programs write diagrams without line breaks, and people look for the element that is named."""
    lost = '<bpmn:boundaryEvent id="late"><bpmn:signalEventDefinition/></bpmn:boundaryEvent>'
    flow = '<bpmn:sequenceFlow id="c" sourceRef="late" targetRef="end"/>'
    reading = read(RIGHT.replace("\n", "") + lost + flow)

    (found,) = [one for one in reading.diagnostics if one.code == "not-valid-bpmn"]

    assert found.element == "late", found
