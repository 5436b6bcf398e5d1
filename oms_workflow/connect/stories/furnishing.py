"""The shop in which stories happen: warehouses, the ways from them, and what lies on their shelves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from oms_workflow.domain.money import Money
from oms_workflow.domain.ports.stock import Stock, Warehouses
from oms_workflow.domain.warehouse import Lane, Warehouse
from oms_workflow.errors import Diagnostic, DiagramRefused, Severity

PORTS: tuple[type, ...] = (Warehouses, Stock)
"""Ports that furnishing needs."""

CODE = "story-stock"
"""The code of every finding in a file of stock."""


class Way(BaseModel):
    """A lane: what a parcel takes to a country or region."""

    model_config = ConfigDict(extra="forbid")

    country: str
    region: str = ""
    cost: str = Field(description="Of a parcel")
    currency: str = Field("", description="Of the cost; it serves orders in this currency. Empty: the file's")
    km: int = Field(0, ge=0)
    days: float | None = Field(None, ge=0)


class Site(BaseModel):
    """A warehouse with its ways and its goods."""

    model_config = ConfigDict(extra="forbid")

    id: str
    name: str
    country: str = "CN"
    region: str = ""
    priority: int = Field(100, description="Lower goes first")
    sellers: list[str] = Field(default_factory=list, description="Whose goods it ships; empty: everybody's")
    lanes: list[Way]
    stock: dict[str, int] = Field(default_factory=dict, description="SKU -> pieces")


class Furniture(BaseModel):
    """A whole file."""

    model_config = ConfigDict(extra="forbid")

    currency: str = "CNY"
    warehouses: list[Site]


def read_furniture(path: Path) -> Furniture:
    """Read a file of warehouses and stock.

    Raises:
        DiagramRefused: With everything that is wrong in it.
    """
    try:
        return Furniture.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as wrong:
        found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong.errors(include_input=False)]
    except (OSError, ValueError) as wrong:
        found = [f"The file cannot be read: {wrong}"]
    raise DiagramRefused(
        [Diagnostic(code=CODE, severity=Severity.ERROR, message=said, file=str(path), line=None) for said in found]
    )


async def furnish(furniture: Furniture, ports: Mapping[type, Any], *, at: datetime) -> None:
    """Open the warehouses and put their goods on the shelves; doing it again changes nothing.

    Args:
        ports: Implementations of `PORTS`, of one unit of work.
        at: UTC.
    """
    for site in furniture.warehouses:
        warehouse = Warehouse(
            id=site.id,
            name=site.name,
            country=site.country,
            region=site.region,
            priority=site.priority,
            sellers=frozenset(site.sellers),
        )
        lanes = [_lane(site, way, furniture.currency) for way in site.lanes]
        await ports[Warehouses].save(warehouse, lanes)
        for sku, pieces in site.stock.items():
            key = f"stories/{site.id}/{sku}"
            await ports[Stock].receive(sku, site.id, pieces, reason="opening stock", key=key, at=at)


def _lane(site: Site, way: Way, currency: str) -> Lane:
    return Lane(
        warehouse=site.id,
        country=way.country,
        region=way.region,
        cost=Money.of(way.cost, way.currency or currency),
        distance_km=way.km,
        transit=None if way.days is None else timedelta(days=way.days),
    )
