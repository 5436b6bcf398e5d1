"""JSON: arrays of any size, one object a line, lists inside rows."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.connect.importing.records.json_rows import NotJson, array_rows, line_rows
from oms_workflow.connect.importing.records.record import MAX_CHARACTERS, Record
from oms_workflow.connect.importing.records.text_file import Lines


class Drip(io.StringIO):
    """A stream that gives a few characters at a time, so that every border is met."""

    def read(self, size: int | None = -1, /) -> str:
        return super().read(min(size, 3) if size and size > 0 else 3)


def lines(text: str, inside: tuple[str, ...] = ()) -> list[Record]:
    return list(line_rows(Lines(io.StringIO(text, newline="")), inside))


def array(text: str, path: str = "", inside: tuple[str, ...] = ()) -> list[Record]:
    return list(array_rows(Drip(text), path, inside))


def test_objects_become_columns_with_points() -> None:
    """Numbers stay as they are written: nothing is rounded on the way."""
    (one,) = lines('{"id": 1.50, "buyer": {"city": "x", "vip": true}, "tags": [1, "a"], "none": null}')
    assert one.fields == {"id": "1.50", "tags": '["1", "a"]', "none": "", "buyer.city": "x", "buyer.vip": "true"}


def test_lists_that_are_rows_become_rows() -> None:
    """Most interfaces put the items into the order."""
    (one,) = lines('{"id": 1, "items": [{"sku": "a"}, {"sku": "b"}]}', ("items",))
    assert one.parts == {"items": [{"sku": "a"}, {"sku": "b"}]}
    assert "items" not in one.fields


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "no JSON"),
        ("[1]", "expected an object"),
        ('{"a": 1, "a": 2}', "twice"),
        ('{"a": NaN}', "cannot be read"),
        ('{"items": [1]}', "list of objects"),
        ('{"a": [{"b": 1, "b": 2}]}', "twice"),
        ("[" * 100_000, "no JSON"),
        ('{"a":' * 30 + "1" + "}" * 30, "deep"),
    ],
)
def test_a_bad_line_costs_one_row(text: str, why: str) -> None:
    """The lines around it are read, and its text is kept."""
    before, bad, after = lines(f'{{"id": 1}}\n{text}\n\n{{"id": 2}}\n', ("items",))
    assert (before.fields["id"], after.fields["id"], after.number) == ("1", "2", 4)
    assert bad.broken == "not-json"
    assert why in bad.why
    assert bad.text


def test_a_huge_line_is_cut_off() -> None:
    """A file without line ends must not take all memory."""
    bad, good = lines('{"a": "' + "x" * MAX_CHARACTERS + '"}\n{"id": 2}\n')
    assert (bad.broken, good.fields["id"]) == ("row-too-long", "2")


def test_halves_of_characters_and_nul_are_told() -> None:
    """JSON can write what no database takes."""
    assert [one.broken for one in lines('{"a": "\\ud83d"}\n{"a": "\\u0000"}')] == ["mis-encoded", "nul-byte"]


def test_an_array_is_read_piece_by_piece() -> None:
    """At the top, or behind keys; numbers at the edge of a piece are not cut."""
    assert [one.fields for one in array('\ufeff [ {"id": 12345678} , {"id": 2} ] ')] == [
        {"id": "12345678"},
        {"id": "2"},
    ]
    text = '{"page": {"of": [1, {"x": 2}]}, "data": {"n": 1, "orders": [{"id": 1}, 7]}, "rest": 0}'
    first, second = array(text, "data.orders")
    assert (first.fields, second.broken, second.number) == ({"id": "1"}, "not-json", 2)


def test_one_object_is_one_order() -> None:
    """Who tries the product out writes one order, not a list of one."""
    (one,) = array(' {"id": 1, "items": [{"sku": "a"}]}\n', inside=("items",))
    assert (one.number, one.fields, one.parts) == (1, {"id": "1"}, {"items": [{"sku": "a"}]})


@pytest.mark.parametrize(
    ("text", "path", "why"),
    [
        ("", "", "line 1: expected an array"),
        ("1", "", "line 1: expected an array"),
        ('{"a": 1}\n{"a": 2}', "", "line 2: expected nothing behind the object"),
        ('[{"a": 1}]\n[{"a": 2}]', "", "line 2: expected nothing behind the array"),
        ('{"a": [', "", "line 1"),
        ('[\n{"a": 1}\n{"a": 2}]', "", "line 3: expected a comma"),
        ('[{"a": 1},\n', "", "line 2"),
        ('{"a": []}', "b", "there is no key 'b'"),
        ('{"a": {"b": 1}}', "a.b", "expected an array"),
        ("[" + "[" * 100_000, "", "cannot be read"),
    ],
)
def test_an_array_that_ends_is_told_with_its_line(text: str, path: str, why: str) -> None:
    """Half a download must not pass for a whole one."""
    with pytest.raises(NotJson) as problem:
        array(text, path)
    assert why in str(problem.value)


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(st.dictionaries(st.text(max_size=4), VALUE, max_size=4), max_size=4),
    indent=st.sampled_from([None, 2]),
)
def test_both_ways_to_write_rows_are_read_alike(rows: list[dict[str, object]], indent: int | None) -> None:
    """The same objects as an array and one a line are the same rows."""
    as_array = array(json.dumps(rows, indent=indent))
    as_lines = lines("".join(json.dumps(row) + "\n" for row in rows))
    assert [(one.fields, one.broken) for one in as_array] == [(one.fields, one.broken) for one in as_lines]
    assert len(as_array) == len(rows)


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.sampled_from('[]{},:"1a\n \\u\ud800'), max_size=40))
def test_no_text_crashes_the_reader(text: str) -> None:
    """Whatever it is: rows, broken rows, or a file that is no JSON."""
    lines(text, ("a",))
    try:
        array(text, "", ("a",))
    except NotJson as problem:
        assert str(problem).startswith("line ")


def test_damage_inside_a_list_is_damage_of_the_row() -> None:
    """A lost byte in the title of an item must not reach the database."""
    (lost,) = lines('{"id": 1, "items": [{"title": "Jos\udce9"}]}', ("items",))
    (nul,) = lines('{"id": 1, "items": [{"title": "a\\u0000"}]}', ("items",))
    assert (lost.broken, nul.broken) == ("mis-encoded", "nul-byte")
