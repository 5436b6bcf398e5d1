"""`oms rates import`, `list` and `drop`: the price lists of carriers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store, now
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import NO, AsJson, as_json, as_table, leave, out, titles

if TYPE_CHECKING:
    from oms_workflow.domain.parcel_rates import Rate


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("import", help=say("rates.import.help"))(import_)
    group.command("list", help=say("rates.list.help"))(list_)
    group.command("drop", help=say("rates.drop.help"))(drop)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("rates.import.file"))],
    quarantine: Annotated[Path | None, typer.Option(help=say("orders.import.quarantine"))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("orders.import.dry_run"))] = False,
    json: AsJson = False,
) -> None:
    """Take a price list in; the exit code is 1 when rows were kept aside."""
    from oms_workflow.cli.plain_files import read_file
    from oms_workflow.connect.importing.rate_rows import COLUMNS, REQUIRED, rate_reader

    done = read_file(
        file, columns=COLUMNS, required=REQUIRED, read=rate_reader(_warehouses()), quarantine=quarantine,
        named=lambda rates: [" ".join(rate.key) for rate in rates],
    )  # fmt: skip
    rates = [rate for _, row in done.rows.good for rate in row]
    if not dry_run:
        ask_store(lambda unit: _save(unit, rates))
    done.tell(json, key="rates.import.dry" if dry_run else "rates.import.done", rates=len(rates))


def list_(
    carrier: Annotated[str, typer.Option(help=say("rates.carrier"))] = "",
    country: Annotated[str, typer.Option(help=say("rates.country"))] = "",
    region: Annotated[str, typer.Option(help=say("rates.region"))] = "",
    everything: Annotated[bool, typer.Option("--all", help=say("rates.list.all"))] = False,
    json: AsJson = False,
) -> None:
    """List rows that count today or later."""
    today = now().date()

    async def asked(unit: Any) -> Sequence[Rate]:
        found: Sequence[Rate] = await port(unit).all()
        return found

    rates = [
        one
        for one in ask_store(asked)
        if one.carrier.startswith(carrier)
        and one.country.startswith(country.upper())
        and (not region or one.region.startswith(region))
        and (everything or one.valid_until is None or one.valid_until >= today)
    ]
    if json:
        as_json({"rates": [told(one) for one in rates]})
    elif not rates:
        out.print(say("rates.none"))
    else:
        columns = ("carrier", "service", "warehouse", "to", "since", "until", "up_to#", "first", "further", "divisor#")
        as_table(titles(*columns), [_row(one) for one in rates])


def drop(
    carrier: Annotated[str, typer.Argument(metavar="CARRIER", help=say("rates.carrier"))],
    service: Annotated[str, typer.Argument(metavar="SERVICE", help=say("rates.service"))],
    since: Annotated[str, typer.Option("--from", metavar="DAY", help=say("rates.drop.since"))] = "",
    json: AsJson = False,
) -> None:
    """Delete the price list of a service; shipments that were planned keep their figures."""
    day = day_of(since) if since else None

    async def asked(unit: Any) -> int:
        gone: int = await port(unit).drop(carrier, service, day)
        await unit.commit()
        return gone

    gone = ask_store(asked)
    if json:
        as_json({"carrier": carrier, "service": service, "rows": gone})
    else:
        out.print(say("rates.drop.done", rows=gone, carrier=carrier, service=service), markup=False)
    if not gone:
        leave(NO)


def day_of(text: str) -> date:
    """Read a day such as 2026-11-30."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unusable(say("rates.day", text=repr(text)), code="bad-day") from None


def port(unit: Any) -> Any:
    """Give the port to price lists for a unit of work."""
    from oms_workflow.domain.ports.parcel_rates import ParcelRates
    from oms_workflow.store.bindings import bind

    return bind(ParcelRates, unit)


def told(one: Rate) -> dict[str, Any]:
    """Give a row as JSON."""
    return {
        "carrier": one.carrier, "service": one.service, "warehouse": one.warehouse, "country": one.country,
        "region": one.region, "valid_from": one.valid_from.isoformat(),
        "valid_until": one.valid_until.isoformat() if one.valid_until else None, "up_to_grams": one.up_to_grams,
        "first_grams": one.first_grams, "first_cost": str(one.first_cost), "further_grams": one.further_grams,
        "further_cost": _amount(one.further_cost), "divisor": one.divisor, "remote_cost": _amount(one.remote_cost),
        "remote_cities": sorted(one.remote_cities), "on_delivery_cost": _amount(one.on_delivery_cost),
        "on_delivery_basis_points": one.on_delivery_basis_points, "oversize_mm": one.oversize_mm,
        "oversize_cost": _amount(one.oversize_cost),
    }  # fmt: skip


def _amount(amount: Any) -> str | None:
    return None if amount is None else str(amount)


def _row(one: Rate) -> list[Any]:
    further = f"{one.further_cost} / {one.further_grams} g" if one.further_cost is not None else ""
    return [
        one.carrier, one.service, one.warehouse, f"{one.country} {one.region}".strip(), one.valid_from,
        one.valid_until, one.up_to_grams, f"{one.first_cost} / {one.first_grams} g", further, one.divisor,
    ]  # fmt: skip


def _warehouses() -> frozenset[str]:
    async def asked(unit: Any) -> frozenset[str]:
        from oms_workflow.domain.ports.stock import Warehouses
        from oms_workflow.store.bindings import bind

        return frozenset(one.id for one in await bind(Warehouses, unit).all())

    return ask_store(asked)


async def _save(unit: Any, rates: Sequence[Rate]) -> None:
    await port(unit).save(rates)
    await unit.commit()
