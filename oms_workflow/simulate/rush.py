"""A made-up day of the rush, all of it from one seed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from oms_workflow.simulate.day import Day
from oms_workflow.simulate.demand import day_of_orders, supply_for
from oms_workflow.simulate.network import REGIONS, SHARES, made_up

BEGIN = datetime(2026, 11, 11, tzinfo=timezone(timedelta(hours=8)))  # Double 11, midnight in China


def rush(*, orders: int, seed: int, warehouses: int = 10, skus: int = 2_000, stock: float = 1.05) -> Day:
    """Make the day. What buyers order does not depend on the warehouses, so networks can be compared as well.

    Args:
        stock: Times the goods the day wants; a fifth of them arrives while it lasts.
    """
    bought = day_of_orders(orders, begin=BEGIN, regions=REGIONS, shares=SHARES, skus=skus, seed=seed)
    network = made_up(warehouses, parcels=orders, seed=seed)
    supply = supply_for(bought, network.names, begin=BEGIN, stock=stock, seed=seed)
    return Day(begin=BEGIN, network=network, bought=bought, supply=supply)
