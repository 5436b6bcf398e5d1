"""Cartons on the command line: kept, measured one by one or from a file, and packed on trial."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.store.shop import Shop

from .conftest import Oms

SIZES = """sku,length_mm,width_mm,height_mm,weight_grams,ships_alone
TEA,120,80,60,250,
POT,250,200,180,,yes
CUP,0,80,90,,
JUG,90,x,90,-3,perhaps
CAN,70,70,110,,
CAN,70,70,120,,
,1,1,1,,
"""


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


async def test_cartons_are_added_listed_and_dropped(oms: Oms, shop: Shop) -> None:
    await oms.document("cartons add", "HZ", "M", "300x200x150", "--holds", 8000, "--own", 180, "--cost", "1.40")
    added = await oms.document("cartons add", "HZ", "S", "200×150×100", "--holds", 3000)
    listed = await oms.document("cartons list")
    assert [one["carton"] for one in listed["cartons"]] == ["S", "M"]
    assert listed["cartons"][0] == added
    assert listed["cartons"][1]["outer"] == "308x208x158"
    assert (await oms.document("cartons drop", "HZ", "S"))["dropped"]
    assert (await oms.inside("cartons", "drop", "HZ", "S")).code == 1


@pytest.mark.parametrize("size", ["300x200", "300x200x0", "axbxc", "6000x1x1"])
async def test_a_size_that_is_none_is_refused_with_one_that_is(oms: Oms, shop: Shop, size: str) -> None:
    said = await oms.inside("cartons", "add", "HZ", "M", size, "--holds", 10)
    assert said.code == 2
    assert "300x200x150" in said.err


async def test_goods_are_packed_on_trial(oms: Oms, shop: Shop) -> None:
    await oms.document("cartons add", "HZ", "S", "200x150x100", "--holds", 3000, "--own", 90)
    await oms.document("cartons measure", "TEA", "120x80x60", "--grams", 250)
    await oms.document("cartons measure", "POT", "400x300x300", "--alone")

    told = await oms.document("cartons plan", "HZ", "TEA=3", "POT=1")

    assert [(one["carton"], one["gross_grams"]) for one in told["parcels"]] == [(None, 0), ("S", 840)]
    assert told["is_fewest"]
    unknown = await oms.inside("cartons", "plan", "HZ", "TEA=3", "CUP=1")
    assert (unknown.code, "CUP" in unknown.err) == (2, True)


async def test_bad_rows_of_a_file_are_kept_aside_with_reasons(oms: Oms, shop: Shop, tmp_path: Path) -> None:
    """What could be used is in; what could not is in a file that can be mended and read again."""
    file = written(tmp_path / "sizes.csv", SIZES)

    said = await oms.inside("cartons", "import", file, "--json")

    assert said.code == 1
    assert said.json["rows"] == 2
    assert [row["line"] for row in said.json["kept_aside"]] == [4, 5, 6, 7, 8]
    assert [one["sku"] for one in (await oms.document("cartons measured"))["goods"]] == ["POT", "TEA"]
    aside = Path(said.json["quarantine"])
    rows = rows_of(aside)
    assert [row["sku"] for row in rows] == ["CUP", "JUG", "CAN", "CAN", ""]
    assert "width_mm: expected a whole number" in rows[1]["reasons"]
    assert "ships_alone: expected yes or no" in rows[1]["reasons"]
    assert "rows 6, 7" in rows[2]["reasons"]

    written(aside, ",".join(rows[0]) + "\nJUG,90,90,90,,,mended\n")
    assert (await oms.document("cartons import", aside))["rows"] == 1


async def test_a_file_of_another_kind_is_refused_before_anything_is_stored(
    oms: Oms, shop: Shop, tmp_path: Path
) -> None:
    written(tmp_path / "a.csv", "sku,length\nTEA,1\n")
    written(tmp_path / "b.csv", b"\x00\xff\xfe\x80sku")
    answers = [await oms.inside("cartons", "import", tmp_path / name) for name in ("a.csv", "b.csv", "none.csv")]
    assert [one.code for one in answers] == [2, 2, 2]
    assert "length_mm" in answers[0].err


async def test_what_is_forgotten_is_gone(oms: Oms, shop: Shop) -> None:
    await oms.document("cartons measure", "TEA", "1x1x1")
    assert (await oms.document("cartons forget", "TEA"))["forgotten"]
    assert (await oms.inside("cartons", "forget", "TEA")).code == 1
    assert (await oms.inside("cartons", "measured")).code == 0
