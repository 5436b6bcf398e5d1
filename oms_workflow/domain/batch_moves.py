"""From one plan to a better one: which pieces change their warehouse, in groups that each pay by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oms_workflow.domain.batch import Batch, BatchOrder, Plans, score
from oms_workflow.domain.money import Money
from oms_workflow.domain.sourcing import Assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Pieces of one line that are to come from another warehouse."""

    order_id: str
    line_id: str
    sku: str
    origin: str  # the warehouse that held them
    target: str  # the warehouse that holds them from now on
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveGroup:
    """Moves that are made together or not at all: some of them need what others give up."""

    moves: tuple[Move, ...]
    saves: int  # minor units; more than 0
    parcels: int  # fewer parcels than before; negative when there are more
    currency: str

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders concerned."""
        return tuple(dict.fromkeys(one.order_id for one in self.moves))

    @property
    def why(self) -> str:
        """Say why these pieces move, in English and Chinese."""
        saved, many = Money.minor(self.saves, self.currency), len(self.orders)
        parcels = f", {self.parcels} parcels fewer" if self.parcels > 0 else ""
        fewer = f"，少 {self.parcels} 个包裹" if self.parcels > 0 else ""
        return f"saves {saved} over {many} orders{parcels} 全局优化节省 {saved}，涉及 {many} 单{fewer}"


def moves_between(batch: Batch, now: Plans, better: Plans) -> tuple[MoveGroup, ...]:
    """Give what turns the plan as it is now into the better one; what does not pay by itself is left out.

    Both plans hold the same pieces of every order: nobody gets more by being moved, and nobody loses a piece.
    """
    by_order = {order.order_id: tuple(_moves(order, now[order.order_id], better[order.order_id]))
                for order in batch.orders}  # fmt: skip
    changed = [order for order in batch.orders if by_order[order.order_id]]
    groups = []
    for members in _together(batch, changed, by_order):
        mine = Batch(orders=tuple(members), available={}, weights=batch.weights)
        before, after = score(mine, now), score(mine, better)
        if after.missing == before.missing and after.cost < before.cost:
            moves = tuple(move for order in members for move in by_order[order.order_id])
            saves, parcels = before.cost - after.cost, before.parcels - after.parcels
            currency = members[0].candidates[0].cost.currency
            groups.append(MoveGroup(moves=moves, saves=saves, parcels=parcels, currency=currency))
    return tuple(groups)


def _moves(order: BatchOrder, now: tuple[Assignment, ...], better: tuple[Assignment, ...]) -> Iterator[Move]:
    for demand in order.demands:
        held, wanted = _by_warehouse(demand.line_id, now), _by_warehouse(demand.line_id, better)
        names = sorted(held | wanted)
        given = {name: held.get(name, 0) - wanted.get(name, 0) for name in names}
        for target in (name for name in names if given[name] < 0):
            for origin in names:
                quantity = min(given[origin], -given[target])
                if quantity > 0:
                    given[origin] -= quantity
                    given[target] += quantity
                    yield Move(order_id=order.order_id, line_id=demand.line_id, sku=demand.sku, origin=origin,
                               target=target, quantity=quantity)  # fmt: skip


def _by_warehouse(line_id: str, given: tuple[Assignment, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in given:
        if one.line_id == line_id:
            found[one.warehouse] = found.get(one.warehouse, 0) + one.quantity
    return found


def _together(batch: Batch, orders: list[BatchOrder], moves: Mapping[str, tuple[Move, ...]]) -> list[list[BatchOrder]]:
    """Put orders into one group that move the same goods, or parcels of a warehouse that takes only so many."""
    groups: list[tuple[set[object], list[BatchOrder]]] = []
    for order in orders:
        touched: set[object] = set()
        for move in moves[order.order_id]:
            touched |= {(move.sku, move.origin), (move.sku, move.target)}
            touched |= {name for name in (move.origin, move.target) if name in batch.capacity}
        joined = [group for group in groups if group[0] & touched]
        groups = [group for group in groups if not group[0] & touched]
        members = [member for group in joined for member in group[1]]
        groups.append((touched.union(*(group[0] for group in joined)), [*members, order]))
    return [members for _, members in groups]
