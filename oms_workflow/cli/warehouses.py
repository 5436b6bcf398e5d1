"""`oms warehouses`: which there are, when each works, and until when an order leaves the same day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.delivery_times import changed, every_rule, saved
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.hours import a_day, clock, length, shifts, time_of_day
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, heading, out, titles
from oms_workflow.cli.wording import span

if TYPE_CHECKING:
    from oms_workflow.domain.delivery_rules import DepartureRule, WarehouseDay, WarehouseHours

Warehouse = Annotated[str, typer.Argument(metavar="WAREHOUSE", help=say("stock.warehouse"))]
Carrier = Annotated[str, typer.Option(help=say("warehouses.carrier"))]
Service = Annotated[str, typer.Option(help=say("warehouses.service"))]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.callback()(lambda: None)
    group.command("list", help=say("warehouses.list.help"))(list_)
    group.command("hours", help=say("warehouses.hours.help"))(hours)
    group.command("day", help=say("warehouses.day.help"))(day)
    group.command("cut-off", help=say("warehouses.cut_off.help"))(cut_off)
    app.add_typer(group, name="warehouses", help=say("warehouses.help"))


def list_(json: AsJson = False) -> None:
    """List warehouses with their hours, cut-offs and collections."""

    async def asked(unit: Any) -> Any:
        from oms_workflow.domain.ports.stock import Warehouses
        from oms_workflow.store.bindings import bind

        return await bind(Warehouses, unit).all()

    there = ask_store(asked)
    told = [_document(one) for one in there]
    if json:
        as_json({"warehouses": told})
        return
    if not told:
        out.print(say("warehouses.none"))
        return
    rows = [[one["id"], one["name"], one["calendar"], one["handling"] or ""] for one in told]
    as_table(titles("warehouse", "name", "calendar", "handling"), rows)
    leaving = [[one["id"], *_leaving(rule)] for one in told for rule in one["departures"]]
    if leaving:
        heading(say("warehouses.departures"))
        as_table(titles("warehouse", "carrier", "service", "cut_off", "collected"), leaving)
    days = [[one["id"], own["day"], ", ".join(own["hours"]) or say("warehouses.closed"), own["reason"]]
            for one in told for own in one["days"]]  # fmt: skip
    if days:
        heading(say("warehouses.days"))
        as_table(titles("warehouse", "day", "hours", "reason"), days)


def hours(
    warehouse: Warehouse,
    calendar: Annotated[str, typer.Option(help=say("warehouses.hours.calendar"))],
    handling: Annotated[str, typer.Option(help=say("warehouses.hours.handling"))] = "0m",
    json: AsJson = False,
) -> None:
    """Say when a warehouse works, and how long it needs for an order."""
    from oms_workflow.domain.delivery_rules import WarehouseHours

    saved(WarehouseHours(warehouse=warehouse, calendar=calendar, handling=length(handling)))
    _tell(warehouse, json)


def day(
    warehouse: Warehouse,
    when: Annotated[str, typer.Argument(metavar="DAY", help=say("warehouses.day.day"))],
    hours: Annotated[list[str] | None, typer.Option(help=say("warehouses.day.hours"))] = None,
    closed: Annotated[bool, typer.Option("--closed", help=say("warehouses.day.closed"))] = False,
    usual: Annotated[bool, typer.Option("--usual", help=say("warehouses.day.usual"))] = False,
    reason: Annotated[str, typer.Option(help=say("warehouses.day.reason"))] = "",
    json: AsJson = False,
) -> None:
    """Give a day hours of its own, close it, or make it a day like others again."""
    from oms_workflow.domain.delivery_rules import WarehouseDay

    if sum((bool(hours), closed, usual)) != 1:
        raise Unusable(say("warehouses.day.one_of"), code="one-of")
    found = a_day(when)
    if usual:
        changed(lambda times: times.forget_day(warehouse, found))
    else:
        saved(WarehouseDay(warehouse=warehouse, day=found, hours=shifts(hours or []), reason=reason))
    _tell(warehouse, json)


def cut_off(
    warehouse: Warehouse,
    until: Annotated[str, typer.Argument(metavar="[TIME]", help=say("warehouses.cut_off.time"))] = "",
    carrier: Carrier = "",
    service: Service = "",
    collected: Annotated[list[str] | None, typer.Option(help=say("warehouses.cut_off.collected"))] = None,
    days: Annotated[str, typer.Option(help=say("warehouses.cut_off.days"))] = "",
    json: AsJson = False,
) -> None:
    """Say until when an order leaves the same day, and when the carrier comes."""
    from oms_workflow.domain.delivery_rules import DepartureRule

    if service and not carrier:
        raise Unusable(say("warehouses.cut_off.no_carrier"), code="no-carrier")
    rule = DepartureRule(
        warehouse=warehouse,
        carrier=carrier,
        service=service,
        cut_off=time_of_day(until) if until else None,
        calendar=days or None,
        times=None if collected is None else tuple(sorted({time_of_day(one) for one in collected})),
    )
    saved(rule)
    _tell(warehouse, json)


def _tell(warehouse: str, json: bool) -> None:
    found = _document_of(warehouse)
    if json:
        as_json(found)
        return
    out.print(say("warehouses.told", **{name: found[name] or "-" for name in ("id", "calendar", "handling")}))
    for rule in found["departures"]:
        carrier, service, until, collected = _leaving(rule)
        who = f"{carrier} {service}".strip()
        out.print(say("warehouses.told.departure", who=who, until=until or "-", collected=collected or "-"))


def _leaving(rule: dict[str, Any]) -> list[str]:
    everyone = say("warehouses.everyone")
    times = say("warehouses.whenever") if rule["collected"] == [] else ", ".join(rule["collected"] or [])
    when = f"{times} ({rule['days']})".strip() if rule["days"] else times
    return [rule["carrier"] or everyone, rule["service"], rule["cut_off"] or "", when]


def _document(warehouse: Any) -> dict[str, Any]:
    return {"id": warehouse.id, "name": warehouse.name} | {
        name: value for name, value in _document_of(warehouse.id).items() if name != "id"
    }


def _document_of(warehouse: str) -> dict[str, Any]:
    from oms_workflow.domain.delivery_rules import DepartureRule, WarehouseDay, WarehouseHours

    mine = [rule for rule in every_rule() if getattr(rule, "warehouse", None) == warehouse]
    usual: WarehouseHours | None = next((rule for rule in mine if isinstance(rule, WarehouseHours)), None)
    return {
        "id": warehouse,
        "calendar": usual.calendar if usual else "",
        "handling": span(usual.handling) if usual else "",
        "departures": [_departure(rule) for rule in mine if isinstance(rule, DepartureRule)],
        "days": [_day(rule) for rule in mine if isinstance(rule, WarehouseDay)],
    }


def _departure(rule: DepartureRule) -> dict[str, Any]:
    return {
        "carrier": rule.carrier,
        "service": rule.service,
        "cut_off": None if rule.cut_off is None else clock(rule.cut_off),
        "days": rule.calendar or "",
        "collected": None if rule.times is None else [clock(one) for one in rule.times],
    }


def _day(rule: WarehouseDay) -> dict[str, Any]:
    hours = [f"{clock(begin)}-{clock(end)}" for begin, end in rule.hours]
    return {"day": rule.day.isoformat(), "hours": hours, "reason": rule.reason}
