"""`oms simulate day`: what a manager sees before a sourcing table is deployed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import Oms

SMALL = ("--orders", 120, "--warehouses", 3, "--skus", 40, "--minutes", 60)
TABLE = Path(__file__).resolve().parents[2] / "processes" / "decisions" / "sourcing_policy.dmn"


def timeless(document: Any) -> Any:
    for one in document["policies"]:
        one.pop("seconds")
    return document


async def test_a_day_is_told_for_each_policy_and_comes_out_the_same(oms: Oms) -> None:
    told = timeless(await oms.document("simulate day", *SMALL))
    assert [one["policy"] for one in told["policies"]] == ["greedy", "rules", "optimiser"]
    assert all(one["orders"] == 120 for one in told["policies"])
    assert told == timeless(await oms.document("simulate day", *SMALL))


def test_people_see_tables(oms: Oms, monkeypatch: pytest.MonkeyPatch) -> None:
    said = oms("simulate", "day", *SMALL)
    assert said.code == 0
    assert "optimiser" in said.out and "same in every run" in said.out.replace("\n", " ")
    assert "120 of 120 orders" in said.err
    monkeypatch.setenv("OMS_LANGUAGE", "zh")
    assert "优化器" in oms("simulate", "day", *SMALL).out


async def test_drafts_of_the_table_are_compared(oms: Oms, tmp_path: Path) -> None:
    """The draft lets a VIP wait for its one warehouse: what changes is the draft's row, and no other."""
    draft = tmp_path / "draft.dmn"
    text = TABLE.read_text(encoding="utf-8")
    draft.write_text(text.replace("<text>3</text>", "<text>1</text>"), encoding="utf-8")
    told = await oms.document("simulate day", *SMALL, "--policy", TABLE, "--policy", draft)
    rows = {one["policy"]: one for one in told["policies"]}
    assert list(rows) == ["greedy", "rules sourcing_policy", "optimiser sourcing_policy", "rules draft",
                          "optimiser draft"]  # fmt: skip
    assert rows["rules draft"]["split"] < rows["rules sourcing_policy"]["split"]


def test_a_file_without_the_decision_is_refused(oms: Oms, tmp_path: Path) -> None:
    other = TABLE.parent / "shortage.dmn"
    said = oms("simulate", "day", *SMALL, "--policy", other)
    assert said.code == 2 and "sourcing_policy" in said.err
    assert oms("simulate", "day", *SMALL, "--policy", tmp_path / "none.dmn").code == 2
