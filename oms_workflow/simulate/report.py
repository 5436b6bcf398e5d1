"""What a simulated day comes to: orders placed, promises missed, parcels, money, and how busy warehouses were."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from oms_workflow.domain.money import Money
from oms_workflow.simulate.floor import Delivered, pack
from oms_workflow.simulate.network import Network, Site
from oms_workflow.simulate.shelves import Shelves, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """How busy a warehouse was."""

    warehouse: str
    parcels: int
    of_the_day: float  # packed within the day, as a share of what can be packed in a day
    longest_wait_hours: float  # until a parcel was packed


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A day in figures. All but `seconds` are the same in every run of a seed."""

    orders: int
    placed: int  # completely
    in_part: int
    missed: int  # orders with a parcel after the promised moment, or with goods that never went
    missed_urgent: int  # of these, VIP and express
    split: int  # placed orders in more than one parcel
    parcels: int
    parcel_cost: Money
    piece_cost: Money
    late_cost: Money  # what late parcels were charged with
    warehouses: tuple[Busy, ...]
    batches: int  # plans for many orders at once
    widest_gap: float | None  # how far one of them is from the proven best, at most; None: not known, or no plan
    seconds: float  # spent choosing, on this machine

    @property
    def cost_per_order(self) -> Money:
        """Parcels, handling and lateness for each order that got anything."""
        total = self.parcel_cost.minor_units + self.piece_cost.minor_units + self.late_cost.minor_units
        return Money.minor(round(total / max(1, self.placed + self.in_part)), self.parcel_cost.currency)

    @property
    def figures(self) -> dict[str, Any]:
        """Give everything as plain values, shares included."""
        plain = asdict(self) | {name: str(getattr(self, name)) for name in ("parcel_cost", "piece_cost", "late_cost")}
        sent = max(1, self.placed + self.in_part)
        return plain | {
            "cost_per_order": str(self.cost_per_order),
            "missed_share": round(self.missed / max(1, self.orders), 4),
            "split_share": round(self.split / sent, 4),
            "parcels_per_order": round(self.parcels / sent, 4),
            "seconds": round(self.seconds, 2),
        }


def counted(
    network: Network, orders: tuple[Waiting, ...], shelves: Shelves, *, late: int, begin: datetime, seconds: float
) -> Report:
    """Pack and deliver everything, and count."""
    delivered: list[Delivered] = []
    busy = []
    for site in network.sites:
        mine = pack(site, (one for one in shelves.parcels if one.warehouse == site.name))
        delivered += mine
        busy.append(_busy(site, mine, begin))
    parcels: dict[str, int] = {}
    for one in delivered:
        parcels[one.parcel.order_id] = parcels.get(one.parcel.order_id, 0) + 1
    too_late = {one.parcel.order_id for one in delivered if one.is_late}
    missed = [one for one in orders if one.left or one.bought.order_id in too_late]
    return Report(
        orders=len(orders),
        placed=sum(not one.left for one in orders),
        in_part=sum(bool(one.left and one.used) for one in orders),
        missed=len(missed),
        missed_urgent=sum(one.priority < 3 for one in missed),
        split=sum(many > 1 for many in parcels.values()),
        parcels=len(delivered),
        parcel_cost=Money.minor(shelves.cost_of_parcels, network.currency),
        piece_cost=Money.minor(shelves.cost_of_pieces, network.currency),
        late_cost=Money.minor(late * sum(one.is_late for one in delivered), network.currency),
        warehouses=tuple(busy),
        batches=len(shelves.gaps),
        widest_gap=_widest(shelves.gaps),
        seconds=seconds,
    )


def _busy(site: Site, delivered: list[Delivered], begin: datetime) -> Busy:
    packed = sum(one.packed <= begin + timedelta(days=1) for one in delivered)
    waits = [(one.packed - one.parcel.at) / timedelta(hours=1) for one in delivered]
    return Busy(
        warehouse=site.name,
        parcels=len(delivered),
        of_the_day=round(packed / site.parcels_an_hour / 24, 4),
        longest_wait_hours=round(max(waits, default=0.0), 1),
    )


def _widest(gaps: list[float | None]) -> float | None:
    known = [one for one in gaps if one is not None]
    return round(max(known), 6) if known and len(known) == len(gaps) else None
