"""Encodings: every byte is kept, and what does not belong is found row by row."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_workflow.connect.importing.records.reading import Layout, NoHeader, read_header, read_rows
from oms_workflow.connect.importing.records.record import Record
from oms_workflow.connect.importing.records.text_file import encoding_of, guess_encoding, is_encoding, show_lost


def read(path: Path, encoding: str) -> list[Record]:
    layout = Layout(format="csv", encoding=encoding_of(path, encoding))
    return list(read_rows(path, layout, read_header(path, layout)))


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("姓名,b\n张三,2\n".encode(), "utf-8"),
        (codecs.BOM_UTF8 + "姓名,b\n张三,2\n".encode(), "utf-8"),
        ("姓名,b\n张三,2\n".encode("utf-16"), "utf-8"),  # the mark goes before the mapping
        ("姓名,b\n张三,2\n".encode("utf-16-le"), "utf-16-le"),
        ("b,姓名\n2,张三\n".encode("utf-16-be"), "utf-16"),  # without a mark
        ("姓名,b\n张三,2\n".encode("utf-32"), "utf-8"),
        ("姓名,b\n张三,2\n".encode("gb18030"), "gb18030"),
        ("姓名,b\n张三,2\n".encode("gbk"), "gbk"),
        ("姓名,b\n張三,2\n".encode("big5"), "big5"),
    ],
)
def test_files_of_every_usual_encoding_are_read(tmp_path: Path, content: bytes, encoding: str) -> None:
    """With a byte order mark or without."""
    (path := tmp_path / "x.csv").write_bytes(content)
    (row,) = read(path, encoding)
    assert row.fields in ({"姓名": "张三", "b": "2"}, {"姓名": "張三", "b": "2"})


@pytest.mark.parametrize(
    ("bad", "encoding"),
    [
        ("José".encode("latin-1"), "utf-8"),
        (b"\xff\xff", "gb18030"),
        (b"\x81", "gb18030"),
    ],
)
def test_bytes_of_another_encoding_cost_their_row(tmp_path: Path, bad: bytes, encoding: str) -> None:
    """The row and the column are named, and the rows around it are read."""
    (path := tmp_path / "x.csv").write_bytes(b"a,b\n1,2\n" + bad + b",2\n3,4\n")
    before, row, after = read(path, encoding)
    assert (before.broken, row.broken, after.broken) == ("", "mis-encoded", "")
    assert row.number == 3
    assert "'a'" in row.why


def test_half_a_character_at_the_end_of_a_file_costs_its_row(tmp_path: Path) -> None:
    """A file that was cut off in the middle of a character."""
    (path := tmp_path / "x.csv").write_bytes("a,b\n1,2\n3,4x".encode("utf-16-le")[:-1])
    assert [row.broken for row in read(path, "utf-16-le")] == ["", "mis-encoded"]


def test_a_header_in_another_encoding_is_told(tmp_path: Path) -> None:
    """Before any row is read: no column would be found."""
    (path := tmp_path / "x.csv").write_bytes("姓名,b\n".encode("gb18030"))
    with pytest.raises(NoHeader, match="not utf-8"):
        read(path, "utf-8")
    assert guess_encoding(path) == "gb18030"


def test_an_encoding_is_guessed_for_the_advice(tmp_path: Path) -> None:
    """Nothing is read by a guess; it is only told."""
    path = tmp_path / "x.csv"
    for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
        path.write_bytes("编号,城市\n1,上海\n".encode(encoding))
        assert guess_encoding(path) == encoding
    path.write_bytes(b"\xff\xff\x81")
    assert guess_encoding(path) == ""


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "gb18030", "utf-16-be", "cp1252"])
def test_usual_encodings_are_known(name: str) -> None:
    """In any spelling Python knows."""
    assert is_encoding(name)


@pytest.mark.parametrize("name", ["utf-9", "rot13", "base64", "idna", "unicode_escape"])
def test_what_is_no_encoding_of_files_is_refused(name: str) -> None:
    """Python knows many codecs that are none."""
    assert not is_encoding(name)


def test_an_empty_file_has_no_columns(tmp_path: Path) -> None:
    """It is told as such."""
    (path := tmp_path / "x.csv").write_bytes(b"\n\r\n")
    with pytest.raises(NoHeader, match="empty"):
        read(path, "utf-8")


def test_lost_bytes_can_be_written_down() -> None:
    """They stay recognisable as lost, so that an unmended row is not taken for a mended one."""
    assert show_lost("Jos\udce9!") == "Jos\N{REPLACEMENT CHARACTER}\\xE9!"


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=80), encoding=st.sampled_from(["utf-8", "gb18030", "utf-16", "big5", "utf-32"]))
def test_no_bytes_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes, encoding: str) -> None:
    """Whatever a file holds, there are rows, broken rows, or no header."""
    path = tmp_path_factory.mktemp("bytes") / "x.csv"
    path.write_bytes(b"a,b\n" + content if encoding in ("utf-8", "gb18030") else content)
    try:
        read(path, encoding)
    except NoHeader as problem:
        assert str(problem)
