"""Diagrams for tests of the reader, written as the XML inside a process; the rest of the file is put around it."""

from __future__ import annotations

from lxml import etree

from oms_workflow.diagrams.reading import Reading, Source, read_diagrams
from oms_workflow.diagrams.vocabulary import BPMN
from oms_workflow.errors import Severity

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
ROOT_KINDS = frozenset(
    {
        "message",
        "error",
        "escalation",
        "signal",
        "collaboration",
        "interface",
        "itemDefinition",
        "process",
        "choreography",
        "import",
        "globalTask",
        "dataStore",
        "messageEventDefinition",
        "timerEventDefinition",
        "errorEventDefinition",
    }
)


def file_of(fragment: str) -> bytes:
    """Give a whole BPMN file around a fragment.

    What can only stand at the top of a file is put there; everything else goes into a process `shop`, unless the
    fragment brings processes of its own. A fragment that is a whole file stays as it is.
    """
    if "<bpmn:definitions" in fragment:
        return fragment.encode()
    box = etree.fromstring(f"<box {NAMESPACES}>{fragment}</box>")
    top = [child for child in box if isinstance(child.tag, str) and etree.QName(child).localname in ROOT_KINDS]
    inside = [child for child in box if child not in top]
    if inside:
        process = etree.SubElement(box, f"{{{BPMN}}}process", id="shop", isExecutable="true")
        process.extend(inside)
        top.append(process)
    top.sort(key=lambda child: etree.QName(child).localname != "import")
    body = "\n".join(etree.tostring(child, encoding="unicode") for child in top)
    return f'<bpmn:definitions {NAMESPACES} id="file" targetNamespace="http://example.com/shop">\n{body}\n</bpmn:definitions>'.encode()


def read(fragment: str, **options: object) -> Reading:
    """Read one fragment as file `shop.bpmn`."""
    return read_diagrams([Source(name="shop.bpmn", raw=file_of(fragment))], **options)  # type: ignore[arg-type]


def codes(reading: Reading, *severities: Severity) -> set[str]:
    """Give the codes of the findings of these severities; of all when none is named."""
    return {found.code for found in reading.diagnostics if not severities or found.severity in severities}
