"""One day of orders in virtual time under one way to choose warehouses. The same day again gives the same report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oms_workflow.simulate.demand import Bought, Receipt, Supply
from oms_workflow.simulate.network import Network
from oms_workflow.simulate.policies import Policy
from oms_workflow.simulate.report import Report, counted
from oms_workflow.simulate.shelves import Shelves, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What happens whoever chooses."""

    begin: datetime
    network: Network
    bought: tuple[Bought, ...]
    supply: Supply


def simulate(day: Day, policy: Policy, *, late: int, progress: Callable[[int], None] = lambda _: None) -> Report:
    """Let a day go by; orders that nobody can send wait for the receipts of the day.

    Args:
        late: What a parcel that breaks its promise counts, in minor units.
        progress: Is told how many orders came in so far.
    """
    shelves = Shelves(day.network, day.supply.opening, day.begin)
    orders: dict[str, Waiting] = {}
    waiting: dict[str, Waiting] = {}
    spent = 0.0
    for at, come, received in _moments(day, policy.every):
        for receipt in received:
            pair = receipt.sku, receipt.warehouse
            shelves.stock[pair] = shelves.stock.get(pair, 0) + receipt.quantity
        for bought in come:
            orders[bought.order_id] = waiting[bought.order_id] = Waiting(bought, bought.demands)
        asked = list(waiting.values()) if policy.every else [waiting[one.order_id] for one in come]
        if received and not policy.every:
            skus = {receipt.sku for receipt in received}
            asked = sorted((one for one in waiting.values() if skus & {demand.sku for demand in one.left}),
                           key=lambda one: (one.priority, one.bought.at, one.bought.order_id))  # fmt: skip
        begun = time.perf_counter()
        policy.place(asked, shelves, at)
        spent += time.perf_counter() - begun
        for order in asked:
            if not order.left:
                waiting.pop(order.bought.order_id, None)
        progress(len(orders))
    return counted(day.network, tuple(orders.values()), shelves, late=late, begin=day.begin, seconds=spent)


Moment = tuple[datetime, Sequence[Bought], Sequence[Receipt]]


def _moments(day: Day, every: timedelta | None) -> Iterator[Moment]:
    """Give when something is chosen, with what came since: at each order and receipt, or every so often."""
    if every is None:
        happens: list[Moment] = [(one.at, (one,), ()) for one in day.bought]
        happens += [(one.at, (), (one,)) for one in day.supply.receipts]
        yield from sorted(happens, key=lambda moment: (moment[0], bool(moment[1])))
        return
    orders, receipts = list(day.bought), list(day.supply.receipts)
    at = day.begin
    while orders or receipts:
        at += every
        come = [one for one in orders[:] if one.at <= at]
        received = [one for one in receipts if one.at <= at]
        del orders[: len(come)], receipts[: len(received)]
        if come or received:
            yield at, come, received
