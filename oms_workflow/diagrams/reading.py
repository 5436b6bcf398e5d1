"""The front door for diagrams: BPMN 2.0 XML in, every finding out, and definitions to run when there is no error."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from oms_workflow.bpmn.calendar import Calendar
from oms_workflow.bpmn.model import Definition
from oms_workflow.catalog.registry import Catalog
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.extent import check_extent
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.hardened import parse_xml, read_file
from oms_workflow.diagrams.kinds.class_map import compile_document
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.registry import RULES
from oms_workflow.diagrams.schema import check_schema
from oms_workflow.errors import Diagnostic, DiagramRefused, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file as it was handed in."""

    name: str  # as findings name it
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of reading a set of files."""

    definitions: tuple[Definition, ...]  # one for each executable process; empty when there is any error
    diagnostics: tuple[Diagnostic, ...]  # all severities, by file and line

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that keep the files from being deployed."""
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)

    def require(self) -> tuple[Definition, ...]:
        """Give the definitions.

        Raises:
            DiagramRefused: With every error, when there is one.
        """
        if self.errors:
            raise DiagramRefused(self.errors)
        return self.definitions


def read_diagrams(
    files: Sequence[Source],
    *,
    catalog: Catalog | None = None,
    calendars: Mapping[str, Calendar] | None = None,
    decisions: Collection[str] | None = None,
    processes: Collection[str] = (),
    strict_references: bool = False,
) -> Reading:
    """Check files that belong together, and compile them when nothing is wrong. Never raises for what they hold.

    Args:
        catalog: The activities there are. Without it activities are not checked and get default retries.
        calendars: Calendars by id that deadlines may name, besides `24x7`; None: not known.
        decisions: Ids of the decisions there are; None: not known.
        processes: Ids of processes there are besides those in the files.
        strict_references: Whether a called process or decision that is not there is an error (deploy) or information.
    """
    read, found = _parse(files)
    knowledge = Knowledge(
        documents=tuple(document for _, document in read),
        catalog=catalog,
        calendars=calendars,
        decisions=frozenset(decisions) if decisions is not None else None,
        processes=frozenset(processes),
        strict_references=strict_references,
    )
    for root, document in read:
        found += check_document(root, document, knowledge)
    definitions: tuple[Definition, ...] = ()
    if not any(diagnostic.severity is Severity.ERROR for diagnostic in found):
        definitions = _compile(read, knowledge, found)
    return Reading(definitions=definitions, diagnostics=_sorted(found, files))


def _parse(files: Sequence[Source]) -> tuple[list[tuple[etree._Element, Document]], list[Diagnostic]]:
    """Give the trees of the files that are XML and not too large, and why the others are refused."""
    found: list[Diagnostic] = []
    read: list[tuple[etree._Element, Document]] = []
    for source in files:
        try:
            root = parse_xml(source.raw, source.name)
            document = Document(source.name, root)
            check_extent(document)
        except DiagramRefused as refused:
            found += refused.diagnostics
        else:
            read.append((root, document))
    return read, found


def load_diagrams(
    paths: Iterable[Path],
    *,
    catalog: Catalog | None = None,
    calendars: Mapping[str, Calendar] | None = None,
    decisions: Collection[str] | None = None,
    processes: Collection[str] = (),
    strict_references: bool = False,
) -> Reading:
    """Read files from disk, as `read_diagrams` does; a file that cannot be read is a finding, too."""
    files: list[Source] = []
    unreadable: list[Diagnostic] = []
    for path in paths:
        try:
            files.append(Source(name=str(path), raw=read_file(path)))
        except DiagramRefused as refused:
            unreadable += refused.diagnostics
    reading = read_diagrams(
        files,
        catalog=catalog,
        calendars=calendars,
        decisions=decisions,
        processes=processes,
        strict_references=strict_references,
    )
    if not unreadable:
        return reading
    return Reading(definitions=(), diagnostics=(*unreadable, *reading.diagnostics))


def check_document(root: etree._Element, document: Document, knowledge: Knowledge) -> list[Diagnostic]:
    """Give everything that schema and rules find in one file. The tree is changed by it."""
    found = [diagnostic for rule in RULES for diagnostic in rule.run(document, knowledge)]
    if document.is_bpmn:
        found += check_schema(root, document)
    return found


def _compile(
    read: list[tuple[etree._Element, Document]], knowledge: Knowledge, found: list[Diagnostic]
) -> tuple[Definition, ...]:
    definitions: list[Definition] = []
    for root, document in read:
        try:
            definitions += compile_document(root, document, knowledge)
        except ValidationException as refused:
            element = document.by_id.get(refused.id, document.root)
            fix = "This is a gap of the linter; report it with the diagram."
            found.append(finding(document, element, "cannot-compile", str(refused), fix))
    failed = any(diagnostic.severity is Severity.ERROR for diagnostic in found)
    return () if failed else tuple(definitions)


def _sorted(found: list[Diagnostic], files: Sequence[Source]) -> tuple[Diagnostic, ...]:
    order = {source.name: position for position, source in enumerate(files)}
    return tuple(sorted(found, key=lambda one: (order.get(one.file, 0), one.line or 0, one.code, one.element)))
