"""Rows of delimited text. One bad row costs one row: a quote that is never closed does not swallow the rest."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from oms_workflow.connect.importing.records.record import MAX_CHARACTERS, MAX_LINES
from oms_workflow.connect.importing.records.text_file import Line, Lines

csv.field_size_limit(MAX_CHARACTERS)  # for the whole process; rows are bounded before they come here

QUOTE = '"'
_END = "\r\n"


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row."""

    number: int  # line at which it begins
    cells: list[str]
    text: str = ""  # the row as it stands; only for broken rows
    broken: str = ""  # code of the check
    why: str = ""


def csv_rows(lines: Lines, delimiter: str, width: int | None = None) -> Iterator[Cells]:
    """Give the rows of delimited text, empty lines left out.

    Args:
        width: Cells a row has to have; None when that is not known, as for the header.
    """
    while (line := lines.take()) is not None:
        if not line.text.strip(_END):
            continue
        yield _row(line, lines, delimiter, width)


def _row(first: Line, lines: Lines, delimiter: str, width: int | None) -> Cells:
    if first.cut:
        return Cells(first.number, [], first.text, "row-too-long", f"more than {MAX_CHARACTERS:,} characters")
    if QUOTE not in first.text:
        return _counted(first.number, first.text.rstrip(_END).split(delimiter), first.text, width)
    taken, state = _whole(first, lines, delimiter)
    text = "".join(line.text for line in taken)
    cells = _parsed(text, delimiter) if state == "closed" else None
    swallowed = cells is not None and len(taken) > 1 and len(cells) != width and _fits(taken[1].text, delimiter, width)
    if cells is not None and not swallowed:
        return _counted(first.number, cells, text, width)
    lines.give_back(taken[1:])
    why = "text follows a closing quote" if state == "bad" and len(taken) == 1 else "a quote is opened and not closed"
    return Cells(first.number, first.text.rstrip(_END).split(delimiter), first.text, "bad-quotes", why)


def _whole(first: Line, lines: Lines, delimiter: str) -> tuple[list[Line], Literal["open", "closed", "bad"]]:
    """Take as many lines as the quotes of the first one span."""
    taken, characters = [first], len(first.text)
    state = quotes_after(first.text, delimiter, is_open=False)
    while state == "open":
        line = lines.take() if len(taken) < MAX_LINES and characters < MAX_CHARACTERS else None
        if line is None:
            break
        taken.append(line)
        characters += len(line.text)
        state = "bad" if line.cut else quotes_after(line.text, delimiter, is_open=True)
    return taken, state


def quotes_after(text: str, delimiter: str, *, is_open: bool) -> Literal["open", "closed", "bad"]:
    """Say whether a quoted field is still open at the end of a text; `bad` when text follows a closing quote.

    A quote in the middle of an unquoted field is just a character: `5" pipe`.
    """
    at, end = 0, len(text)
    while at < end:
        if not is_open:
            if text[at] != QUOTE:
                at = text.find(delimiter, at) + 1
                if not at:
                    return "closed"
                continue
            at += 1
        close = text.find(QUOTE, at)
        if close < 0:
            return "open"
        if text.startswith(QUOTE, close + 1):
            at, is_open = close + 2, True
            continue
        at, is_open = close + 1, False
        if at < end and text[at] not in _END and text[at] != delimiter:
            return "bad"
        at = at + 1 if at < end and text[at] == delimiter else end
    return "open" if is_open else "closed"


def _parsed(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return None


def _fits(text: str, delimiter: str, width: int | None) -> bool:
    """Say whether a line is a row of its own, so that it must not be lost inside another one."""
    if quotes_after(text, delimiter, is_open=False) != "closed":
        return False
    cells = _parsed(text, delimiter)
    return cells is not None and len(cells) == width


def _counted(number: int, cells: list[str], text: str, width: int | None) -> Cells:
    if width is not None and len(cells) != width:
        why = f"expected {width} fields as in the header, found {len(cells)}"
        return Cells(number, cells, text, "wrong-field-count", why)
    if "\0" in text:
        return Cells(number, cells, text, "nul-byte", f"{text.count(chr(0))} NUL characters")
    return Cells(number, cells)
