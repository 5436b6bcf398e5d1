"""What is left of goods and of warehouses' capacity while a simulated day goes by. Gives nothing away twice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from oms_workflow.domain.keeping import in_time
from oms_workflow.domain.service_level import priority
from oms_workflow.domain.sourcing import Assignment, Candidate, Demand
from oms_workflow.simulate.demand import Bought
from oms_workflow.simulate.floor import Floor, Parcel
from oms_workflow.simulate.network import Network


@dataclass(slots=True)
class Waiting:
    """An order, and what of it nobody sends yet."""

    bought: Bought
    left: tuple[Demand, ...]
    used: set[str] = field(default_factory=set)  # warehouses that send something of it

    @property
    def priority(self) -> int:
        """Its place in the queue."""
        return priority(self.bought.level)


class Shelves:
    """Goods on the shelves, parcels told to warehouses, and what is known when an order is given a warehouse."""

    def __init__(self, network: Network, opening: dict[tuple[str, str], int], begin: datetime) -> None:
        self.network = network
        self.stock = dict(opening)
        self.floors = {site.name: Floor(site, begin) for site in network.sites}
        self.parcels: list[Parcel] = []
        self.cost_of_parcels = 0  # minor units
        self.cost_of_pieces = 0
        self.gaps: list[float | None] = []  # of each plan for many orders: how far it is known to be from the best

    def candidates(self, order: Waiting, at: datetime) -> tuple[Candidate, ...]:
        """Give the warehouses of an order, each with whether it keeps the promise behind all that waits there."""
        return tuple(
            in_time(one, order.bought.promise, self.floors[one.warehouse].leaves(at))
            for one in self.network.lanes[order.bought.region]
        )

    def take(self, order: Waiting, given: tuple[Assignment, ...], at: datetime) -> None:
        """Give an order what was chosen for it. A warehouse packs what it sends of an order at one time together."""
        lanes = {one.warehouse: one for one in self.network.lanes[order.bought.region]}
        for one in given:
            self.stock[one.sku, one.warehouse] -= one.quantity
            if self.stock[one.sku, one.warehouse] < 0:
                raise ValueError(f"{one.warehouse} has no {one.quantity} of {one.sku!r} left.")
            piece = lanes[one.warehouse].piece_cost
            self.cost_of_pieces += one.quantity * (piece.minor_units if piece else 0)
        for name in dict.fromkeys(one.warehouse for one in given):
            lane = lanes[name]
            self.floors[name].told(at)
            self.cost_of_parcels += lane.cost.minor_units
            assert lane.transit is not None  # candidates without one are no lanes of a simulated network
            self.parcels.append(Parcel(
                order_id=order.bought.order_id, warehouse=name, at=at, priority=order.priority, transit=lane.transit,
                due=order.bought.promise.deliver_by,
            ))  # fmt: skip
            order.used.add(name)
        order.left = _rest(order.left, given)


def _rest(left: tuple[Demand, ...], given: tuple[Assignment, ...]) -> tuple[Demand, ...]:
    sent: dict[str, int] = {}
    for one in given:
        sent[one.line_id] = sent.get(one.line_id, 0) + one.quantity
    rest = (replace(one, quantity=one.quantity - sent[one.line_id]) if one.line_id in sent else one for one in left)
    return tuple(one for one in rest if one.quantity)
