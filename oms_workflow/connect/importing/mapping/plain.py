"""The mappings that are used when none is given: orders in the house's own names, as docs/importing.md lists them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from oms_workflow.connect.importing.findings import about_file
from oms_workflow.connect.importing.given import format_of, is_data
from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.mapping.reading import read_mapping
from oms_workflow.errors import DiagramRefused

PLAIN = Path(__file__).with_name("plain.toml")
"""The mapping for JSON and JSON Lines: one object for each order."""

PLAIN_CSV = Path(__file__).with_name("plain_csv.toml")
"""The mapping for CSV: one row for each line of an order."""

MIXED = "file-mixed-formats"


def plain_mapping(files: Sequence[Path]) -> ImportMapping:
    """Give the mapping for orders in the house's own names, in the format of these files.

    Args:
        files: Files, or folders that stand for the files in them.

    Raises:
        DiagramRefused: When some files are CSV and others JSON.
    """
    found: dict[bool, Path] = {}
    for path in files:
        inside = sorted(one for one in path.iterdir() if is_data(one)) if path.is_dir() else [path]
        for one in inside:
            found.setdefault(format_of(one) == "csv", one)
    if len(found) > 1:
        message = f"This is CSV and {found[False].name!r} is JSON; without a mapping, one import reads one of both."
        fix = "Import them one after the other."
        raise DiagramRefused([about_file(MIXED, message, str(found[True]), fix=fix)])
    return read_mapping(PLAIN_CSV if True in found else PLAIN)
