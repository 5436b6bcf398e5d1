"""Showing things: one JSON document for machines with --json, tables and progress for people. Decides nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from oms_workflow.cli.language import say

DONE, NO, WRONG_USE, UNREACHABLE = 0, 1, 2, 3
"""Exit codes: done; the answer is no; the command or its input cannot be used; a system it needs does not answer."""

AsJson = Annotated[bool, typer.Option("--json", help=say("json"))]

WORD = 12  # columns of the terminal that a word is given before it is folded

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
    """Print a table; a column whose title ends in `#` holds numbers.

    Nothing is cut off: long cells are folded, numbers only where the screen has no room for them beside the words.
    """
    cells = [["" if cell is None else cell if isinstance(cell, Text) else str(cell) for cell in row] for row in rows]
    whole = _has_room(columns, cells)
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.show_header = any(columns)
    for column in columns:
        numbers = column.endswith("#")
        justify: Literal["right", "left"] = "right" if numbers else "left"
        table.add_column(column.removesuffix("#"), justify=justify, overflow="fold", no_wrap=numbers and whole)
    for row in cells:
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    out.print(table)


def _has_room(columns: Sequence[str], rows: Sequence[Sequence[Text | str]]) -> bool:
    """Say whether numbers fit on one line each, with at least a word's room for every other column."""
    needed = 2 * (len(columns) - 1)
    for number, column in enumerate(columns):
        widest = max(cell_len(str(one)) for one in (column.removesuffix("#"), *(row[number] for row in rows)))
        needed += widest if column.endswith("#") else min(widest, WORD)
    return needed <= out.width


def titles(*keys: str) -> list[str]:
    """Give titles of columns by key, in the language of this run; `#` at the end of a key stays."""
    return [say(f"column.{key.removesuffix('#')}") + ("#" if key.endswith("#") else "") for key in keys]


def as_facts(facts: Iterable[tuple[str, Any]]) -> None:
    """Print names with their values, one below the other; a value that is None or '' is left out."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts:
        if value is not None and value != "":
            table.add_row(name, value if isinstance(value, Text) else Text(str(value)))
    out.print(table)


def heading(text: str) -> None:
    """Print the title of a part, with a blank line before it."""
    out.print()
    out.print(text, style="bold", markup=False)


def is_wide(columns: int = 120) -> bool:
    """Say whether the terminal has room for the columns that are left out on a narrow one."""
    return out.width >= columns


def leave(code: int) -> None:
    """End the command with an exit code."""
    raise typer.Exit(code)
