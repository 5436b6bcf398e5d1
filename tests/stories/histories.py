"""Histories of told stories as files: one compressed file a story, for tests that replay them.

A file holds the Temporal histories of all instances of a story, as Temporal's own JSON, and the packed bundles they
were started with only once: every called process carries the same one, and it is most of a history. Files stand in a
folder by the version of the engine that wrote them; those of earlier versions stay.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

from oms_workflow.temporal.workflow import ENGINE_VERSION

FOLDER = Path(__file__).parents[1] / "histories"
NOW = FOLDER / f"engine-{ENGINE_VERSION}"
RUN = " run "  # between workflow id and number of an instance's run, where there are several
PLACE = "bundle "
LARGE = 10_000  # characters of a payload that is kept apart


def write_histories(story: str, histories: Mapping[str, str], folder: Path = NOW) -> Path:
    """Write the histories of a story, by workflow id and run, as JSON texts; gives the file."""
    kept: dict[str, str] = {}
    instances = {name: _without_bundles(json.loads(text), kept) for name, text in sorted(histories.items())}
    content = json.dumps({"story": story, "bundles": kept, "instances": instances}, separators=(",", ":"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{story}.json.gz"
    path.write_bytes(gzip.compress(content.encode(), mtime=0))
    return path


def read_histories(path: Path) -> Iterator[WorkflowHistory]:
    """Give the histories in a file, by workflow id."""
    content = json.loads(gzip.decompress(path.read_bytes()))
    for name, history in content["instances"].items():
        yield WorkflowHistory.from_json(name.partition(RUN)[0], json.dumps(_with_bundles(history, content["bundles"])))


def _without_bundles(value: Any, kept: dict[str, str]) -> Any:
    """Put a name in place of each large payload."""
    if isinstance(value, dict):
        return {key: _without_bundles(one, kept) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_bundles(one, kept) for one in value]
    if isinstance(value, str) and len(value) > LARGE:
        known = {text: name for name, text in kept.items()}
        name = known.get(value) or f"{PLACE}{len(kept) + 1}"
        kept[name] = value
        return name
    return value


def _with_bundles(value: Any, kept: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _with_bundles(one, kept) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_bundles(one, kept) for one in value]
    return kept.get(value, value) if isinstance(value, str) else value
