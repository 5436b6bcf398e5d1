"""Which processes, decisions and calendars travel with a process."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from oms_workflow.bpmn.calendar import Calendar
from oms_workflow.bpmn.model import Definition
from oms_workflow.diagrams.bundling import bundle_of
from oms_workflow.diagrams.reading import Source, read_diagrams
from oms_workflow.dmn.model import DecisionModel
from oms_workflow.engine.bundle import pack, unpack
from tests.diagrams.fragments import file_of

CALENDARS = {name: Calendar(id=name) for name in ("office", "warehouse")}


def process(name: str, *nodes: str) -> Source:
    inside = '<bpmn:startEvent id="begin"/>' + "".join(nodes) + '<bpmn:endEvent id="end"/>'
    ids = ["begin", *(f"n{number}" for number in range(len(nodes))), "end"]
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate(itertools.pairwise(ids))
    )
    xml = f'<bpmn:process id="{name}" isExecutable="true">{inside}{flows}</bpmn:process>'
    return Source(name=f"{name}.bpmn", raw=file_of(xml))


def call(number: int, target: str) -> str:
    extension = f'<bpmn:extensionElements><zeebe:calledElement processId="{target}"/></bpmn:extensionElements>'
    return f'<bpmn:callActivity id="n{number}">{extension}</bpmn:callActivity>'


def deadline(number: int, calendar: str) -> str:
    header = '<zeebe:taskHeaders><zeebe:header key="sla" value="PT2H"/>'
    header += f'<zeebe:header key="slaCalendar" value="{calendar}"/></zeebe:taskHeaders>'
    return f'<bpmn:userTask id="n{number}"><bpmn:extensionElements>{header}</bpmn:extensionElements></bpmn:userTask>'


def definitions(*files: Source) -> tuple[Definition, ...]:
    return read_diagrams(files, calendars=CALENDARS).require()


def test_called_processes_come_along_directly_or_not():
    """A running order depends on no registry."""
    known = definitions(
        process("order", call(0, "pick")), process("pick", call(0, "pack")), process("pack"), process("other")
    )

    bundle = bundle_of("order", known)

    assert [one.id for one in bundle.definitions] == ["order", "pick", "pack"]
    assert unpack(pack(bundle)) == bundle


def test_a_call_named_at_run_time_takes_everything_along():
    """Nobody can know before which process it will be."""
    known = definitions(process("order", call(0, "=carrier")), process("b"), process("a"))

    assert [one.id for one in bundle_of("order", known).definitions] == ["order", "a", "b"]


def test_a_calendar_named_at_run_time_takes_all_along():
    """Which warehouse it will be, and so whose hours count, nobody knows before."""
    known = definitions(process("order", deadline(0, "=warehouse.calendar")))

    bundle = bundle_of("order", known, calendars=CALENDARS)

    assert [one.id for one in bundle.calendars] == ["office", "warehouse"]


def test_only_calendars_that_a_deadline_names_come_along():
    """A calendar has hundreds of days; most processes use none."""
    known = definitions(process("order", call(0, "pick")), process("pick", deadline(0, "office")), process("alone"))

    assert [one.id for one in bundle_of("order", known, calendars=CALENDARS).calendars] == ["office"]
    assert bundle_of("alone", known, calendars=CALENDARS).calendars == ()


def test_decisions_come_along_when_any_is_asked():
    """A process without business rules carries no tables."""
    rule = '<bpmn:extensionElements><zeebe:calledDecision decisionId="d" resultVariable="r"/></bpmn:extensionElements>'
    known = definitions(
        process("asks", f'<bpmn:businessRuleTask id="n0">{rule}</bpmn:businessRuleTask>'), process("plain")
    )

    model = DecisionModel(id="risk", name="Risk", namespace="http://example.com/risk", file="/home/ann/risk.dmn")

    assert bundle_of("asks", known, decisions=(model,)).decisions == (replace(model, file="risk.dmn"),)
    assert bundle_of("plain", known, decisions=(model,)).decisions == ()


def test_an_unknown_process_has_no_bundle():
    """Starting it would be a mistake of ours."""
    with pytest.raises(KeyError):
        bundle_of("nobody", definitions(process("order")))
