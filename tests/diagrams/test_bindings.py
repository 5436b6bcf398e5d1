"""Which version of a called process comes along: the one at hand, the one deployed together, or a tagged one."""

from __future__ import annotations

from pathlib import Path

import pytest

from oms_workflow.bpmn.model import Definition
from oms_workflow.diagrams.bundling import OtherVersion, bundle_of
from oms_workflow.diagrams.reading import Reading, Source, read_diagrams
from oms_workflow.engine.bundle import Bundle, pack, unpack
from oms_workflow.errors import DiagramRefused, Severity
from oms_workflow.play import play
from tests.drawing import bpmn

CALLER = "process caller\n  start S\n  call Ship process=ship {binding}\n  S -> Ship"
SHIP = "process ship {tag}\n  start S2\n  service {work} type=x\n  S2 -> {work}"
TAGGED = "bindingType=versionTag versionTag=1.0"


def read(*drawings: str, strict: bool = False) -> Reading:
    files = [Source(name=f"{number}.bpmn", raw=bpmn(drawing)) for number, drawing in enumerate(drawings)]
    return read_diagrams(files, strict_references=strict)


def of(*drawings: str) -> tuple[Definition, ...]:
    return read(*drawings).require()


def ship(work: str, tag: str = "") -> str:
    return SHIP.format(work=work, tag=f"tag={tag}" if tag else "")


def nodes(bundle: Bundle, process: str, tag: str = "") -> set[str]:
    found = bundle.find(process, tag)
    return {node.id for node in found.nodes} if found is not None else set()


@pytest.mark.parametrize("binding", ["", "bindingType=latest", "bindingType=deployment", TAGGED])
def test_what_is_given_together_comes_along(binding):
    bundle = bundle_of("caller", of(CALLER.format(binding=binding), ship("Pack", "1.0")))

    assert "Pack" in nodes(bundle, "ship")
    assert unpack(pack(bundle)) == bundle


@pytest.mark.parametrize(("binding", "severity"), [("", Severity.INFO), ("bindingType=deployment", Severity.ERROR)])
def test_a_process_of_the_same_deployment_must_be_among_the_files(binding, severity):
    (found,) = [one for one in read(CALLER.format(binding=binding)).diagnostics if one.code == "reference-to-nothing"]

    assert (found.severity, found.element, found.line is not None) == (severity, "Ship", True)


@pytest.mark.parametrize("drawings", [(), (ship("Pack", "2.0"),), (ship("Pack"),)])
def test_a_tag_that_no_file_has_may_have_been_deployed_before(drawings):
    reading = read(CALLER.format(binding=TAGGED), *drawings, strict=True)

    (found,) = [one for one in reading.diagnostics if one.code == "reference-to-nothing"]
    assert found.severity is Severity.INFO
    assert "'ship' with version tag '1.0' is not among the files" in found.message


def test_a_tag_has_to_be_named():
    (found,) = read(CALLER.format(binding="bindingType=versionTag"), ship("Pack")).errors

    assert (found.code, found.element) == ("reference-to-nothing", "Ship")


def test_an_older_version_comes_along_beside_the_newest():
    both = CALLER.format(binding=TAGGED).replace("  S -> Ship", "  call New process=ship\n  S -> Ship -> New")
    older = {("ship", "1.0"): bundle_of("ship", of(ship("Old", "1.0")))}

    bundle = bundle_of("caller", of(both, ship("Pack", "2.0")), tagged=older)

    assert [one.id for one in bundle.definitions] == ["caller", "ship", "ship"]
    assert ("Pack" in nodes(bundle, "ship"), "Old" in nodes(bundle, "ship", "1.0")) == (True, True)
    assert bundle.find("ship", "3.0") is None


def test_an_older_version_brings_what_it_calls():
    older_ship = ship("Old", "1.0") + "\n  call Label process=label\n  S2 -> Label"
    label = "process label\n  start S3\n  service Print type=x\n  S3 -> Print"
    older = {("ship", "1.0"): bundle_of("ship", of(older_ship, label))}

    assert "Print" in nodes(bundle_of("caller", of(CALLER.format(binding=TAGGED)), tagged=older), "label")


def test_two_versions_that_nothing_tells_apart_are_refused():
    older_ship = ship("Old", "1.0") + "\n  call Label process=label\n  S2 -> Label"
    label = "process label\n  start S3\n  service {print} type=x\n  S3 -> {print}"
    older = {("ship", "1.0"): bundle_of("ship", of(older_ship, label.format(print="Print")))}
    caller = CALLER.format(binding=TAGGED) + "\n  call Own process=label\n  Ship -> Own"

    with pytest.raises(OtherVersion, match="'Ship' calls needs another version of process 'label'"):
        bundle_of("caller", of(caller, label.format(print="Stick")), tagged=older)


@pytest.mark.parametrize(("tag", "status"), [("1.0", "active"), ("2.0", "incident"), ("", "incident")])
def test_play_calls_the_file_with_the_tag_or_says_that_there_is_none(tmp_path: Path, tag: str, status: str):
    for name, drawing in (("caller", CALLER.format(binding=TAGGED)), ("ship", ship("Pack", tag))):
        (tmp_path / f"{name}.bpmn").write_bytes(bpmn(drawing))

    result = play([tmp_path], {"start": {"process": "caller"}})

    assert result.status == status
    if status == "incident":
        assert result.incidents[0]["message"] == "No process 'ship' with version tag '1.0' is known."


def test_decisions_and_forms_have_no_versions_of_their_own():
    task = "process p\n  start S\n  user Look form=look\n  S -> Look"
    raw = bpmn(task).replace(b'formId="look"', b'formId="look" bindingType="deployment"')

    with pytest.raises(DiagramRefused, match="it has no versions"):
        read_diagrams([Source(name="p.bpmn", raw=raw)]).require()
