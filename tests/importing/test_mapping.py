"""A mapping is told everything that is wrong with it at once: where, what, and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from oms_workflow.connect.importing import PLAIN, PLAIN_CSV, parse_mapping, read_mapping
from oms_workflow.connect.importing.mapping.lines import lines_of
from oms_workflow.errors import Diagnostic, DiagramRefused

from .reading import FLAT, TABLES

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "imports").glob("*.toml"))


def found(text: str) -> list[Diagnostic]:
    """Give the findings about a mapping."""
    with pytest.raises(DiagramRefused) as refused:
        parse_mapping(text)
    return list(refused.value.diagnostics)


def only(text: str) -> Diagnostic:
    """Give the only finding about a mapping."""
    (finding,) = found(text)
    return finding


@pytest.mark.parametrize("path", [*EXAMPLES, PLAIN, PLAIN_CSV], ids=lambda path: path.name)
def test_the_mappings_that_come_with_the_product_are_sound(path: Path) -> None:
    """What people copy from must work."""
    assert read_mapping(path).shape.title


def test_a_misspelt_key_is_placed_and_corrected() -> None:
    """The analyst can repair the mapping from the message alone."""
    said = str(only(FLAT.replace("time_zone", "time_zon")))
    assert said.startswith("mapping.toml:5: mapping-key at 'time_zon'")
    assert "Did you mean 'time_zone'?" in said


def test_all_mistakes_are_told_at_once() -> None:
    """One run, one list: nobody mends a mapping mistake by mistake."""
    broken = FLAT.replace('"CNY"', '"CNX"').replace("Asia/Shanghai", "Asia/Shangai").replace("sku =", "skuu =")
    assert [(one.line, one.element) for one in found(broken)] == [
        (3, "currency"),
        (5, "time_zone"),
        (17, "lines"),
        (18, "lines.skuu"),
    ]


@pytest.mark.parametrize(
    ("change", "element", "said"),
    [
        (('sku = "sku"', 'sku = { colum = "sku" }'), "lines.sku.colum", "Did you mean 'column'?"),
        (('sku = "sku"', 'sku = { column = "a", value = 1 }'), "lines.sku", "found column and value"),
        (('sku = "sku"', 'sku = { feel = "1 +" }'), "lines.sku", "This is no FEEL"),
        (('sku = "sku"', 'sku = { column = "a", table = "t" }'), "lines.sku", "There is no table 't'"),
        (('sku = "sku"', 'sku = { column = "a", clean = ["trm"] }'), "lines.sku.clean[0]", "collapse_blanks"),
        (('sku = "sku"', 'sku = { column = "a", times = "iso" }'), "lines.sku.times", "means nothing"),
        (('placed_at = "placed"', 'placed_at = { column = "p", times = "%d/%m" }'), "order.placed_at.times[0]", "year"),
        (('channel = "shop"', 'channel = "The Shop"'), "channel", "lower-case word"),
        (('country = "CN"', 'country = "China"'), "country", "two capital letters"),
        (('[files.orders]\nkey = "id"', "[files.orders]"), "files.orders", "needs `key`"),
        (("unit_price", "discount"), "lines", "'unit_price' or 'amount'"),
        (('external_id = "id"\n', ""), "order", "'external_id' or 'number'"),
        (('quantity = "pieces"', 'amount = "x"'), "lines.amount", "Leave one of them away"),
    ],
)
def test_each_mistake_has_its_place(change: tuple[str, str], element: str, said: str) -> None:
    """A key path, a sentence, a fix."""
    assert change[0] in FLAT
    finding = only(FLAT.replace(*change))
    assert finding.element == element
    assert said in f"{finding.message} {finding.fix}"
    assert finding.line is not None


@pytest.mark.parametrize(
    ("more", "element", "said"),
    [
        ('[checks]\nno-itms = "warn"', "checks.no-itms", "Did you mean 'no-items'?"),
        ('[checks]\nno-items = "warn"', "checks.no-items", "allowed: quarantine"),
        ('[checks]\nbad-city = "mend"', "checks.bad-city", "quarantine"),
        ('[[skip]]\nwhen = "a ="\nreason = "x"', "skip[0].when", "This is no FEEL"),
        ('[files.more]\nrows_of = "order"\nby = "id"', "files.more.rows_of", "Did you mean 'orders'?"),
        ('[files.more]\nrows_of = "orders"', "files.more", "`by` names 0 columns"),
        ('[files.more]\nkey = "id"', "files", "exactly one file of orders"),
        ('[files.more]\nlooked_up_by = "orders.x"', "files.more", "`key` names 0 columns"),
        ('[files.more]\nlooked_up_by = "more.x"\nkey = "k"', "files.more.looked_up_by", "hangs on itself"),
        ('[files.more]\ninside = "orders"', "files.more", "`path` is needed"),
        ('[files.more]\nrows_of = "orders"\nby = "id"\nencoding = "utf8-x"', "files.more.encoding", "no encoding"),
        ("[numbers]\ndecimal = '.'\nthousands = '.'", "numbers", "are equal"),
        ('[history.times]\na = "x"\n[history.expects]\ndone = "b"', "history.expects.done", "There is no step 'b'"),
        ('[payments]\namount = "x"\ntolerance = "-1"', "payments.tolerance", "at least 0"),
        ('[stock]\nwarehouse = "x"\nsame_region = { cost = "cheap" }', "stock.same_region.cost", "at least 0"),
        ('[stock]\nfrom = "shelves"\nwarehouse = "x"\nsku = "s"\nquantity = "q"', "stock.from", "stands_alone"),
        ('[tables.t]\n"São Paulo" = "a"\n"sao paulo" = "b"', "", ""),
    ],
)
def test_mistakes_between_tables_are_found(more: str, element: str, said: str) -> None:
    """Each part may be sound alone and wrong together."""
    if not element:  # a table that nobody uses is not looked at
        assert parse_mapping(f"{FLAT}\n{more}")
        return
    finding = only(f"{FLAT}\n{more}")
    assert finding.element == element
    assert said in f"{finding.message} {finding.fix}"


def test_a_table_with_two_meanings_for_one_word_is_refused() -> None:
    """Values are compared without case and accents, so the table has to be unambiguous that way."""
    text = FLAT.replace('sku = "sku"', 'sku = { column = "sku", table = "t" }') + '[tables.t]\n"Ção" = "a"\ncao = "b"'
    assert only(text).element == "tables.t.cao"


def test_a_column_of_several_rows_is_no_value() -> None:
    """An order has many items: one of their columns is a list, not a value."""
    said = only(TABLES.replace('placed_at = "placed"', 'placed_at = "placed"\nfreight = "items.price"'))
    assert "sum(items.price)" in said.fix


@pytest.mark.parametrize(
    ("text", "line"), [('a = "1"\nx = ', 2), ('a = "1"\na = "2"', 2), ("\n\n\0", 3)], ids=["open", "twice", "nul"]
)
def test_what_is_no_toml_is_told_with_its_line(text: str, line: int) -> None:
    """A mapping is written by hand; a missing quote is the commonest mistake."""
    finding = only(text)
    assert (finding.code, finding.line) == ("mapping-not-toml", line)


def test_a_hostile_mapping_is_refused() -> None:
    """Brackets inside brackets must not end in a crash of the reader."""
    assert only("x = " + "[" * 5000).code == "mapping-not-toml"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """As are files in another encoding, and those nobody wrote by hand."""
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'title = "Pre\xe7o"')
    large = tmp_path / "large.toml"
    large.write_text("#" * 300_000)
    for path in (tmp_path / "none.toml", latin, large):
        with pytest.raises(DiagramRefused, match="mapping-unreadable"):
            read_mapping(path)


def test_lines_of_keys_are_known_through_all_of_toml() -> None:
    """Texts of several lines, arrays of tables, dotted and quoted keys."""
    text = (
        '# c\na = "x"\n[t]\nlong = """\n[not.a.table]\nb = 1\n"""\nafter = 1\n'
        "[[s]]\nw = 1\n[[s]]\nw = 2\n[s.more]\nz=1\n"
        '["q d"]\n"S.P" = { a = [1,\n 2] }\nlast.x = 1\n'
    )
    lines = lines_of(text)
    assert lines["a",] == 2
    assert lines["t", "after"] == 8
    assert (lines["s", 0, "w"], lines["s", 1, "w"], lines["s", 1, "more", "z"]) == (10, 12, 14)
    assert (lines["q d", "S.P"], lines["q d", "last", "x"]) == (16, 18)
    assert ("not", "a", "table") not in lines
