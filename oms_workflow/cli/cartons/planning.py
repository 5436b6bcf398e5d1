"""`oms cartons plan`: how goods would be packed, without an order. Stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.cartons.keeping import Warehouse, port
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, out, titles

if TYPE_CHECKING:
    from oms_workflow.domain.carton import Lump, PackingPlan

MOST_PIECES = 2_000


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("plan", help=say("cartons.plan.help"))(plan)


def plan(
    warehouse: Warehouse,
    goods: Annotated[list[str], typer.Argument(metavar="SKU=PIECES...", help=say("cartons.plan.goods"))],
    fill: Annotated[int, typer.Option(min=1, max=100, help=say("cartons.plan.fill"))] = 85,
    json: AsJson = False,
) -> None:
    """Show the parcels measured goods would make."""
    wanted = dict(_goods(one) for one in goods)
    if sum(wanted.values()) > MOST_PIECES:
        raise Unusable(say("cartons.plan.many", most=MOST_PIECES), code="too-many")

    async def asked(unit: Any) -> PackingPlan:
        from oms_workflow.domain.cartonise import cartonise

        known = await port(unit).measured(wanted)
        unknown = sorted(set(wanted) - set(known))
        if unknown:
            raise Unusable(say("cartons.plan.unmeasured", skus=", ".join(unknown)), code="unmeasured")
        lumps = [_lump(known[sku]) for sku, many in wanted.items() for _ in range(many)]
        return cartonise(lumps, await port(unit).of(warehouse), fill_percent=fill)

    found = ask_store(asked)
    if json:
        as_json(told(found))
    else:
        show(found)


def show(found: PackingPlan) -> None:
    """Print parcels, and how good the plan is."""
    rows = [
        [number, parcel.carton.id if parcel.carton else say("cartons.plan.bare"),
         ", ".join(f"{many} {name}" for name, many in parcel.pieces.items()), parcel.gross_grams,
         f"{parcel.outer or ''}"]
        for number, parcel in enumerate(found.parcels, start=1)
    ]  # fmt: skip
    as_table(titles("parcel#", "carton", "goods", "grams#", "outer"), rows)
    out.print(say("cartons.plan.fewest" if found.is_fewest else "cartons.plan.heuristic", least=found.least))


def told(found: PackingPlan) -> dict[str, Any]:
    """Give a plan as JSON."""
    return {
        "parcels": [
            {
                "carton": parcel.carton.id if parcel.carton else None,
                "pieces": [{"sku": name, "quantity": many} for name, many in parcel.pieces.items()],
                "gross_grams": parcel.gross_grams,
                "outer": str(parcel.outer) if parcel.outer else None,
            }
            for parcel in found.parcels
        ],
        "least": found.least,
        "is_fewest": found.is_fewest,
    }


def _goods(text: str) -> tuple[str, int]:
    sku, _, many = text.rpartition("=")
    if not sku or not many.isdecimal() or int(many) < 1:
        raise Unusable(say("cartons.plan.bad", text=repr(text)), code="bad-goods")
    return sku, int(many)


def _lump(one: Any) -> Lump:
    from oms_workflow.domain.carton import Lump, Piece

    piece = Piece(line_id=one.sku, weight_grams=one.weight_grams or 0, volume_mm3=one.sides.volume_mm3, sides=one.sides)
    return Lump(pieces=(piece,), alone=one.ships_alone)
