"""Playing files: diagrams and decisions are read through the front door, then a walk goes through them in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from oms_workflow.catalog.registry import Catalog
from oms_workflow.diagrams.collection import read_collection
from oms_workflow.play.result import PlayResult
from oms_workflow.play.stage import BEGINNING, Stage
from oms_workflow.play.walk import perform


def play(diagrams: Sequence[Path], walk: Mapping[str, Any], *, catalog: Catalog | None = None) -> PlayResult:
    """Play one walk through diagrams, in memory, on a virtual clock that starts on Monday 2026-01-05 08:00 UTC.

    Args:
        diagrams: BPMN, DMN and calendar files that belong together, or folders of them.
        walk: What the outside does, see docs/play.md. Without `start` the files are only compiled.
        catalog: Activities to check the diagrams against; None checks none.

    Raises:
        DiagramRefused: With every error found in the files.
        WalkRefused: When the walk asks for something that is not there.
    """
    read = read_collection([Path(path) for path in diagrams], year=BEGINNING.year, catalog=catalog).require()
    return perform(Stage(read.definitions, read.decisions, read.calendars), walk)
