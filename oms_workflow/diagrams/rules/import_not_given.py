"""The file imports another diagram that is not among the given files, so references into it lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import BPMN
from oms_workflow.errors import Diagnostic

CODE = "import-not-given"


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Compare imported diagrams with the given files, by file name (BPMN 2.0.2, 8.2.2)."""
    given = {_file_name(other.file) for other in knowledge.documents}
    for element in document.of_kind("import"):
        if element.get("importType") == BPMN and _file_name(element.get("location")) not in given:
            message = f"The imported diagram {element.get('location')!r} is not among the given files."
            yield finding(document, element, CODE, message, "Give it together with this file, or remove the import.")


def _file_name(location: str) -> str:
    return PurePosixPath(location.replace("\\", "/")).name
