"""Tables on narrow screens: nothing is cut off, and numbers are folded last."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from oms_workflow.cli import screen

TITLES = ["Warehouse", "Captured#", "Refunded#"]
ROWS = [["Hangzhou second warehouse", "1620000.50 CNY", "1300000.00 CNY"], ["Kunming", None, "0.00 CNY"]]


def printed(monkeypatch: pytest.MonkeyPatch, width: int) -> list[str]:
    paper = StringIO()
    monkeypatch.setattr(screen, "out", Console(file=paper, width=width, highlight=False))
    screen.as_table(TITLES, ROWS)
    return paper.getvalue().splitlines()


def test_words_are_folded_before_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = printed(monkeypatch, 44)

    assert any("1620000.50 CNY  1300000.00 CNY" in line for line in lines)
    assert len(lines) > 3, "the long name takes lines more"


def test_no_column_vanishes_where_numbers_leave_no_room_for_words(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = printed(monkeypatch, 24)

    together = "".join("".join(line[:8] for line in lines).split())
    assert "Kunming" in together
    assert all(len(line) <= 24 for line in lines)
