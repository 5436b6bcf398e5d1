"""docs/orders.md says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from oms_workflow.store.documenting import TABLES, orders_page

PAGE = Path(__file__).parents[2] / "docs" / "orders.md"


def test_the_page_is_what_the_code_says() -> None:
    """A list kept in step by hand is wrong soon; `make docs` writes it."""
    assert orders_page(PAGE) == PAGE.read_text(encoding="utf-8")


def test_every_table_is_on_the_page() -> None:
    """A table nobody reads is not made."""
    asked = re.findall(r"<!-- table: ([a-z-]+) -->", PAGE.read_text(encoding="utf-8"))
    assert sorted(asked) == sorted(TABLES)


def test_a_stale_table_is_made_anew(tmp_path: Path) -> None:
    """Only what is between the marks is touched."""
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table: shipment-moves -->\nold\n<!-- end -->\nafter\n")
    made = orders_page(page)
    assert made.startswith("before\n<!-- table: shipment-moves -->\n| state |")
    assert made.endswith("| `cancelled` | - |\n<!-- end -->\nafter\n")
