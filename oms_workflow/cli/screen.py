"""Showing things: one JSON document for machines with --json, tables and progress for people. Decides nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

DONE, NO, WRONG_USE, UNREACHABLE = 0, 1, 2, 3
"""Exit codes: done; the answer is no; the command or its input cannot be used; a system it needs does not answer."""

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


def as_json(value: Any) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def as_json_line(value: Any) -> None:
    """Print one JSON object on a line of its own, at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def as_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> None:
    """Print a table; a column whose title ends in `#` holds numbers."""
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.removesuffix("#"), justify="right" if column.endswith("#") else "left")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    out.print(table)


def leave(code: int) -> None:
    """End the command with an exit code."""
    raise typer.Exit(code)
