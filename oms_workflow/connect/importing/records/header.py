"""The names of columns: cleaned of what nobody sees, told apart when a name stands twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_BLANKS = re.compile(r"[\s\u200b\ufeff\u00a0]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The columns of a file in their order."""

    columns: tuple[str, ...]
    cleaned: tuple[str, ...] = ()  # those that had blanks around or too many within
    repeated: tuple[str, ...] = ()  # names that stood there more than once; later ones are called `name (2)`


def clean_name(name: str) -> str:
    """Give the name of a column without blanks around it, and with single blanks within.

    >>> clean_name("\ufeff Zip  code ")
    'Zip code'
    """
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", name)).strip()


def header_of(cells: Sequence[str]) -> Header:
    """Read a header row. A cell without a name becomes `column 3`."""
    columns: list[str] = []
    seen: dict[str, int] = {}
    cleaned: list[str] = []
    repeated: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = clean_name(cell) or f"column {number}"
        if name != cell.lstrip("\ufeff") and cell.strip():
            cleaned.append(name)
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            repeated.append(name)
        columns.append(_free_name(name, seen[name], columns))
    return Header(columns=tuple(columns), cleaned=tuple(cleaned), repeated=tuple(dict.fromkeys(repeated)))


def _free_name(name: str, number: int, taken: Sequence[str]) -> str:
    candidate = name if number == 1 else f"{name} ({number})"
    while candidate in taken:  # a column may really be called `name (2)`
        number += 1
        candidate = f"{name} ({number})"
    return candidate
