"""Rows of a carrier's price list in the house's own columns. A row may name several regions: a zone."""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal, InvalidOperation
from typing import Any

from oms_workflow.connect.importing.plain_rows import BadRow, Cells
from oms_workflow.domain.address import normalise
from oms_workflow.domain.customer import Address
from oms_workflow.domain.money import Money
from oms_workflow.domain.parcel_rates import Rate, defects_of_rate

COLUMNS = (
    "carrier", "service", "warehouse", "country", "region", "valid_from", "valid_until", "currency", "up_to_grams",
    "first_grams", "first_cost", "further_grams", "further_cost", "divisor", "remote_cost", "remote_cities",
    "on_delivery_cost", "on_delivery_percent", "oversize_mm", "oversize_cost",
)  # fmt: skip
REQUIRED = ("carrier", "service", "country", "valid_from", "first_grams", "first_cost")
BETWEEN = ";"  # names in one cell


def rate_reader(warehouses: Collection[str]) -> Callable[[Cells], tuple[Rate, ...]]:
    """Make what reads one row, into one rate for each of its regions.

    Args:
        warehouses: Those there are; a row about another one is kept aside.
    """

    def read(cells: Cells) -> tuple[Rate, ...]:
        warehouse = cells.text("warehouse", default="")
        if warehouse and warehouse not in warehouses:
            cells.note("warehouse", "there is no such warehouse")
        currency = cells.text("currency", default="CNY").upper()
        country = cells.text("country").upper()
        if len(country) != 2 or not country.isalpha():
            cells.note("country", "expected two letters such as CN")
        made = _rate(cells, warehouse, country, currency)
        found = [Rate(**made, region=region) for region in _regions(cells, country)] if made else []
        wrong = defects_of_rate(found[0]) if found else ()
        if cells.reasons or not found:
            raise BadRow
        if wrong:
            raise BadRow(" ".join(wrong))
        return tuple(found)

    return read


def _rate(cells: Cells, warehouse: str, country: str, currency: str) -> dict[str, Any]:
    since = cells.day("valid_from")
    further = cells.whole("further_grams", default=0)
    values = {
        "carrier": cells.text("carrier"),
        "service": cells.text("service"),
        "warehouse": warehouse,
        "country": country,
        "valid_from": since,
        "valid_until": cells.day("valid_until", optional=True),
        "up_to_grams": cells.whole("up_to_grams", default=0) or None,
        "first_grams": cells.whole("first_grams", least=1),
        "first_cost": cells.money("first_cost", currency),
        "further_grams": further,
        "further_cost": _optional(cells, "further_cost", currency),
        "divisor": cells.whole("divisor", default=0) or None,
        "remote_cost": _optional(cells, "remote_cost", currency),
        "remote_cities": frozenset(_names(cells, "remote_cities")),
        "on_delivery_cost": _optional(cells, "on_delivery_cost", currency),
        "on_delivery_basis_points": _basis_points(cells),
        "oversize_mm": cells.whole("oversize_mm", default=0) or None,
        "oversize_cost": _optional(cells, "oversize_cost", currency),
    }
    return {} if cells.reasons else values


def _optional(cells: Cells, column: str, currency: str) -> Money | None:
    return cells.money(column, currency) if cells.text(column, default="") else None


def _basis_points(cells: Cells) -> int:
    text = cells.text("on_delivery_percent", default="0")
    try:
        points = Decimal(text) * 100
    except InvalidOperation:
        cells.note("on_delivery_percent", "expected a percentage such as 1.5")
        return 0
    if not points.is_finite() or points != points.to_integral_value() or not 0 <= points <= 10_000:
        cells.note("on_delivery_percent", "expected 0 to 100 with two decimals at most")
        return 0
    return int(points)


def _regions(cells: Cells, country: str) -> list[str]:
    names = _names(cells, "region") or [""]
    return list(dict.fromkeys(normalise(Address(country=country, region=name)).region for name in names))


def _names(cells: Cells, column: str) -> list[str]:
    text = cells.text(column, default="").replace("；", BETWEEN)
    return [name.strip() for name in text.split(BETWEEN) if name.strip()]
