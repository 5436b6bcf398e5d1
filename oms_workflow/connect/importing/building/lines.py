"""The lines of an order, as intake reads them: one row each, or rows of single pieces that are gathered."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oms_workflow.connect.importing.building.contact import checked_city
from oms_workflow.connect.importing.building.fields import Fields
from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.problem import Report
from oms_workflow.connect.importing.results import Origin
from oms_workflow.connect.importing.scope import Scope
from oms_workflow.domain.money import Money

LONGEST_ID = 64  # characters of a sub-order id
ADDED_UP = ("quantity", "discount", "tax", "amount")  # of rows that become one line
TEXTS = ("title", "seller", "temperature", "hazard", "ship_together", "bundle")
COUNTS = ("weight_grams", "volume_cm3")


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line before intake reads it, and the row it comes from."""

    fields: dict[str, Any]
    scope: Scope
    origin: Origin | None


def raw_lines(
    mapping: ImportMapping, scopes: Sequence[Scope], number: str, currency: str, report: Report
) -> list[RawLine]:
    """Give the lines of an order.

    Args:
        scopes: The rows, in the order in which the lines are to stand.
        number: Of the order; lines without an id of their own are numbered under it.
    """
    section = mapping.section("lines")
    found = []
    for position, scope in enumerate(scopes, start=1):
        fields = Fields(mapping, section, scope, report)
        line = _line(fields, currency) | {"oid": _oid(fields.text("oid") or f"{number}-{position}")}
        found.append(RawLine(line, scope, read_origin(mapping, scope, report)))
    return gather(found) if mapping.shape.lines.gather else found


def gather(lines: Sequence[RawLine]) -> list[RawLine]:
    """Put lines together that differ in nothing but their id, pieces and the money of all their pieces.

    The first one gives its id, so the same rows give the same line on every import. A line that could not be read in
    full stays alone.
    """
    groups: dict[tuple[Any, ...], list[RawLine]] = {}
    for number, one in enumerate(lines):
        alone = number if None in (one.fields["quantity"], one.fields["unit_price"]) else -1
        same = tuple(value for name, value in one.fields.items() if name not in (*ADDED_UP, "oid"))
        groups.setdefault((same, one.origin, alone), []).append(one)
    return [_gathered(group) for group in groups.values()]


def _gathered(group: Sequence[RawLine]) -> RawLine:
    first = group[0]
    if len(group) == 1:
        return first
    added = {name: _sum([one.fields[name] for one in group]) for name in ADDED_UP}
    return RawLine(first.fields | added, first.scope, first.origin)


def _sum(told: Sequence[Any]) -> Any:
    """Add up what rows tell; None when none of them tells anything."""
    known = [one for one in told if one is not None]
    return sum(known) if known else None


def _line(fields: Fields, currency: str) -> dict[str, Any]:
    quantity = fields.count("quantity") if "quantity" in fields.names else 1
    price, rounding = _price(fields, quantity, currency)
    discount, tax = fields.amount("discount", currency), fields.amount("tax", currency)
    whole = fields.amount("total", currency)
    off = (discount.amount if discount else Decimal(0)) + rounding
    return {
        "sku": fields.text("sku"),
        "quantity": quantity,
        "unit_price": price,
        "discount": None if discount is None and whole is not None else off,
        "amount": whole.amount if whole else None,
        "tax": tax.amount if tax else Decimal(0),
        "gift": fields.flag("gift"),
        **{name: fields.text(name) for name in TEXTS},
        **{name: fields.count(name) for name in COUNTS},
    }


def _price(fields: Fields, quantity: int | None, currency: str) -> tuple[Decimal | None, Decimal]:
    """Give the price of a piece, and what is taken off the line so that it costs exactly what the file says."""
    if "amount" not in fields.names:
        price = fields.amount("unit_price", currency)
        return (price.amount if price else None), Decimal(0)
    amount = fields.amount("amount", currency)
    if amount is None or not quantity:
        return None, Decimal(0)
    unit = Money.minor(-(-amount.minor_units // quantity), currency)  # rounded up
    return unit.amount, (unit * quantity - amount).amount


def _oid(name: str) -> str:
    """Shorten an id that is too long, to the same one each time."""
    return name if len(name) <= LONGEST_ID else hashlib.sha256(name.encode()).hexdigest()[:LONGEST_ID]


def read_origin(mapping: ImportMapping, scope: Scope, report: Report) -> Origin | None:
    """Say where the goods of a row lie; None when the mapping does not say, or the row does not."""
    section = mapping.section("stock")
    if mapping.shape.stock is None or mapping.shape.stock.rows:
        return None
    fields = Fields(mapping, section, scope, report)
    origin = origin_of(mapping, fields)
    if origin is not None and "city" in section:
        checked_city(fields.text("city"), origin.region, scope.place_of(section["city"]), report, section["city"])
    return origin


def origin_of(mapping: ImportMapping, fields: Fields) -> Origin | None:
    """Give the warehouse a row of goods names; None when it names none."""
    warehouse = fields.text("warehouse")
    if not warehouse:
        return None
    return Origin(
        warehouse=warehouse,
        name=fields.text("name", warehouse),
        country=fields.text("country", mapping.shape.country).upper(),
        region=fields.text("region"),
    )
