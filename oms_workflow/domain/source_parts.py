"""How small a part of a divided order may be: both parts of every division have to be worth sending by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oms_workflow.domain.sourcing import Assignment, Demand


def small_parts(demands: Sequence[Demand], given: Sequence[Assignment], least: int) -> Iterator[tuple[str, int]]:
    """Give (warehouse, minor units) of each part that is worth less than `least`; '' is the part nobody sends.

    An order that goes as a whole from one warehouse, or not at all, is not divided and has no small part.
    """
    if not least or not given:
        return
    worth = {demand.line_id: demand.piece_value for demand in demands}
    left = {demand.line_id: demand.quantity for demand in demands}
    parts: dict[str, int] = {}
    for one in given:
        parts[one.warehouse] = parts.get(one.warehouse, 0) + worth[one.line_id] * one.quantity
        left[one.line_id] -= one.quantity
    if any(left.values()):
        parts[""] = sum(worth[name] * pieces for name, pieces in left.items())
    if len(parts) > 1:
        yield from ((name, value) for name, value in parts.items() if value < least)
