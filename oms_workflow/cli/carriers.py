"""`oms carriers`: on which days their services move and deliver parcels, and how many days each way takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.delivery_times import every_rule, saved
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.hours import clock, time_of_day
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, heading, out, titles
from oms_workflow.cli.wording import either, words
from oms_workflow.domain.address import region_name
from oms_workflow.domain.service_level import ServiceLevel

if TYPE_CHECKING:
    from oms_workflow.domain.delivery_rules import CarrierService, TransitRule

Carrier = Annotated[str, typer.Argument(metavar="CARRIER", help=say("carriers.carrier"))]
Service = Annotated[str, typer.Argument(metavar="SERVICE", help=say("carriers.service"))]
NOT_SERVED = "none"


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.callback()(lambda: None)
    group.command("list", help=say("carriers.list.help"))(list_)
    group.command("calendar", help=say("carriers.calendar.help"))(calendar)
    group.command("transit", help=say("carriers.transit.help"))(transit)
    app.add_typer(group, name="carriers", help=say("carriers.help"))


def list_(json: AsJson = False) -> None:
    """List services with their calendars, and the days each way takes."""
    _show(json, "", "")


def calendar(
    carrier: Carrier,
    service: Service,
    network: Annotated[str, typer.Option(help=say("carriers.calendar.network"))],
    delivery: Annotated[str, typer.Option(help=say("carriers.calendar.delivery"))],
    by: Annotated[str, typer.Option("--by", help=say("carriers.calendar.by"))] = "24:00",
    level: Annotated[list[str] | None, typer.Option(help=say("carriers.calendar.level"))] = None,
    json: AsJson = False,
) -> None:
    """Say on which days a service moves and delivers parcels, and for which orders it may be chosen."""
    from oms_workflow.domain.delivery_rules import CarrierService

    unknown = [one for one in level or [] if one not in list(ServiceLevel)]
    if unknown:
        raise Unusable(say("carriers.calendar.bad_level", level=repr(unknown[0]), known=either(ServiceLevel)),
                       code="bad-level")  # fmt: skip
    rule = CarrierService(
        carrier=carrier, service=service, network=network, delivery=delivery, delivered_by=time_of_day(by),
        levels=tuple(ServiceLevel(one) for one in level or []),
    )  # fmt: skip
    saved(rule)
    _show(json, carrier, service)


def transit(
    carrier: Carrier,
    service: Service,
    days: Annotated[str, typer.Argument(metavar="DAYS", help=say("carriers.transit.days"))],
    country: Annotated[str, typer.Option(help=say("carriers.transit.country"))] = "CN",
    region: Annotated[str, typer.Option(help=say("carriers.transit.region"))] = "",
    warehouse: Annotated[str, typer.Option("--from", help=say("carriers.transit.warehouse"))] = "",
    json: AsJson = False,
) -> None:
    """Say how many days a service takes to a region, or that it does not go there."""
    from oms_workflow.domain.delivery_rules import TransitRule

    if days != NOT_SERVED and not (days.isdecimal() and int(days) <= 60):
        raise Unusable(say("carriers.transit.bad_days", days=repr(days)), code="bad-days")
    rule = TransitRule(
        carrier=carrier, service=service, country=country, region=region_name(country, region), warehouse=warehouse,
        days=None if days == NOT_SERVED else int(days),
    )  # fmt: skip
    saved(rule)
    _show(json, carrier, service)


def _show(json: bool, carrier: str, service: str) -> None:
    from oms_workflow.domain.delivery_rules import CarrierService, TransitRule

    rules = [one for one in every_rule() if isinstance(one, CarrierService | TransitRule)]
    mine = [one for one in rules if not carrier or (one.carrier, one.service) == (carrier, service)]
    services = [_service(one) for one in mine if isinstance(one, CarrierService)]
    ways = [_way(one) for one in mine if isinstance(one, TransitRule)]
    if json:
        as_json({"services": services, "transits": ways})
    elif not services:
        out.print(say("carriers.none"))
    else:
        rows = [[*(one[name] for name in ("carrier", "service", "network", "delivery", "by")), words(one["levels"])]
                for one in services]  # fmt: skip
        as_table(titles("carrier", "service", "network", "delivery", "delivered_by", "levels"), rows)
        if ways:
            heading(say("carriers.transits"))
            told = [[one["carrier"], one["service"], one["warehouse"] or say("carriers.anywhere"),
                     f"{one['country']} {one['region']}".strip(), _days(one["days"])] for one in ways]  # fmt: skip
            as_table(titles("carrier", "service", "from", "to", "days#"), told)


def _days(days: int | None) -> str:
    return say("carriers.not_served") if days is None else str(days)


def _service(one: CarrierService) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in ("carrier", "service", "network", "delivery")}
    return plain | {"by": clock(one.delivered_by), "levels": [level.value for level in one.levels]}


def _way(one: TransitRule) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("carrier", "service", "warehouse", "country", "region", "days")}
