"""How the goods of a fulfilment order are to be packed, and what a carrier sees of it. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from activities.shipping.contents import Goods
from oms_workflow.domain.carton import Carton, Lump, Measured, PackingPlan, Piece
from oms_workflow.domain.cartonise import cartonise, holder_of
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Destination, Line
from oms_workflow.domain.parcel_rates import Consignment, Weighed
from oms_workflow.domain.split import Placed
from oms_workflow.domain.split import lumps as inseparable


def pack(
    goods: Sequence[Goods], cartons: Sequence[Carton], measured: Mapping[str, Measured], *, may_divide_lines: bool
) -> PackingPlan:
    """Plan the parcels of goods that lie in one warehouse; without cartons, one parcel for each kind of goods.

    Args:
        may_divide_lines: False where the channel takes one tracking number for a sub-order: then a line one carton
            holds is not divided.
    """
    kinds: dict[str, list[Placed]] = {}
    for one in goods:
        kind = f"{one.line.temperature} {one.line.hazard}".strip()
        kinds.setdefault(kind, []).append(Placed(line=one.line, warehouse="", quantity=one.quantity))
    lumps: list[Lump] = []
    for kind, placed in kinds.items():
        lumps += _of_kind(kind, placed, cartons, measured, may_divide_lines=may_divide_lines)
    return cartonise(lumps, cartons)


def consignment(plan: PackingPlan, warehouse: str, to: Destination, collect: Money | None) -> Consignment:
    """Say what a carrier would see of planned parcels."""
    parcels = tuple(Weighed(gross_grams=one.gross_grams, outer=one.outer) for one in plan.parcels)
    return Consignment(warehouse=warehouse, destination=to, parcels=parcels, collect=collect)


def _of_kind(
    kind: str,
    placed: Sequence[Placed],
    cartons: Sequence[Carton],
    measured: Mapping[str, Measured],
    *,
    may_divide_lines: bool,
) -> list[Lump]:
    found = [
        Lump(
            pieces=tuple(piece for line, quantity in lump for piece in _pieces(line, quantity, measured)),
            kind=kind,
            alone=len(lump) == 1 and _alone(lump[0][0], measured),
        )
        for lump in inseparable(placed)
    ]
    if not cartons:  # nobody said what it is packed into: one parcel, as it always was
        rest = tuple(piece for lump in found if not lump.alone for piece in lump.pieces)
        return [*([Lump(pieces=rest, kind=kind)] if rest else []), *(lump for lump in found if lump.alone)]
    return found if may_divide_lines else _whole_lines(found, cartons)


def _whole_lines(lumps: Sequence[Lump], cartons: Sequence[Carton]) -> list[Lump]:
    """Make one lump of the single pieces of a line, where a carton holds them all."""
    singles: dict[str, list[Lump]] = {}
    for lump in lumps:
        if len(lump.pieces) == 1 and not lump.alone:
            singles.setdefault(lump.pieces[0].line_id, []).append(lump)
    found: list[Lump] = []
    for lump in lumps:
        mine = singles.get(lump.pieces[0].line_id, []) if len(lump.pieces) == 1 and not lump.alone else []
        whole = Lump(pieces=tuple(one.pieces[0] for one in mine), kind=lump.kind) if len(mine) > 1 else lump
        if whole is lump or holder_of(whole, cartons) is None:
            found.append(lump)
        elif whole not in found:
            found.append(whole)
    return found


def _pieces(line: Line, quantity: int, measured: Mapping[str, Measured]) -> list[Piece]:
    known = measured.get(line.sku)
    grams = known.weight_grams if known is not None and known.weight_grams is not None else line.weight_grams
    volume = known.sides.volume_mm3 if known is not None else line.volume_cm3 * 1000
    sides = known.sides if known is not None else None
    return [Piece(line_id=line.id, weight_grams=grams, volume_mm3=volume, sides=sides)] * quantity


def _alone(line: Line, measured: Mapping[str, Measured]) -> bool:
    return line.sku in measured and measured[line.sku].ships_alone
