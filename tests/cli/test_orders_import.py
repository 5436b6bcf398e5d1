"""`oms orders import`: every bad file has its place, its reason and its exit code; good orders come in once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from oms_workflow.cli.language import catalogue
from oms_workflow.cli.main import run
from oms_workflow.connect.importing import CHECKS
from oms_workflow.settings import settings
from tests.importing.reading import FLAT, GOOD, HEAD, row, write

ORDER: dict[str, Any] = {
    "number": "A-1",
    "placed_at": "2026-03-02T10:00:00+08:00",
    "currency": "CNY",
    "name": "王小明",
    "phone": "13800138000",
    "region": "浙江",
    "city": "杭州市",
    "street": "文三路1号",
    "lines": [{"oid": "A-1-1", "sku": "TEA", "quantity": 2, "unit_price": "10.00"}],
}

Said = tuple[int, str, str]
Oms = Callable[..., Said]


@pytest.fixture
def oms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Oms]:
    """Runs a command in a house of its own; gives exit code, output and errors."""
    monkeypatch.setenv("OMS_HOME", str(tmp_path / "house"))
    monkeypatch.setenv("OMS_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("OMS_DATABASE", raising=False)

    def told(*arguments: object) -> Said:
        settings.cache_clear()
        code = run(["orders", "import", *map(str, arguments)])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    yield told
    settings.cache_clear()


def stored(tmp_path: Path) -> int:
    """Count the orders of the house."""
    with sqlite3.connect(tmp_path / "house" / "oms.db") as connection:
        (many,) = connection.execute("SELECT COUNT(*) FROM orders").fetchone()
    connection.close()
    return int(many)


def orders_file(folder: Path, *orders: Any, name: str = "orders.json") -> Path:
    """Write orders in the house's own names."""
    return write(folder, {name: json.dumps(orders, ensure_ascii=False)})[0]


def test_good_orders_come_in_once(oms: Oms, tmp_path: Path) -> None:
    """And it says what to type next, because nothing runs by itself."""
    path = orders_file(tmp_path, ORDER, ORDER | {"number": "A-2", "lines": [ORDER["lines"][0] | {"oid": "A-2-1"}]})
    code, out, _ = oms(path)
    assert code == 0
    assert "2 new" in out
    assert "oms up" in out
    code, out, _ = oms(path)
    assert code == 0
    assert "2 known, unchanged" in out
    assert "nothing was done" in out
    assert stored(tmp_path) == 2


def test_machines_get_one_document(oms: Oms, tmp_path: Path) -> None:
    """With ids, counts, reasons and the file to mend."""
    code, out, _ = oms(orders_file(tmp_path, ORDER, ORDER | {"number": "A 2"}), "--json")
    told = json.loads(out)
    assert code == 1
    assert told["order_ids"] == ["import:A-1"]
    assert (told["orders"]["new"], told["orders"]["kept_aside"]) == (1, 1)
    assert told["by_code"]["bad-id"] == 1
    assert {"code": "bad-id", "place": "orders.json:2", "column": "number"}.items() <= told["reasons"][0].items()
    assert Path(told["quarantine"]).is_file()
    assert told["rows"]["read"] == 2


def test_what_is_kept_aside_is_placed_and_can_be_mended(oms: Oms, tmp_path: Path) -> None:
    """The command to type after mending stands there."""
    (mapping,) = write(tmp_path, {"shop.toml": FLAT})
    (path,) = write(tmp_path, {"orders.csv": HEAD + GOOD + row(id="2", price="-1")})
    code, out, _ = oms(path, "--mapping", mapping)
    assert code == 1
    assert "orders.csv:3: negative-amount (price)" in out
    kept = tmp_path / "orders.quarantine.csv"
    assert f"oms orders import {kept} --mapping {mapping}" in out.replace("\n", " ").replace("  ", " ")
    kept.write_text(kept.read_text(encoding="utf-8").replace(",-1", ",1.00"), encoding="utf-8")
    code, out, _ = oms(kept, "--mapping", mapping)
    assert code == 0
    assert stored(tmp_path) == 2


BAD_ORDERS: dict[str, tuple[dict[str, Any], str]] = {
    "a wrong type": ({"lines": [{"sku": "TEA", "quantity": "many", "unit_price": "1"}]}, "bad-number (quantity)"),
    "a list for a text": ({"number": ["A-1"]}, "bad-value: expected a text or a number, found a list"),
    "an object for a list": ({"lines": {"sku": "TEA"}}, "no-items"),
    "a negative price": ({"lines": [{"sku": "T", "quantity": 1, "unit_price": -1}]}, "negative-amount (unit_price)"),
    "nothing ordered": ({"lines": []}, "no-items"),
    "an impossible time": ({"placed_at": "2026-02-30"}, "bad-date (placed_at)"),
    "lines of one id": ({"lines": [ORDER["lines"][0]] * 2}, "impossible-order"),
    "more given back than paid": ({"paid": "20.00", "refunded": "30.00"}, "refund-exceeds-paid"),
}


@pytest.mark.parametrize("change", BAD_ORDERS.values(), ids=BAD_ORDERS)
def test_a_bad_order_is_placed_and_named(oms: Oms, tmp_path: Path, change: tuple[dict[str, Any], str]) -> None:
    """The good one beside it comes in."""
    bad, said = change
    good = ORDER | {"number": "B-1", "lines": [ORDER["lines"][0] | {"oid": "B-1-1"}]}
    code, out, _ = oms(orders_file(tmp_path, ORDER | bad, good))
    assert code == 1
    assert any("orders.json:1" in line and said in line for line in out.splitlines()), out
    assert stored(tmp_path) == 1


def test_contradicting_orders_of_one_number_are_placed(oms: Oms, tmp_path: Path) -> None:
    """Both places are told, and none of them comes in."""
    code, out, _ = oms(orders_file(tmp_path, ORDER, ORDER | {"freight": "5.00"}))
    assert code == 1
    assert "duplicate-external-id" in out
    assert "orders.json:1, orders.json:2" in out
    assert stored(tmp_path) == 0


def test_the_same_order_twice_is_one(oms: Oms, tmp_path: Path) -> None:
    """A repetition is nothing bad."""
    code, out, _ = oms(orders_file(tmp_path, ORDER, ORDER))
    assert (code, stored(tmp_path)) == (0, 1)
    assert "1 repeated" in out


BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "truncated": ("orders.json", b'[{"number": "A-1",', "orders.json: file-not-json"),
    "no JSON at all": ("orders.json", b"number;placed_at", "line 1"),
    "garbage behind": ("orders.json", b"[]\n[]", "line 2"),
    "empty": ("orders.csv", b"", "orders.csv:1: file-header"),
    "a header in another encoding": ("orders.csv", "编号,金额\n".encode("gb18030"), 'encoding = "gb18030"'),
    "a column that is missing": ("orders.csv", b"numer,sku\n1,TEA\n", "Did you mean 'numer'?"),
    "binary": ("orders.csv", bytes(range(256)), "orders.csv:1"),
}


@pytest.mark.parametrize("bad", BAD_FILES.values(), ids=BAD_FILES)
def test_an_unusable_file_is_refused_as_a_whole(oms: Oms, tmp_path: Path, bad: tuple[str, bytes, str]) -> None:
    """With its place, and before anything is stored."""
    name, content, said = bad
    code, _, errors = oms(*write(tmp_path, {name: content}))
    assert code == 2
    assert said in errors


def test_a_missing_file_is_named(oms: Oms, tmp_path: Path) -> None:
    """As it was typed."""
    code, _, errors = oms(tmp_path / "nowhere.json")
    assert code == 2
    assert "nowhere.json" in errors
    assert "No such file" in errors


def test_bytes_of_another_encoding_cost_their_row(oms: Oms, tmp_path: Path) -> None:
    """Named with its line and column; the others come in."""
    (mapping,) = write(tmp_path, {"shop.toml": FLAT})
    content = (HEAD + GOOD).encode() + row(id="2", name="José").encode("latin-1", "replace")
    code, out, _ = oms(*write(tmp_path, {"orders.csv": content}), "--mapping", mapping)
    assert code == 1
    assert "orders.csv:3: mis-encoded" in out
    assert stored(tmp_path) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "mapping-unreadable"),
        ("channel = ", "mapping-not-toml"),
        (FLAT.replace("sku =", "skuu ="), "shop.toml:18: mapping-unknown-field at 'lines.skuu'"),
    ],
)
def test_an_unusable_mapping_is_refused_with_its_line(oms: Oms, tmp_path: Path, text: str | None, said: str) -> None:
    """Every mistake at once, with a fix."""
    mapping = tmp_path / "shop.toml"
    if text is not None:
        write(tmp_path, {"shop.toml": text})
    code, _, errors = oms(*write(tmp_path, {"orders.csv": HEAD + GOOD}), "--mapping", mapping)
    assert code == 2
    assert said in errors


def test_findings_come_as_json_too(oms: Oms, tmp_path: Path) -> None:
    """A program can point at the line."""
    code, out, _ = oms(*write(tmp_path, {"orders.json": "[{]"}), "--json")
    told = json.loads(out)
    assert (code, told["error"]) == (2, "import-refused")
    assert told["findings"][0]["code"] == "file-not-json"


def test_reject_everything_stores_nothing(oms: Oms, tmp_path: Path) -> None:
    """The policy may be written with dashes."""
    path = orders_file(tmp_path, ORDER, ORDER | {"number": "A 2"})
    code, out, _ = oms(path, "--policy", "reject-everything")
    assert code == 1
    assert "Nothing was stored" in out
    assert stored(tmp_path) == 0


def test_an_unknown_policy_is_refused_with_those_there_are(oms: Oms, tmp_path: Path) -> None:
    """Before any file is opened."""
    code, _, errors = oms(orders_file(tmp_path, ORDER), "--policy", "maybe")
    assert code == 2
    assert "ignore_failed" in errors


def test_a_dry_run_stores_and_writes_nothing(oms: Oms, tmp_path: Path) -> None:
    """But tells what would be kept aside."""
    path = orders_file(tmp_path, ORDER, ORDER | {"number": "A 2"})
    code, out, _ = oms(path, "--dry-run")
    assert code == 1
    assert "orders.json:2: bad-id" in out
    assert not (tmp_path / "house" / "oms.db").exists()
    assert not (tmp_path / "orders.quarantine.jsonl").exists()


def test_opening_stock_is_put_on_the_shelves_once(oms: Oms, tmp_path: Path) -> None:
    """As many pieces as the orders want; the policy does not make it another import."""
    path = orders_file(tmp_path, ORDER)
    _, first, _ = oms(path, "--opening-stock")
    assert "2 pieces" in first
    oms(path, "--opening-stock", "--policy", "ignore_failed")
    with sqlite3.connect(tmp_path / "house" / "oms.db") as connection:
        found = connection.execute("SELECT warehouse, sku, on_hand FROM stock_balances").fetchall()
    connection.close()
    assert found == [("MAIN", "TEA", 2)]


def test_opening_stock_needs_a_mapping_that_has_it(oms: Oms, tmp_path: Path) -> None:
    """Nothing is invented, and nothing is stored."""
    (mapping,) = write(tmp_path, {"shop.toml": FLAT})
    (path,) = write(tmp_path, {"orders.csv": HEAD + GOOD})
    code, _, errors = oms(path, "--mapping", mapping, "--opening-stock")
    assert code == 2
    assert "[stock]" in errors


def test_a_place_that_cannot_be_written_is_told_first(oms: Oms, tmp_path: Path) -> None:
    """Not after half of the orders are in."""
    code, _, errors = oms(orders_file(tmp_path, ORDER), "--quarantine", tmp_path / "no" / "where.csv")
    assert code == 2
    assert "where.csv" in errors
    assert not (tmp_path / "house").exists()


def test_a_database_that_does_not_answer_is_told(oms: Oms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 3: doing it again may help."""
    monkeypatch.setenv("OMS_DATABASE", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    code, _, errors = oms(orders_file(tmp_path, ORDER))
    assert code == 3
    assert errors


def test_it_speaks_chinese(oms: Oms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the terminal does."""
    monkeypatch.setenv("OMS_LANGUAGE", "zh")
    _, out, _ = oms(orders_file(tmp_path, ORDER))
    assert "新增 1" in out


def test_every_finding_has_words_in_both_languages() -> None:
    """Shop staff read Chinese; the English words are those of the reference page."""
    for code, check in CHECKS.items():
        assert catalogue("en")[f"orders.import.check.{code}"] == check.says
        assert catalogue("zh")[f"orders.import.check.{code}"]
