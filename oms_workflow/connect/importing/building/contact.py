"""The fields of whoever receives an order, as intake reads them."""

from __future__ import annotations

from typing import Any

from oms_workflow.connect.importing.building.fields import Fields
from oms_workflow.connect.importing.mapping.model import Source
from oms_workflow.connect.importing.problem import Place, Report
from oms_workflow.connect.importing.values.cities import read_city

NAMES = ("name", "phone", "email", "language", "country", "region", "district", "street", "postal_code", "buyer_id")


def contact_fields(fields: Fields, report: Report, place: Place, city: Source | None) -> dict[str, Any]:
    """Give the fields of a contact by their names in intake.

    Args:
        place: Where the city stands.
        city: Where it comes from; None when the mapping does not fill it.
    """
    found: dict[str, Any] = {name: fields.text(name) for name in NAMES}
    found["city"] = checked_city(fields.text("city"), found["region"], place, report, city) if city else ""
    return found


def checked_city(text: str, region: str, place: Place, report: Report, source: Source) -> str:
    """Give a city without what does not belong to it; '' when the field holds none."""
    found = read_city(text, region)
    if not found.why:
        return found.name
    fixed = found.mended and report.may_fix("bad-city")
    message = f"expected one city, but {found.why}{'; the city alone is kept' if fixed else ''}"
    report.found(
        "bad-city", message, place=place, column=source.shown, field=source.target.path, fixed=fixed
    )  # fmt: skip
    return found.name if fixed or not found.mended else text
