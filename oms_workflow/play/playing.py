"""Playing files: diagrams and decisions are read through the front door, then a walk goes through them in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from oms_workflow.catalog.registry import Catalog
from oms_workflow.diagrams.decisions.reading import is_decision_file, load_decisions
from oms_workflow.diagrams.reading import load_diagrams
from oms_workflow.errors import DiagramRefused, Severity
from oms_workflow.play.result import PlayResult
from oms_workflow.play.stage import Stage
from oms_workflow.play.walk import perform


def play(diagrams: Sequence[Path], walk: Mapping[str, Any], *, catalog: Catalog | None = None) -> PlayResult:
    """Play one walk through diagrams, in memory, on a virtual clock that starts on Monday 2026-01-05 08:00 UTC.

    Args:
        diagrams: BPMN and DMN files that belong together.
        walk: What the outside does, see docs/play.md. Without `start` the files are only compiled.
        catalog: Activities to check the diagrams against; None checks none.

    Raises:
        DiagramRefused: With every error found in the files.
        WalkRefused: When the walk asks for something that is not there.
    """
    paths = [Path(path) for path in diagrams]
    decision_files = [path for path in paths if is_decision_file(path)]
    models, findings = load_decisions(decision_files)
    reading = load_diagrams([path for path in paths if path not in decision_files], catalog=catalog)
    errors = [one for one in (*findings, *reading.diagnostics) if one.severity is Severity.ERROR]
    if errors:
        raise DiagramRefused(errors)
    return perform(Stage(reading.definitions, models), walk)
