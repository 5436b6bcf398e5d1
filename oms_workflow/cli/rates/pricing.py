"""`oms rates quote`: what every carrier with a price list would ask for a parcel. Chooses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store, now
from oms_workflow.cli.cartons.keeping import sides_of
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.rates.keeping import day_of, port
from oms_workflow.cli.screen import NO, AsJson, as_json, as_table, leave, out, titles

if TYPE_CHECKING:
    from oms_workflow.domain.order import Destination
    from oms_workflow.domain.parcel_rates import Consignment, Priced


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("quote", help=say("rates.quote.help"))(quote)


def quote(
    warehouse: Annotated[str, typer.Argument(metavar="WAREHOUSE", help=say("stock.warehouse"))],
    to: Annotated[str, typer.Option(metavar="COUNTRY/REGION/CITY", help=say("rates.quote.to"))],
    grams: Annotated[int, typer.Option(min=1, max=2_000_000, help=say("rates.quote.grams"))],
    size: Annotated[str, typer.Option(metavar="LxWxH", help=say("rates.quote.size"))] = "",
    parcels: Annotated[int, typer.Option(min=1, max=1_000, help=say("rates.quote.parcels"))] = 1,
    collect: Annotated[str, typer.Option(help=say("rates.quote.collect"))] = "",
    currency: Annotated[str, typer.Option(help=say("cartons.add.currency"))] = "CNY",
    day: Annotated[str, typer.Option(metavar="DAY", help=say("rates.quote.day"))] = "",
    json: AsJson = False,
) -> None:
    """Show prices, the cheapest first; the exit code is 1 when no price list knows the lane."""
    from oms_workflow.domain.money import Money
    from oms_workflow.domain.parcel_rates import Consignment, Weighed

    try:
        money = Money.of(collect, currency) if collect else None
    except ValueError as wrong:
        raise Unusable(str(wrong), code="bad-amount") from None
    one = Weighed(gross_grams=grams, outer=sides_of(size) if size else None)
    sent = Consignment(warehouse=warehouse, destination=_destination(to), parcels=(one,) * parcels, collect=money)
    found = _prices(sent, day)
    if json:
        as_json({"prices": [told(one) for one in found]})
    elif not found:
        out.print(say("rates.quote.none", warehouse=warehouse, to=to), markup=False)
    else:
        rows = [[one.carrier, one.service, f"{one.cost}", one.charged_grams, _parts(one)] for one in found]
        as_table(titles("carrier", "service", "price#", "grams#", "made_of"), rows)
    if not found:
        leave(NO)


def told(one: Priced) -> dict[str, Any]:
    """Give a price as JSON."""
    return {
        "carrier": one.carrier,
        "service": one.service,
        "cost": str(one.cost),
        "charged_grams": one.charged_grams,
        "charges": [{"charge": charge.value, "amount": str(amount)} for charge, amount in one.charges],
    }


def _prices(sent: Consignment, day: str) -> Sequence[Priced]:
    from oms_workflow.domain.parcel_rates import prices

    when = day_of(day) if day else now().date()
    where = sent.destination

    async def asked(unit: Any) -> Sequence[Priced]:
        rates = await port(unit).to(where.country, sent.warehouse, where.region)
        found = prices(rates, sent, when).values()
        return sorted(found, key=lambda one: (one.cost.currency, one.cost.minor_units, one.carrier, one.service))

    return ask_store(asked)


def _destination(text: str) -> Destination:
    from oms_workflow.domain.address import normalise
    from oms_workflow.domain.customer import Address
    from oms_workflow.domain.order import Destination

    country, region, city, *more = [*(part.strip() for part in text.split("/")), "", ""]
    if len(country) != 2 or any(more):
        raise Unusable(say("rates.quote.bad_to", text=repr(text)), code="bad-destination")
    tidy = normalise(Address(country=country, region=region, city=city))
    return Destination(country=tidy.country, region=tidy.region, city=tidy.city)


def _parts(one: Priced) -> str:
    return ", ".join(f"{say(f'rates.charge.{charge.value}')} {amount}" for charge, amount in one.charges)
