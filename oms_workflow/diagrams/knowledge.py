"""What is known around the diagrams that are being checked: the other files, activities, calendars, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from oms_workflow.bpmn.calendar import Calendar
from oms_workflow.catalog.registry import Catalog
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """Everything a rule may look at besides its own file. What is None is not known, and nothing is said about it."""

    documents: tuple[Document, ...] = ()
    catalog: Catalog | None = None
    calendars: Mapping[str, Calendar] | None = None
    decisions: frozenset[str] | None = None  # ids of decisions there are
    processes: frozenset[str] = frozenset()  # ids of processes there are besides those of the files
    strict_references: bool = False  # a called process or decision that is not among the given files is an error

    @cached_property
    def processes_by_id(self) -> Mapping[str, tuple[Document, Element]]:
        """The executable processes of all files; of two with one id, the first."""
        found: dict[str, tuple[Document, Element]] = {}
        for document in self.documents:
            for process in document.processes:
                found.setdefault(process.id, (document, process))
        return found
