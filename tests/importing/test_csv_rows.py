"""Delimited text: one bad row costs one row, wherever it stands and whatever it does with quotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.connect.importing.records.csv_rows import Cells, csv_rows, quotes_after
from oms_workflow.connect.importing.records.header import clean_name, header_of
from oms_workflow.connect.importing.records.record import MAX_CHARACTERS, MAX_LINES
from oms_workflow.connect.importing.records.text_file import Lines


def rows(text: str, width: int | None = 2, delimiter: str = ",") -> list[Cells]:
    """Read rows of a text."""
    return list(csv_rows(Lines(io.StringIO(text, newline="")), delimiter, width))


def told(text: str, width: int | None = 2) -> list[tuple[int, Sequence[str], str]]:
    """Give line, cells and what is broken of each row."""
    return [(one.number, one.cells if not one.broken else [], one.broken) for one in rows(text, width)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(end: str) -> None:
    """Exports come from everywhere; empty lines are no rows."""
    assert told(f"a,b{end}{end}c,d{end}") == [(1, ["a", "b"], ""), (3, ["c", "d"], "")]


def test_quoted_fields_may_hold_everything() -> None:
    """Delimiters, quotes written twice, and line breaks; the row counts from its first line."""
    text = '"a,1","say ""hi"""\n"two\nlines",b\nc,d\n'
    assert told(text) == [(1, ["a,1", 'say "hi"'], ""), (2, ["two\nlines", "b"], ""), (4, ["c", "d"], "")]


def test_a_quote_inside_an_unquoted_field_is_a_character() -> None:
    """Screens and pipes are measured in inches."""
    assert told('5" pipe,b\n') == [(1, ['5" pipe', "b"], "")]


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    """A reader that swallows the rest of the file loses orders without a word."""
    assert told('a,b\n"c,d\ne,f\ng,h\n') == [
        (1, ["a", "b"], ""),
        (2, [], "bad-quotes"),
        (3, ["e", "f"], ""),
        (4, ["g", "h"], ""),
    ]


def test_a_quote_that_closes_by_accident_costs_one_row() -> None:
    """The next quoted field would close it; then the rows between would be one row, without a word."""
    assert told('"a,b\nc,d\n"e",f\n') == [(1, [], "bad-quotes"), (2, ["c", "d"], ""), (3, ["e", "f"], "")]
    assert told('"a,b\nc,d\ne,"\ng,h\n') == [
        (1, [], "bad-quotes"),
        (2, ["c", "d"], ""),
        (3, [], "bad-quotes"),
        (4, ["g", "h"], ""),
    ]


def test_text_after_a_closing_quote_is_broken() -> None:
    """It is not clear what was meant."""
    (one,) = rows('"a"b,c\n')
    assert (one.broken, one.why, one.text) == ("bad-quotes", "text follows a closing quote", '"a"b,c\n')


def test_a_row_with_a_wrong_number_of_fields_is_told() -> None:
    """Too few, too many; its text is kept as it is."""
    few, many = rows("a\na,b,c\n")
    assert (few.broken, few.why) == ("wrong-field-count", "expected 2 fields as in the header, found 1")
    assert (many.broken, many.text) == ("wrong-field-count", "a,b,c\n")


def test_nul_characters_are_told() -> None:
    """Databases refuse them, in the middle of an import."""
    assert told("a,b\0\nc,d\n") == [(1, [], "nul-byte"), (2, ["c", "d"], "")]


def test_a_huge_row_is_cut_off_and_the_next_one_read() -> None:
    """A file without line ends must not take all memory."""
    huge = "x" * (MAX_CHARACTERS + 10)
    assert told(f"a,b\n{huge}\nc,d\n") == [(1, ["a", "b"], ""), (2, [], "row-too-long"), (3, ["c", "d"], "")]


def test_a_quoted_field_spans_a_bounded_number_of_lines() -> None:
    """Beyond that, a forgotten quote is likelier than a long text."""
    inside = "x\n" * (MAX_LINES - 2)
    assert [one.broken for one in rows(f'"{inside}",b\n')] == [""]
    assert rows('"' + "x\n" * (MAX_LINES + 1))[0].broken == "bad-quotes"


def test_large_quoted_fields_are_read() -> None:
    """Descriptions in HTML are longer than the standard library's limit."""
    (one,) = rows('"' + "x" * 200_000 + '",b\n')
    assert (len(one.cells[0]), one.broken) == (200_000, "")


CELL = st.text(st.sampled_from('ab,;"\n\r \0\u4e2d'), max_size=6)


@settings(max_examples=200, deadline=None)
@given(table=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6), always=st.booleans())
def test_what_a_spreadsheet_writes_is_read_back(table: list[tuple[str, str]], always: bool) -> None:
    """Whatever stands in the cells, quoted where needed or everywhere."""
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL).writerows(table)
    text = written.getvalue()
    read = [tuple(one.cells) for one in rows(text) if one.broken in ("", "nul-byte")]
    assert read == list(table)


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from('ab,"\n\r\0'), max_size=60))
def test_no_text_is_lost_or_read_twice(text: str) -> None:
    """Every line that is not empty belongs to exactly one row, however broken."""
    found = rows(text, width=None)
    numbers = [one.number for one in found]
    assert numbers == sorted(set(numbers))
    full = [number for number, line in enumerate(io.StringIO(text, newline=""), 1) if line.strip("\r\n")]
    assert set(numbers) <= set(full)
    assert (not full) == (not found)


def test_quotes_are_followed_from_line_to_line() -> None:
    """The state at the end of a line says whether the next one belongs to it."""
    assert quotes_after('a,"b\n', ",", is_open=False) == "open"
    assert quotes_after('b""c\n', ",", is_open=True) == "open"
    assert quotes_after('b",c\n', ",", is_open=True) == "closed"
    assert quotes_after('b"c\n', ",", is_open=True) == "bad"


def test_names_of_columns_are_cleaned() -> None:
    """Nobody sees a blank at the end of a header cell, and everybody stumbles over it."""
    assert clean_name("\ufeff收货地址\u00a0 ") == "收货地址"
    header = header_of(["\ufeffid", "zip  code ", "", "id", "id (2)", "column 3"])
    assert header.columns == ("id", "zip code", "column 3", "id (2)", "id (2) (2)", "column 3 (2)")
    assert header.cleaned == ("zip code",)
    assert header.repeated == ("id", "column 3")
