"""Reads the stories of examples/orders: files in the plain import format, moved to the day on which they are told."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from oms_workflow.connect.importing import mapping
from oms_workflow.connect.importing.mapping.reading import read_mapping
from oms_workflow.connect.importing.orders import read_orders
from oms_workflow.connect.importing.results import Accepted
from oms_workflow.errors import Diagnostic, DiagramRefused, Severity

PLAIN = Path(mapping.__path__[0], "plain.toml")
"""The mapping that reads orders in the house's own names."""

WORLD, STOCK = Path("setting/world.json"), Path("setting/stock.json")
"""What the outside does, and what lies in the warehouses; beside the stories."""

CODE = "story"
"""The code of every finding in a story."""

_TIMES = ("placed_at", "paid_at", "ship_by", "deliver_by", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryOrder:
    """One order of a story."""

    order: Accepted  # for `importing.storing.taking_in.take_in`
    at: datetime  # UTC: when it was placed, and comes in

    @property
    def id(self) -> str:
        """The order's id."""
        return self.order.intake.order.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What happens to one order, or to a few that meet."""

    name: str  # of its file, such as `parcel-lost`
    about: str  # one line, English and 中文
    orders: tuple[StoryOrder, ...]  # in the order they were placed


def shipped_folder() -> Path:
    """Give the folder of the stories that come with the product, in a checkout or in an installed wheel."""
    package = Path(__file__).parents[2]
    inside = package / "examples" / "orders"
    return inside if inside.is_dir() else package.parent / "examples" / "orders"


def read_stories(folder: Path, *, begin: datetime, names: Collection[str] = ()) -> tuple[Story, ...]:
    """Read stories, each one moved in time so that its first order is placed at `begin`.

    Args:
        begin: UTC.
        names: The stories that are wanted; () gives all, by name.

    Raises:
        DiagramRefused: When a story is missing or has an order that could not be taken in, with every reason.
    """
    files = [folder / f"{name}.json" for name in names] if names else sorted(folder.glob("*.json"))
    missing = [file for file in files if not file.is_file()]
    if missing or not files:
        known = ", ".join(sorted(file.stem for file in folder.glob("*.json"))) or "none"
        what = missing[0] if missing else folder
        raise DiagramRefused([_finding(str(what), f"There is no such story. Stories in {str(folder)!r}: {known}.")])
    return tuple(_read(file, begin) for file in files)


def _read(file: Path, begin: datetime) -> Story:
    try:
        orders: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        first = min(datetime.fromisoformat(order["placed_at"]) for order in orders)
    except (ValueError, TypeError, KeyError) as wrong:
        said = f"Expected a list of orders, each with placed_at and its zone, found {type(wrong).__name__}: {wrong}."
        raise DiagramRefused([_finding(str(file), said)]) from None
    _move(orders, begin - first)
    with TemporaryDirectory() as folder:
        moved = Path(folder, file.name)
        moved.write_text(json.dumps(orders, ensure_ascii=False), encoding="utf-8")
        results = list(read_orders(read_mapping(PLAIN), [moved], at=begin))
    found = [_finding(str(file), str(one)) for result in results for one in getattr(result, "problems", ())]
    accepted = [result for result in results if isinstance(result, Accepted)]
    if len(accepted) < len(orders):
        raise DiagramRefused(found or [_finding(str(file), "An order stands in it twice.")])
    told = [StoryOrder(order=one, at=one.intake.order.placed_at) for one in accepted]
    about = str(orders[0].get("story", "")) or file.stem
    return Story(name=file.stem, about=about, orders=tuple(sorted(told, key=lambda one: (one.at, one.id))))


def _move(orders: Iterable[dict[str, Any]], by: timedelta) -> None:
    """Move every time of the orders."""
    for order in orders:
        for part in (order, *order.get("payments", ())):
            for name in _TIMES:
                if part.get(name):
                    part[name] = (datetime.fromisoformat(part[name]) + by).isoformat()


def _finding(file: str, message: str) -> Diagnostic:
    return Diagnostic(code=CODE, severity=Severity.ERROR, message=message, file=file, line=None)
