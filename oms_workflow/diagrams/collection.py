"""Diagrams, decisions and calendars that belong together, read from files and folders in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from oms_workflow.bpmn.calendar import Calendar
from oms_workflow.bpmn.model import Definition
from oms_workflow.catalog.registry import Catalog
from oms_workflow.diagrams.bundling import NOTHING, Tagged, bundle_of
from oms_workflow.diagrams.calendars import load_calendars
from oms_workflow.diagrams.decisions.reading import is_decision_file, load_decisions
from oms_workflow.diagrams.hardened import refusal
from oms_workflow.diagrams.reading import load_diagrams
from oms_workflow.dmn.model import DecisionModel
from oms_workflow.engine.bundle import Bundle
from oms_workflow.errors import Diagnostic, DiagramRefused, Severity

KINDS = (".bpmn", ".dmn", ".toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What came of reading files that belong together."""

    files: tuple[Path, ...]
    definitions: tuple[Definition, ...] = ()  # empty when any diagram has an error
    decisions: tuple[DecisionModel, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that keep the files from being deployed."""
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)

    def require(self) -> Collection:
        """Give the collection itself.

        Raises:
            DiagramRefused: With every error, when there is one.
        """
        if self.errors:
            raise DiagramRefused(self.errors)
        return self

    def bundle(self, process: str, tagged: Tagged = NOTHING) -> Bundle:
        """Give what an instance of a process needs; `tagged` are versions deployed before, by process and tag.

        Raises:
            KeyError: When there is no such process.
            OtherVersion: When one of `tagged` cannot come along.
        """
        return bundle_of(process, self.definitions, self.decisions, self.calendars, tagged)


def read_collection(
    paths: Sequence[Path], *, year: int, catalog: Catalog | None = None, strict_references: bool = False
) -> Collection:
    """Read diagrams, decisions and calendars; never raises for what is in them.

    Args:
        paths: Files, and folders that are looked through with everything below them.
        year: The year that calendars are written out around.
        catalog: The activities there are; None checks none.
        strict_references: Whether a called process that is in none of the files is an error.
    """
    files, missing = _files(paths)
    models, of_decisions = load_decisions(path for path in files if is_decision_file(path))
    read = load_calendars((path for path in files if path.suffix == ".toml"), year=year)
    diagrams = load_diagrams(
        [path for path in files if path.suffix not in (".dmn", ".toml")],
        catalog=catalog,
        calendars=read.calendars if any(path.suffix == ".toml" for path in files) else None,
        decisions=[decision.id for model in models for decision in model.decisions] if models else None,
        strict_references=strict_references,
    )
    return Collection(
        files=tuple(files),
        definitions=diagrams.definitions,
        decisions=models,
        calendars=read.calendars,
        diagnostics=(*missing, *diagrams.diagnostics, *of_decisions, *read.diagnostics),
    )


def _files(paths: Iterable[Path]) -> tuple[list[Path], list[Diagnostic]]:
    found: dict[Path, None] = {}
    missing: list[Diagnostic] = []
    for path in paths:
        inside = list(_inside(path)) if path.is_dir() else [path]
        if not inside:
            wanted = ", ".join(KINDS)
            lacking = refusal(str(path), None, "no-diagrams", f"The folder holds no {wanted} file.", "Check the path.")
            missing += lacking.diagnostics
        found.update(dict.fromkeys(inside))
    return list(found), missing


def _inside(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in KINDS and path.is_file() and (path.suffix != ".toml" or path.parent.name == "calendars"):
            yield path
