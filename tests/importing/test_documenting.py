"""The pages say what is true: their examples run, their tables are those of the importer."""

from __future__ import annotations

import re
from pathlib import Path

from oms_workflow.connect.importing import Accepted, parse_mapping, plain_mapping, read_orders
from oms_workflow.connect.importing.documenting import reference_page

from .reading import AT, codes, write

DOCS = Path(__file__).parents[2] / "docs"
BLOCKS = dict(re.findall(r"```(json|csv|toml)\n(.*?)```", (DOCS / "importing.md").read_text(encoding="utf-8"), re.S))


def test_the_reference_is_made_from_the_code() -> None:
    """`make docs` writes it."""
    assert (DOCS / "importing-reference.md").read_text(encoding="utf-8") == reference_page()


def test_the_orders_on_the_page_come_in(tmp_path: Path) -> None:
    """People start by copying them."""
    for name in ("json", "csv"):
        paths = write(tmp_path, {f"orders.{name}": BLOCKS[name]})
        (result,) = read_orders(plain_mapping(paths), paths, at=AT)
        assert isinstance(result, Accepted), codes(result)
        assert result.intake.order.id == "import:A-1"


def test_the_mapping_on_the_page_works(tmp_path: Path) -> None:
    """With the files it describes."""
    files = {
        "orders-1.csv": "Nr;Date;Service;First;Last;Street;City;Zip;State\n"
        "7;11.11.2026 18:00;Express;Jörg;Müller;Hauptstraße 1;bad  nauheim;1067;paid\n"
        "8;11.11.2026 18:00;;A;B;C;D;01067;cancelled\n",
        "items-1.csv": "Order;Pos;Article;Qty;Price\n7;1;TEA;2;1.234,50\n8;1;TEA;1;1,00\n",
    }
    paths = write(tmp_path, {name: text.encode("cp1252") for name, text in files.items()})
    reading = read_orders(parse_mapping(BLOCKS["toml"]), paths, at=AT)
    first, _ = reading
    assert isinstance(first, Accepted), codes(first)
    intake = first.intake
    assert str(intake.order.total) == "2469.00 EUR"
    assert (intake.contact.name, intake.contact.address.city) == ("Jörg Müller", "Bad Nauheim")
    assert intake.contact.address.postal_code == "01067"
    assert intake.order.service_level.value == "express"
    assert reading.counts.by_reason == {"cancelled in the shop": 1}
