"""What all flow nodes have in common when they are compiled. What each kind adds is in its own file."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.diagrams.dialect.data_flow import mappings_of
from oms_workflow.diagrams.dialect.deadlines import read_sla
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element

Fields = dict[str, Any]
"""Fields of a `Node`, without those that say where it stands among the others."""


class FlowNodeParser(TaskParser):  # type: ignore[misc]  # SpiffWorkflow is not typed
    """Compiles one flow node; the process parser hands it every node, so it follows no flow itself."""

    def __init__(
        self, process_parser: Any, spec_class: NodeKind, node: Any, nsmap: Any = None, lane: str | None = None
    ) -> None:
        super().__init__(process_parser, spec_class, node, nsmap, lane)
        self.document: Document = process_parser.parser.document
        # As it was read: with lines, and without the changes that the schema check makes to the tree.
        self.element: Element = self.document.by_id[node.get("id")]

    def parse_node(self) -> Fields:
        """Give what all kinds share and what this kind adds."""
        element = self.element
        settings = read_settings(element)
        common = {
            "id": element.id,
            "kind": self.node_kind(),
            "name": element.name,
            "line": element.line,
            "owner": self.process_parser.owners.get(element.id, ""),
            "milestone": settings.get("milestone"),
            "documentation": documentation_of(element),
            "sla": read_sla(settings),
            "headers": settings.headers,
            "properties": settings.properties,
            "inputs": mappings_of(self.document, element, "input"),
            "outputs": mappings_of(self.document, element, "output"),
        }
        return common | self.own()

    def node_kind(self) -> NodeKind:
        """Give the kind that the class map names for this element."""
        kind: NodeKind = self.spec_class
        return kind

    def own(self) -> Fields:
        """Give the fields of the node that only this kind has."""
        return {}


def documentation_of(element: Element) -> str:
    """Give the text written for people."""
    return "\n".join(child.text for child in element.all("documentation") if child.text)
