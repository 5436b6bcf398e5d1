"""`oms cartons add`, `list` and `drop`: the cartons of a warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import NO, AsJson, as_json, as_table, leave, out, titles

if TYPE_CHECKING:
    from oms_workflow.domain.carton import Carton, Sides
    from oms_workflow.domain.money import Money

Warehouse = Annotated[str, typer.Argument(metavar="WAREHOUSE", help=say("stock.warehouse"))]
Name = Annotated[str, typer.Argument(metavar="CARTON", help=say("cartons.name"))]
MOST_MM = 5_000  # longer than any parcel a carrier takes


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("add", help=say("cartons.add.help"))(add)
    group.command("list", help=say("cartons.list.help"))(list_)
    group.command("drop", help=say("cartons.drop.help"))(drop)


def add(
    warehouse: Warehouse,
    carton: Name,
    inner: Annotated[str, typer.Argument(metavar="LxWxH", help=say("cartons.add.inner"))],
    holds: Annotated[int, typer.Option(metavar="GRAMS", min=1, help=say("cartons.add.holds"))],
    own: Annotated[int, typer.Option(metavar="GRAMS", min=0, help=say("cartons.add.own"))] = 0,
    cost: Annotated[str, typer.Option(help=say("cartons.add.cost"))] = "0",
    currency: Annotated[str, typer.Option(help=say("cartons.add.currency"))] = "CNY",
    wall: Annotated[int, typer.Option(metavar="MM", min=0, max=100, help=say("cartons.add.wall"))] = 4,
    json: AsJson = False,
) -> None:
    """Store a carton, in place of one of this name."""
    from oms_workflow.domain.carton import Carton

    made = Carton(
        warehouse=warehouse, id=_name(carton), inner=sides_of(inner), holds_grams=holds, own_grams=own,
        cost=_cost(cost, currency), wall_mm=wall,
    )  # fmt: skip

    async def asked(unit: Any) -> None:
        await port(unit).save(made)
        await unit.commit()

    ask_store(asked)
    if json:
        as_json(told(made))
    else:
        out.print(say("cartons.add.done", carton=made.id, warehouse=warehouse), markup=False)


def list_(
    warehouse: Annotated[str, typer.Option(help=say("stock.warehouse"))] = "",
    json: AsJson = False,
) -> None:
    """List cartons, the smallest first."""

    async def asked(unit: Any) -> Sequence[Carton]:
        found: Sequence[Carton] = await port(unit).of(warehouse)
        return found

    found = ask_store(asked)
    if json:
        as_json({"cartons": [told(one) for one in found]})
    elif not found:
        out.print(say("cartons.none"))
    else:
        rows = [
            [one.warehouse, one.id, f"{one.inner}", f"{one.outer}", one.holds_grams, one.own_grams, f"{one.cost}"]
            for one in found
        ]
        as_table(titles("warehouse", "carton", "inner", "outer", "holds#", "own#", "price#"), rows)


def drop(warehouse: Warehouse, carton: Name, json: AsJson = False) -> None:
    """Use a carton no more; parcels that are planned keep it."""

    async def asked(unit: Any) -> bool:
        gone: bool = await port(unit).drop(warehouse, carton)
        await unit.commit()
        return gone

    gone = ask_store(asked)
    if json:
        as_json({"warehouse": warehouse, "carton": carton, "dropped": gone})
    else:
        out.print(say("cartons.drop.done" if gone else "cartons.drop.unknown", carton=carton), markup=False)
    if not gone:
        leave(NO)


def sides_of(text: str) -> Sides:
    """Read `300x200x150`, in millimetres."""
    from oms_workflow.domain.carton import Sides

    parts = text.replace("×", "x").replace("*", "x").casefold().split("x")
    try:
        length, width, height = (int(part) for part in parts)
    except ValueError:
        raise Unusable(say("cartons.sides", text=repr(text)), code="bad-sides") from None
    if min(length, width, height) < 1 or max(length, width, height) > MOST_MM:
        raise Unusable(say("cartons.sides", text=repr(text)), code="bad-sides")
    return Sides(length_mm=length, width_mm=width, height_mm=height)


def _name(text: str) -> str:
    if not text.strip():
        raise Unusable(say("cartons.add.bad"), code="bad-carton")
    return text.strip()


def _cost(amount: str, currency: str) -> Money:
    from oms_workflow.domain.money import Money

    try:
        found = Money.of(amount, currency)
    except ValueError as wrong:
        raise Unusable(str(wrong), code="bad-cost") from wrong
    if found.is_negative:
        raise Unusable(say("cartons.add.bad"), code="bad-cost")
    return found


def told(one: Carton) -> dict[str, Any]:
    """Give a carton as JSON."""
    return {
        "warehouse": one.warehouse,
        "carton": one.id,
        "inner": str(one.inner),
        "outer": str(one.outer),
        "holds_grams": one.holds_grams,
        "own_grams": one.own_grams,
        "cost": str(one.cost),
    }


def port(unit: Any) -> Any:
    """Give the port to cartons for a unit of work."""
    from oms_workflow.domain.ports.cartons import Cartons
    from oms_workflow.store.bindings import bind

    return bind(Cartons, unit)
