"""The Brunel network as a batch: an order is one piece, a plant a warehouse that takes so many orders a day."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from oms_workflow.domain.batch import Batch, BatchOrder
from oms_workflow.domain.money import Money
from oms_workflow.domain.sourcing import Candidate, Demand, Preference, SourcingPolicy

FINE = 100  # of a currency unit: cents, as everywhere


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Read one table; some of its files end their lines otherwise than others."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def brunel(folder: Path) -> Batch:
    """Read the network: capacities, what each plant supplies and for whom, and what a unit costs there."""
    capacity = {row["Plant_Code"]: int(row["Daily_Capacity"]) for row in rows(folder, "WhCapacities.csv")}
    cost = {row["Plant_Code"]: Decimal(row["Cost_Per_Unit"]) for row in rows(folder, "WhCosts.csv")}
    supplies: dict[str, set[str]] = {}
    for row in rows(folder, "ProductsPerPlant.csv"):
        if row["Plant_Code"] in capacity:
            supplies.setdefault(row["Product_ID"], set()).add(row["Plant_Code"])
    serves: dict[str, set[str]] = {}
    for row in rows(folder, "VmiCustomers.csv"):
        serves.setdefault(row["Plant_Code"], set()).add(row["Customer"])
    orders, available = [], {}
    for row in rows(folder, "OrderList.csv"):
        plants = [plant for plant in sorted(supplies.get(row["Product_ID"], ()))
                  if plant not in serves or row["Customer"] in serves[plant]]  # fmt: skip
        available |= {(row["Product_ID"], plant): 10_000 for plant in plants}
        orders.append(_order(row, plants, cost))
    return Batch(orders=tuple(orders), available=available, capacity=capacity)


def _order(row: dict[str, str], plants: list[str], cost: dict[str, Decimal]) -> BatchOrder:
    name = row["Order_ID"].removesuffix(".0")
    return BatchOrder(
        order_id=name,
        demands=(Demand(line_id=name, sku=row["Product_ID"], quantity=1),),
        candidates=tuple(
            Candidate(
                warehouse=plant,
                priority=1,
                cost=Money.minor(round(cost[plant] * int(row["Unit_Quant"]) * FINE), "USD"),
                distance_km=0,
            )
            for plant in plants
        ),
        policy=SourcingPolicy(prefer=Preference.CHEAPEST),
        region=row["Dest_Port"],
    )
