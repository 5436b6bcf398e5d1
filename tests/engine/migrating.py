"""Taking a walk into another drawing of its process, and telling why it cannot be."""

from __future__ import annotations

from collections.abc import Mapping

from oms_workflow.bpmn.model import Definition
from oms_workflow.diagrams.reading import Source, read_diagrams
from oms_workflow.engine import facts
from oms_workflow.engine.instance import prepare
from oms_workflow.engine.migration.atlas import Atlas
from oms_workflow.engine.migration.checking import findings
from tests.drawing import bpmn
from tests.engine.walking import Walk


def drawn(drawing: str) -> Definition:
    """The first process of a drawing."""
    source = Source(name="new.bpmn", raw=bpmn(drawing))
    return read_diagrams([source]).require()[0]


def migrate(walk: Walk, drawing: str | Definition, elements: Mapping[str, str | None] | None = None) -> str:
    """Take the first instance into a drawing; gives why it was refused, '' when it was done."""
    definition = drawn(drawing) if isinstance(drawing, str) else drawing
    before = len(walk.detail("fact_ignored"))
    walk.tell(
        facts.Migrated(
            at=walk.stage.now, program=prepare(definition), elements=elements or {}, by="mei", reason="because"
        )
    )
    refused = walk.detail("fact_ignored")[before:]
    return refused[0]["why"] if refused else ""


def problems(walk: Walk, drawing: str, elements: Mapping[str, str | None] | None = None) -> list[str]:
    """`code element` of what keeps the first instance from going on in a drawing."""
    instance = walk.first.instance
    atlas = Atlas(instance.program, prepare(drawn(drawing)), elements or {})
    return [f"{one.code} {one.element}" for one in findings(instance.state, atlas)]


def dues(walk: Walk) -> dict[str, str]:
    """When each open timer of the first instance rings, by element."""
    state, steps = walk.first.instance.state, walk.first.instance.program.steps
    return {steps[one.target].node.id: f"{one.due:%H:%M}" for one in state.waits.values() if one.due}
