"""Warehouses, lanes and opening stock from files, so that imported orders find something to be sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.mapping.shape import LaneShape, StockShape
from oms_workflow.connect.importing.orders import OrderReading
from oms_workflow.connect.importing.problem import Problem
from oms_workflow.connect.importing.results import Accepted, Origin, Quarantined, Result
from oms_workflow.connect.importing.stock_rows import read_stock_rows
from oms_workflow.connect.importing.storing.importing import OpenPorts
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Destination
from oms_workflow.domain.ports.stock import Stock, Warehouses
from oms_workflow.domain.warehouse import Lane, Warehouse
from oms_workflow.errors import OrderRefused

PORTS: tuple[type, ...] = (Warehouses, Stock)
"""Ports that storing opening stock needs."""

TOGETHER = 200  # shelves booked in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningStock:
    """What has to be there before orders can be allocated."""

    warehouses: tuple[Warehouse, ...]  # by id
    lanes: Mapping[str, tuple[Lane, ...]]  # by warehouse
    levels: Mapping[tuple[str, str], int]  # (sku, warehouse) -> pieces, by sku
    problems: tuple[Problem, ...] = ()  # rows of stock that could not be read

    @property
    def pieces(self) -> int:
        """All pieces together."""
        return sum(self.levels.values())


@dataclass(slots=True)
class _Site:
    origin: Origin
    sellers: dict[str, None] = field(default_factory=dict)


def opening_stock(reading: OrderReading, results: Iterable[Result] | None = None) -> OpeningStock:
    """Work out warehouses and stock for orders.

    Without `from`, [stock] says for each line where its goods lie, and there are as many pieces as the orders ask for,
    times `factor`, at least `minimum`. With `from`, a file says what is on hand.

    Args:
        results: What the reading gave, or a part of it; None reads the files. Orders in quarantine count when they
            could come in yet.

    Raises:
        ValueError: If the mapping has no [stock].
        DiagramRefused, OSError: As reading the files does.
    """
    mapping = reading.mapping
    shape = mapping.shape.stock
    if shape is None:
        raise ValueError(f"{mapping.file} has no [stock]; say there where goods lie.")
    if shape.rows:
        return _from_file(mapping, shape, reading)
    return _from_orders(mapping, shape, reading if results is None else results)


def _from_orders(mapping: ImportMapping, shape: StockShape, results: Iterable[Result]) -> OpeningStock:
    sites: dict[str, _Site] = {}
    wanted: dict[tuple[str, str], int] = {}
    served: dict[str, str] = {}
    for result in results:
        intake = result.intake if isinstance(result, (Accepted, Quarantined)) else None
        if intake is None:
            continue
        served.setdefault(intake.contact.address.country, intake.order.currency)
        for line, origin in zip(intake.order.lines, intake.origins, strict=False):
            if origin is not None:
                site = sites.setdefault(origin.warehouse, _Site(origin))
                site.sellers[line.seller] = None
                name = (line.sku, origin.warehouse)
                wanted[name] = wanted.get(name, 0) + line.ordered
    factor = Decimal(str(shape.factor))
    levels = {
        name: max(shape.minimum, int((pieces * factor).to_integral_value(ROUND_CEILING)))
        for name, pieces in wanted.items()
    }
    return _stock(mapping, shape, sites, levels, served)


def _from_file(mapping: ImportMapping, shape: StockShape, reading: OrderReading) -> OpeningStock:
    """Give the stock that a file of its own says is on hand; several rows for one shelf add up."""
    rows, problems = read_stock_rows(mapping, reading.opened)
    sites: dict[str, _Site] = {}
    levels: dict[tuple[str, str], int] = {}
    for row in rows:
        sites.setdefault(row.origin.warehouse, _Site(row.origin))
        name = (row.sku, row.origin.warehouse)
        levels[name] = levels.get(name, 0) + row.quantity
    return replace(_stock(mapping, shape, sites, levels, {}), problems=problems)


async def store_opening_stock(opening: OpeningStock, open_ports: OpenPorts, *, batch: str, at: datetime) -> int:
    """Open the warehouses and put the goods on their shelves, once for each batch; gives the pieces.

    A warehouse that is there already stays as it is, with its own lanes; only one that lacks a seller is written anew.

    Args:
        open_ports: As for `import_orders`, with implementations of `PORTS`.
        batch: The same batch puts nothing there a second time.
        at: UTC.
    """
    async with open_ports() as ports:
        for warehouse in opening.warehouses:
            known = await _known(ports[Warehouses], warehouse.id)
            wanted = warehouse if known is None else _with_sellers(known, warehouse)
            if wanted != known:
                await ports[Warehouses].save(wanted, opening.lanes[warehouse.id])
    shelves = [shelf for shelf in opening.levels.items() if shelf[1]]
    for start in range(0, len(shelves), TOGETHER):
        async with open_ports() as ports:
            stock: Stock = ports[Stock]
            for (sku, name), pieces in shelves[start : start + TOGETHER]:
                key = f"{batch}/stock/{name}/{sku}/{pieces}"
                await stock.receive(sku, name, pieces, reason="opening stock", key=key, at=at)
    return opening.pieces


async def _known(warehouses: Warehouses, name: str) -> Warehouse | None:
    try:
        return await warehouses.get(name)
    except OrderRefused:
        return None


def _with_sellers(known: Warehouse, new: Warehouse) -> Warehouse:
    """Add sellers; a warehouse without any ships for everybody."""
    return replace(known, sellers=known.sellers | new.sellers) if known.sellers else known


def _stock(
    mapping: ImportMapping,
    shape: StockShape,
    sites: Mapping[str, _Site],
    levels: Mapping[tuple[str, str], int],
    served: Mapping[str, str],
) -> OpeningStock:
    """Put it together.

    Args:
        served: Country -> currency in which its orders are; a lane has one price.
    """
    countries = dict.fromkeys([*(shape.countries or (mapping.shape.country,)), *served])
    warehouses = tuple(
        Warehouse(
            id=name,
            name=site.origin.name,
            country=site.origin.country or next(iter(countries)),
            region=site.origin.region,
            sellers=frozenset(site.sellers) if shape.restrict_to_sellers else frozenset(),
        )
        for name, site in sorted(sites.items())
    )
    priced = {country: served.get(country, mapping.shape.currency) for country in countries if country}
    lanes = {one.id: _lanes(one, shape, priced, mapping.shape.currency) for one in warehouses}
    return OpeningStock(warehouses=warehouses, lanes=lanes, levels=dict(sorted(levels.items())))


def _lanes(warehouse: Warehouse, shape: StockShape, priced: Mapping[str, str], currency: str) -> tuple[Lane, ...]:
    lanes = [_lane(warehouse, Destination(country=one), shape.elsewhere, money) for one, money in priced.items()]
    if warehouse.region:
        here = Destination(country=warehouse.country, region=warehouse.region)
        lanes.append(_lane(warehouse, here, shape.same_region, priced.get(warehouse.country, currency)))
    return tuple(lanes)


def _lane(warehouse: Warehouse, to: Destination, shape: LaneShape, currency: str) -> Lane:
    return Lane(
        warehouse=warehouse.id,
        country=to.country,
        region=to.region,
        cost=Money.of(shape.cost, currency),
        distance_km=shape.km,
        transit=None if shape.days is None else timedelta(days=shape.days),
    )
