"""What `oms play` says of walks and calls that go on without end."""

from __future__ import annotations

from pathlib import Path

import pytest

from oms_workflow.cli.play import LARGEST_WALK
from oms_workflow.play.stage import MOST_NESTED
from tests.diagrams.fragments import file_of

from .conftest import Oms

CALLS_ITSELF = (
    '<bpmn:startEvent id="begin"/><bpmn:sequenceFlow id="f" sourceRef="begin" targetRef="call"/>'
    '<bpmn:callActivity id="call"><bpmn:extensionElements><zeebe:calledElement processId="=&quot;shop&quot;"/>'
    '</bpmn:extensionElements></bpmn:callActivity><bpmn:sequenceFlow id="g" sourceRef="call" targetRef="end"/>'
    '<bpmn:endEvent id="end"/>'
)


@pytest.mark.parametrize(
    ("walk", "said"),
    [
        ("[" * 200_000 + "]" * 200_000, "is not JSON"),
        ('{"a":' * 200_000 + "1" + "}" * 200_000, "is not JSON"),
        ('{"a": ' + "1" * 10_000 + "}", "is not JSON"),
        ("[" + "1," * (LARGEST_WALK // 2) + "1]", "has more than"),
    ],
    ids=["lists", "objects", "a number", "size"],
)
def test_a_walk_that_cannot_be_read_is_wrong_use(oms: Oms, tmp_path: Path, walk: str, said: str) -> None:
    """Not a defect of the program, whatever the file holds."""
    diagram, path = tmp_path / "a.bpmn", tmp_path / "walk.json"
    diagram.write_bytes(file_of(CALLS_ITSELF))
    path.write_text(walk, encoding="utf-8")

    answer = oms("play", str(diagram), "--walk", str(path))

    assert answer.code == 2
    assert said in " ".join(answer.err.split())


def test_a_process_that_calls_itself_without_end_is_stopped(oms: Oms, tmp_path: Path) -> None:
    """The linter cannot see a circle whose process is worked out when it runs."""
    diagram = tmp_path / "a.bpmn"
    diagram.write_bytes(file_of(CALLS_ITSELF))

    answer = oms("play", str(diagram), "--json")

    assert "Processes call each other without end." in answer.out
    assert len({record["instance"] for record in answer.json["records"]}) == MOST_NESTED + 1
