"""Every row ends up in exactly one result, whatever stands in the files, and no file crashes the reading."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.connect.importing import OrderReading, Place, Result, parse_mapping, plain_mapping, read_orders
from oms_workflow.errors import DiagramRefused

from .reading import AT, FLAT, GOOD, HEAD, TABLES, row, write

KEYS = st.sampled_from(["1", "2", "3", "", " 1", "a b", "9"])
CELLS = st.one_of(st.sampled_from(["", "10.00", "x", "-1", "TEA", '"', "2026-11-11 18:00:00", "\udce9"]), st.text())
ORDER_ROWS = st.lists(st.tuples(KEYS, CELLS), max_size=6)
PART_ROWS = st.lists(st.tuples(KEYS, st.sampled_from(["1", "2", ""]), CELLS, CELLS), max_size=8)


def table(header: str, rows: Sequence[Sequence[str]]) -> str:
    """Write rows as people's programs do."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return f"{header}\n{text.getvalue()}"


def account(reading: OrderReading) -> tuple[list[Result], Counter[Place]]:
    """Read everything, and count how often each row is in a result."""
    results = list(reading)
    return results, Counter(place for result in results for place in result.places)


def check(reading: OrderReading) -> None:
    """Assert that nothing is lost and nothing is there twice."""
    _, places = account(reading)
    counts = reading.counts
    assert max(places.values(), default=1) == 1
    told = counts.accepted_rows + counts.duplicate_rows + counts.skipped_rows + counts.quarantined_rows
    assert told + counts.reference_rows == counts.rows
    assert told == len({(place.file, place.row) for place in places if not place.part})


@settings(max_examples=60, deadline=None)
@given(ORDER_ROWS, PART_ROWS, PART_ROWS)
def test_every_row_of_three_files_is_accounted_for(
    orders: list[tuple[str, str]], items: list[tuple[str, str, str, str]], payments: list[tuple[str, str, str, str]]
) -> None:
    """accepted + duplicate + left out + kept aside is what was read."""
    files = {
        "orders.csv": table("id,placed", orders).encode("utf-8", "surrogateescape"),
        "items.csv": table("order,item,sku,price", items).encode("utf-8", "surrogateescape"),
        "payments.csv": table("order,number,method,amount", payments).encode("utf-8", "surrogateescape"),
    }
    with TemporaryDirectory() as folder:
        check(read_orders(parse_mapping(TABLES), write(Path(folder), dict(files)), at=AT))


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["orders.csv", "orders.json", "orders.jsonl"]))
def test_random_bytes_never_crash(content: bytes, name: str) -> None:
    """A file is refused as a whole, with its reason, or each of its rows has its own."""
    with TemporaryDirectory() as folder:
        paths = write(Path(folder), {name: content})
        try:
            check(read_orders(plain_mapping(paths), paths, at=AT))
        except DiagramRefused as refused:
            assert all(one.file and one.message for one in refused.diagnostics)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(st.just(GOOD.encode()), st.binary(max_size=60)), max_size=6))
def test_broken_lines_between_good_ones_are_accounted_for(lines: list[bytes]) -> None:
    """A quote that is never closed, half a character, too many fields: each costs its own row at most."""
    with TemporaryDirectory() as folder:
        content = HEAD.encode() + b"\n".join(lines)
        check(read_orders(parse_mapping(FLAT), write(Path(folder), {"orders.csv": content}), at=AT))


def test_reading_again_gives_the_same(tmp_path: Path) -> None:
    """An import that broke off goes on by reading once more."""
    rows = "".join(row(id=str(number)) for number in range(30)) + row(id="x", price="?")
    reading = read_orders(parse_mapping(FLAT), write(tmp_path, {"orders.csv": HEAD + rows}), at=AT)
    assert list(reading) == list(reading)


def test_progress_is_told_and_never_goes_back(tmp_path: Path) -> None:
    """Who waits sees that something happens."""
    rows = "".join(row(id=str(number)) for number in range(1500))
    reading = read_orders(parse_mapping(FLAT), write(tmp_path, {"orders.csv": HEAD + rows}), at=AT)
    told: list[tuple[int, int]] = []
    reading.on_progress = lambda far: told.append((far.rows, far.orders))
    assert len(list(reading)) == 1500
    assert told == sorted(told)
    assert told[-1] == (1500, 1500)
