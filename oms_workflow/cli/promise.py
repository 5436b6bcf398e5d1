"""`oms promise`: when goods leave and arrive, and why: of an order, or of goods somebody may order now."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli import goods_to_come
from oms_workflow.cli.asking import ask_store, now
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.promise_words import sentence, there, told_estimate
from oms_workflow.cli.screen import AsJson, as_json, heading, out
from oms_workflow.cli.wording import either, iso, moment
from oms_workflow.domain.service_level import ServiceLevel

if TYPE_CHECKING:
    from oms_workflow.domain.quoting import Quote


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.callback()(lambda: None)
    group.command("show", help=say("promise.show.help"))(show)
    goods_to_come.register(group)
    app.add_typer(group, name="promise", help=say("promise.help"))


def show(
    order: Annotated[str, typer.Argument(metavar="[ORDER]", help=say("orders.order"))] = "",
    sku: Annotated[str, typer.Option(help=say("stock.sku"))] = "",
    pieces: Annotated[int, typer.Option(min=1, max=1_000_000, help=say("stock.pieces"))] = 1,
    country: Annotated[str, typer.Option(help=say("carriers.transit.country"))] = "CN",
    region: Annotated[str, typer.Option(help=say("promise.show.region"))] = "",
    level: Annotated[str, typer.Option(help=say("promise.show.level"))] = "standard",
    currency: Annotated[str, typer.Option(help=say("promise.show.currency"))] = "CNY",
    at: Annotated[datetime | None, typer.Option("--at", help=say("promise.show.at"))] = None,
    json: AsJson = False,
) -> None:
    """Explain a promise step by step."""
    if bool(order) == bool(sku):
        raise Unusable(say("promise.show.one_of"), code="one-of")
    if level not in list(ServiceLevel):
        raise Unusable(
            say("carriers.calendar.bad_level", level=repr(level), known=either(ServiceLevel)), code="bad-level"
        )
    moment_asked = at.astimezone() if at else now()
    if order:
        told = ask_store(partial(_of_order, order, moment_asked))
    else:
        told = ask_store(partial(_of_sku, sku, pieces, (country, region, level, currency), moment_asked))
    if json:
        as_json(told)
    else:
        _print(told)


async def _of_order(number: str, at: datetime, unit: Any) -> dict[str, Any]:
    from oms_workflow.cli.orders.finding import find_order
    from oms_workflow.store.quotes import quote_order

    view, lines = await quote_order(unit, await find_order(unit, number), at)
    parts = [_part(one.sku, one.line_id, one.quote) for one in lines]
    return _document(view.order.id, view.promise.ship_by, view.promise.deliver_by, parts)


async def _of_sku(sku: str, pieces: int, where: tuple[str, str, str, str], at: datetime, unit: Any) -> dict[str, Any]:
    from oms_workflow.domain.address import region_name
    from oms_workflow.domain.order import Destination
    from oms_workflow.store.quotes import quote_sku

    country, region, level, currency = where
    destination = Destination(country=country, region=region_name(country, region))
    found = await quote_sku(unit, sku, pieces, destination, ServiceLevel(level), currency, at)
    return _document("", None, None, [_part(sku, "", found)])


def _document(
    order: str, ship_by: datetime | None, deliver_by: datetime | None, parts: list[dict[str, Any]]
) -> dict[str, Any]:
    arrivals = [one["arrival"] for one in parts]
    return {
        "order": order,
        "channel_ship_by": iso(ship_by),
        "channel_deliver_by": iso(deliver_by),
        "arrival": max(arrivals) if arrivals and all(arrivals) else None,
        "lines": parts,
    }


def _part(sku: str, line: str, found: Quote) -> dict[str, Any]:
    return {
        "sku": sku,
        "line": line,
        "pieces": found.asked,
        "missing": found.missing,
        "arrival": iso(found.last.arrival) if found.last else None,
        "sources": [
            {"warehouse": one.warehouse, "pieces": one.quantity, "receipt": one.receipt} | told_estimate(one.estimate)
            for one in found.sources
        ],
        "says": _says(found),
    }


def _says(found: Quote) -> list[str]:
    """Tell a quote in sentences: each source with its steps, then what nobody has."""
    told = []
    for one in found.sources:
        key = "promise.from_receipt" if one.receipt else "promise.from_shelf"
        told.append(say(key, pieces=one.quantity, warehouse=one.warehouse, receipt=one.receipt))
        if one.estimate is None:
            told.append(f"  {say('promise.unknown_way', warehouse=one.warehouse)}")
        else:
            told += [f"  {sentence(step)}" for step in one.estimate.steps]
    if found.missing:
        told.append(say("promise.missing", pieces=found.missing))
    elif found.last is not None:
        told.append(say("promise.arrives", at=there(found.last.steps[-1].at)))
    return told


def _print(told: dict[str, Any]) -> None:
    if told["order"]:
        for name in ("ship_by", "deliver_by"):
            given = told[f"channel_{name}"]
            if given:
                out.print(say(f"promise.channel.{name}", at=moment(datetime.fromisoformat(given))))
    if not told["lines"]:
        out.print(say("promise.nothing_left"))
    for part in told["lines"]:
        heading(say("promise.of", sku=part["sku"], pieces=part["pieces"]))
        for line in part["says"]:
            out.print(line, markup=False)
