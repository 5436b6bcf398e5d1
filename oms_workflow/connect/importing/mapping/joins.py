"""How the files of a mapping hang together, and which of them a row can reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from oms_workflow.connect.importing.mapping.model import LookUp
from oms_workflow.connect.importing.mapping.shape import FileShape

Files = Mapping[str, FileShape]


def mains_of(files: Files) -> list[str]:
    """Give the aliases of files that hang on no other: exactly one of them is that of the orders."""
    return [
        alias
        for alias, file in files.items()
        if not (file.rows_of or file.inside or file.looked_up_by or file.stands_alone)
    ]


def split_reference(text: str, files: Files, base: str) -> tuple[str, str]:
    """Tell file and column of a reference apart: `sellers.state`, or a column of the row at hand.

    What stands before the first point is a file only when the mapping has one of that name: columns of JSON files
    have points in them.
    """
    alias, point, column = text.partition(".")
    return (alias, column) if point and alias in files and column else (base, text)


def look_ups_of(files: Files) -> tuple[LookUp, ...]:
    """Give the look-ups in an order in which each can be done; those in a circle are left out."""
    waiting = {alias: _look_up(alias, file, files) for alias, file in files.items() if file.looked_up_by}
    done: list[LookUp] = []
    ready = {alias for alias in files if alias not in waiting}
    while True:
        now = [one for one in waiting.values() if one.base in ready]
        if not now:
            return tuple(done)
        done += now
        ready |= {one.alias for one in now}
        waiting = {alias: one for alias, one in waiting.items() if alias not in ready}


def _look_up(alias: str, file: FileShape, files: Files) -> LookUp:
    references = [split_reference(text, files, "") for text in file.looked_up_by]
    return LookUp(
        alias=alias, base=references[0][0], columns=tuple(column for _, column in references), missing=file.missing
    )


def parent_of(file: FileShape) -> str:
    """Give the alias of the file whose rows a file's rows belong to; '' when they belong to none."""
    return file.rows_of or file.inside


def reachable(base: str, files: Files, look_ups: Iterable[LookUp]) -> frozenset[str]:
    """Give the aliases that a row of a file knows one row of: itself, its order, and what both look up."""
    found = {base}
    if base in files and parent_of(files[base]):
        found.add(parent_of(files[base]))
    for one in look_ups:
        if one.base in found:
            found.add(one.alias)
    return frozenset(found)
