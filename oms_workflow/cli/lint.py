"""`oms lint`: every finding in diagrams, decisions and calendars."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from oms_workflow.catalog.registry import discover
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, NO, WRONG_USE, AsJson, as_json, leave, out
from oms_workflow.diagrams.collection import Collection, read_collection
from oms_workflow.errors import Severity
from oms_workflow.settings import settings

UNREADABLE = frozenset({"file-unreadable", "file-too-large", "not-xml", "doctype", "nested-too-deep", "no-diagrams"})


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("lint", help=say("lint.help"))(lint)


def lint(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help=say("lint.paths"))],
    no_catalog: Annotated[bool, typer.Option("--no-catalog", help=say("lint.no_catalog"))] = False,
    json: AsJson = False,
) -> None:
    """Check files and folders; the exit code is 0 clean, 1 errors found, 2 a file could not be read."""
    catalog = None if no_catalog else discover(settings().activities)
    read = read_collection(paths, year=datetime.now(UTC).year, catalog=catalog)  # noqa: TID251 - the person's today
    if json:
        as_json([found.to_json() for found in read.diagnostics])
    else:
        _print(read)
    leave(exit_code(read))


def exit_code(read: Collection) -> int:
    """Give the exit code for what was read."""
    if any(found.code in UNREADABLE for found in read.errors):
        return WRONG_USE
    return NO if read.errors else DONE


def _print(read: Collection) -> None:
    for found in read.diagnostics:
        colour = {"error": "red", "warning": "yellow", "info": "dim"}[found.severity]
        out.print(f"{found.severity.value}: {found}", style=colour, markup=False)
    counts = {severity: sum(1 for found in read.diagnostics if found.severity is severity) for severity in Severity}
    out.print(
        say(
            "lint.summary",
            files=len(read.files),
            errors=counts[Severity.ERROR],
            warnings=counts[Severity.WARNING],
            infos=counts[Severity.INFO],
        )
    )
