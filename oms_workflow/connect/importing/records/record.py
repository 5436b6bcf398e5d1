"""One row of a file, whatever the kind of file. Limits that keep a hostile file from taking all memory."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_CHARACTERS = 1_000_000  # of one row; an order with 5,000 items in JSON has about that
MAX_LINES = 1_000  # that one quoted row may span; the longest real description met has 60
MAX_COLUMNS = 2_000  # of one row; spreadsheets stop at 16,384, orders long before
MAX_DEPTH = 20  # of objects inside a JSON row


@dataclass(frozen=True, slots=True)
class Record:
    """One row. `broken` is the code of the check that found it unreadable; '' for a sound row."""

    number: int  # line at which it begins (CSV, JSON Lines), or its place in the array (JSON), from 1
    fields: dict[str, str] = field(repr=False)  # by cleaned column name; what can be known of a broken row
    broken: str = ""
    why: str = ""  # the reason in words, without the row's text
    text: str = field(default="", repr=False)  # the row itself, when its fields cannot be told apart
    lists: frozenset[str] = frozenset()  # columns that hold a list, written as JSON; `part.column` inside a part
    parts: dict[str, list[dict[str, str]]] = field(default_factory=dict, repr=False)  # rows inside the row, by path
