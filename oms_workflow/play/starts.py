"""What can be started on the stage by a call."""

from __future__ import annotations

from collections.abc import Mapping

from oms_workflow.engine.program import Program


def why_missing(programs: Mapping[str, Program], process: str, version_tag: str) -> str:
    """Say that a called process is not there; '' when it is. With a tag, that very version is meant."""
    found = programs.get(process)
    if found is not None and version_tag in ("", found.definition.version_tag):
        return ""
    tag = f" with version tag {version_tag!r}" if version_tag else ""
    return f"No process {process!r}{tag} is known."
