"""The page on the dialect says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from oms_workflow.bpmn import support
from oms_workflow.diagrams.calendars import read_calendar
from oms_workflow.diagrams.dialect.settings import RESERVED

PAGE = (Path(__file__).parents[2] / "docs" / "dialect.md").read_text(encoding="utf-8")


def test_every_reserved_key_is_explained():
    """A key that acts without being written down surprises people."""
    section = PAGE.partition("## Reserved keys")[2].partition("\n## ")[0]
    explained = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))

    assert explained == RESERVED


def test_every_executed_extension_is_named():
    """Analysts look here for what they may use."""
    for row in support.rows()["Elements of the zeebe dialect"]:
        if row.standing is support.Standing.EXECUTED and row.subject not in (
            "zeebe:header",
            "zeebe:property",
            "zeebe:userTask",
        ):
            assert f"`{row.subject}" in PAGE, row.subject


def test_the_calendar_on_the_page_is_right():
    """People copy it."""
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None

    calendar = read_calendar(example.group(1).encode(), "office.toml", year=2026)

    assert calendar.weekly[4] == ((540, 720),)
