"""A process: every node handed to the parser of its kind, then put into its place among the others.

SpiffWorkflow's own process parser follows the flows, one stack frame a node; here every node is visited in the order
of the XML, so length and nesting of a diagram cost no stack and every node is seen, reachable or not.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Definition
from oms_workflow.diagrams.dialect.deadlines import read_sla
from oms_workflow.diagrams.dialect.people import read_owners
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.kinds.flow_node import Fields, documentation_of
from oms_workflow.diagrams.kinds.placing import place
from oms_workflow.diagrams.vocabulary import NODE_KINDS


class DefinitionParser(ProcessParser):  # type: ignore[misc]  # SpiffWorkflow is not typed
    """Compiles one process to a `Definition`."""

    def get_spec(self) -> Definition:
        """Give the definition; made once.

        Raises:
            ValidationException: When the class map has no parser for a node.
        """
        if self.spec is None:
            self._parse()
        definition: Definition = self.spec
        return definition

    def _parse(self) -> None:
        document = self.parser.document
        self.owners = read_owners(document)
        process = document.by_id[self.bpmn_id]
        inside = [element for element in document.inside(process) if element.kind in NODE_KINDS]
        drawn = [self.parse_node(self.get_node_by_id(element.id)) for element in inside]
        nodes, flows = place(document, process, [self._process_node(process), *drawn])
        version = process.extension("versionTag")
        self.spec = Definition(
            id=self.bpmn_id,
            name=process.name,
            version_tag=version.get("value") if version is not None else "",
            file=PurePosixPath(
                document.file.replace("\\", "/")
            ).name,  # the same on every machine, for the content hash
            nodes=nodes,
            flows=flows,
        )

    def parse_node(self, node: object) -> Fields:
        """Have a node compiled by the parser that the class map names for it."""
        parser_class, kind = self.parser._get_parser_class(node.tag)  # type: ignore[attr-defined]
        if parser_class is None:
            raise ValidationException("No parser is registered for this element.", node=node, file_name=self.filename)
        fields: Fields = parser_class(self, kind, node, self.nsmap, lane="").parse_node()
        return fields

    def _process_node(self, process: Element) -> Fields:
        settings = read_settings(process)
        return {
            "id": process.id,
            "kind": NodeKind.PROCESS,
            "name": process.name,
            "line": process.line,
            "owner": self.owners.get(process.id, ""),
            "sla": read_sla(settings),
            "documentation": documentation_of(process),
            "headers": settings.headers,
            "properties": settings.properties,
        }
