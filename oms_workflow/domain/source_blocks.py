"""What of an order must stay together. Sourcing takes a block whole or not at all, unless it may be divided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oms_workflow.domain.sourcing import Demand


@dataclass(frozen=True, slots=True)
class Block:
    """Demands that are taken together or not at all; a single dividable demand may be taken in part."""

    demands: tuple[Demand, ...]
    dividable: bool
    pieces: int = field(init=False)  # all in it
    needs: Mapping[str, int] = field(init=False, compare=False)
    """Pieces by SKU: lines that share stock are added up before anything is compared."""

    def __post_init__(self) -> None:
        needed: dict[str, int] = {}
        for demand in self.demands:
            needed[demand.sku] = needed.get(demand.sku, 0) + demand.quantity
        object.__setattr__(self, "needs", needed)  # counted once: sourcing asks a hundred times an order
        object.__setattr__(self, "pieces", sum(needed.values()))


def blocks_of(demands: Sequence[Demand], *, may_divide_lines: bool) -> list[Block]:
    """Put what must stay together into one block; whole blocks come first, large ones before small ones."""
    groups: dict[str, list[Demand]] = {}
    for number, demand in enumerate(demands):
        groups.setdefault(demand.ship_together or f"\n{number}", []).append(demand)
    blocks = [Block(tuple(group), may_divide_lines and not group[0].ship_together) for group in groups.values()]
    return sorted(blocks, key=lambda block: (block.dividable, 0 if block.dividable else -block.pieces))
