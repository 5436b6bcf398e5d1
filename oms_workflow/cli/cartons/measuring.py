"""`oms cartons measure`, `measured`, `forget`: how large goods are, one by one or out of a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.cartons.keeping import port, sides_of
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import NO, AsJson, as_json, as_table, leave, out, titles

if TYPE_CHECKING:
    from oms_workflow.domain.carton import Measured

COLUMNS = ("sku", "length_mm", "width_mm", "height_mm", "weight_grams", "ships_alone")


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("measure", help=say("cartons.measure.help"))(measure)
    group.command("import", help=say("cartons.import.help"))(import_)
    group.command("measured", help=say("cartons.measured.help"))(measured)
    group.command("forget", help=say("cartons.forget.help"))(forget)


def measure(
    sku: Annotated[str, typer.Argument(metavar="SKU", help=say("stock.sku"))],
    sides: Annotated[str, typer.Argument(metavar="LxWxH", help=say("cartons.measure.sides"))],
    grams: Annotated[int | None, typer.Option(min=0, help=say("cartons.measure.grams"))] = None,
    alone: Annotated[bool, typer.Option("--alone", help=say("cartons.measure.alone"))] = False,
    json: AsJson = False,
) -> None:
    """Say how large one piece is."""
    from oms_workflow.domain.carton import Measured

    made = Measured(sku=sku, sides=sides_of(sides), weight_grams=grams, ships_alone=alone)
    _store([made])
    if json:
        as_json(_told(made))
    else:
        out.print(say("cartons.measure.done", sku=sku), markup=False)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("cartons.import.file"))],
    quarantine: Annotated[Path | None, typer.Option(help=say("orders.import.quarantine"))] = None,
    json: AsJson = False,
) -> None:
    """Take the sizes of many SKUs in; the exit code is 1 when rows were kept aside."""
    from oms_workflow.cli.plain_files import read_file

    done = read_file(
        file, columns=COLUMNS, required=COLUMNS[:4], read=_read, named=lambda one: [one.sku], quarantine=quarantine
    )
    _store([made for _, made in done.rows.good])
    done.tell(json, key="cartons.import.done")


def measured(json: AsJson = False) -> None:
    """List what was measured."""

    async def asked(unit: Any) -> Sequence[Measured]:
        return list((await port(unit).measured()).values())

    found = ask_store(asked)
    if json:
        as_json({"goods": [_told(one) for one in found]})
    elif not found:
        out.print(say("cartons.measured.none"))
    else:
        rows = [[one.sku, f"{one.sides}", one.weight_grams, say("yes") if one.ships_alone else ""] for one in found]
        as_table(titles("sku", "outer", "grams#", "alone"), rows)


def forget(
    sku: Annotated[str, typer.Argument(metavar="SKU", help=say("stock.sku"))],
    json: AsJson = False,
) -> None:
    """Forget what was measured of a SKU."""

    async def asked(unit: Any) -> bool:
        gone: bool = await port(unit).forget(sku)
        await unit.commit()
        return gone

    gone = ask_store(asked)
    if json:
        as_json({"sku": sku, "forgotten": gone})
    else:
        out.print(say("cartons.forget.done" if gone else "cartons.forget.unknown", sku=sku), markup=False)
    if not gone:
        leave(NO)


def _store(goods: Sequence[Measured]) -> None:
    async def asked(unit: Any) -> None:
        await port(unit).measure(goods)
        await unit.commit()

    ask_store(asked)


def _read(cells: Any) -> Measured:
    from oms_workflow.connect.importing.plain_rows import BadRow
    from oms_workflow.domain.carton import Measured

    sku = cells.text("sku")
    numbers = [cells.whole(name, least=1) for name in COLUMNS[1:4]]
    grams = cells.whole("weight_grams", default=-1)
    alone = cells.flag("ships_alone")
    if cells.reasons:
        raise BadRow
    try:
        sides = sides_of("x".join(str(number) for number in numbers))
    except Unusable as wrong:
        raise BadRow(wrong) from None
    return Measured(sku=sku, sides=sides, weight_grams=None if grams < 0 else grams, ships_alone=alone)


def _told(one: Measured) -> dict[str, Any]:
    return {
        "sku": one.sku,
        "sides": str(one.sides),
        "weight_grams": one.weight_grams,
        "ships_alone": one.ships_alone,
    }
