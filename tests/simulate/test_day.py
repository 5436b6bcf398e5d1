"""A simulated day: the same from the same seed, whoever chooses, and nothing in it is given away twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from oms_workflow.connect.world.chance import draw
from oms_workflow.domain.batch import Weights
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.domain.sourcing import SourcingPolicy
from oms_workflow.optimise.solving import Effort
from oms_workflow.simulate.day import Day, simulate
from oms_workflow.simulate.demand import LEVELS
from oms_workflow.simulate.floor import Parcel, next_pick_up, pack
from oms_workflow.simulate.network import Site
from oms_workflow.simulate.policies import PLAIN, InBatches, OneByOne, Policy
from oms_workflow.simulate.report import Report
from oms_workflow.simulate.rush import BEGIN, rush

RULES = OneByOne(rules=dict.fromkeys(ServiceLevel, SourcingPolicy(maximum_warehouses=2)))
BATCHES = InBatches(rules=PLAIN, every=timedelta(hours=2), weights=Weights(late=500), effort=Effort())
POLICIES: list[Policy] = [OneByOne(rules=PLAIN), RULES, BATCHES]
HOUR = timedelta(hours=1)


def a_day(seed: int = 11, stock: float = 1.05) -> Day:
    return rush(orders=200, seed=seed, warehouses=4, skus=60, stock=stock)


def timeless(report: Report) -> Report:
    return replace(report, seconds=0.0)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_same_seed_gives_the_same_report(policy: Policy) -> None:
    """Two policies can only be compared on one day."""
    first, again = (timeless(simulate(a_day(), policy, late=500)) for _ in range(2))
    assert first == again
    assert first != timeless(simulate(a_day(seed=12), policy, late=500))
    assert first.orders == 200
    assert first.parcels == sum(one.parcels for one in first.warehouses)


@pytest.mark.parametrize("policy", POLICIES)
def test_orders_get_what_there_is_and_no_more(policy: Policy) -> None:
    """With plenty everything goes; with nothing nothing does; with half of it half of the promises break."""
    plenty, half, nothing = (simulate(a_day(stock=many), policy, late=0) for many in (4.0, 0.5, 0.0))
    assert plenty.placed >= 198  # two warehouses do not always have everything
    assert (nothing.placed, nothing.parcels, nothing.missed) == (0, 0, 200)
    assert 0 < half.placed < 200
    assert half.missed >= 200 - half.placed


def test_the_optimiser_costs_no_more_than_the_cheapest_order_by_order() -> None:
    """It sees two hours of orders at once, and there is enough of everything."""
    greedy, batched = (simulate(a_day(stock=1.3), one, late=0) for one in (OneByOne(rules=PLAIN), BATCHES))
    assert batched.batches == 12
    assert batched.widest_gap is not None
    assert batched.widest_gap <= 0.005
    assert batched.cost_per_order.minor_units <= greedy.cost_per_order.minor_units


def test_the_sale_opens_at_midnight_and_again_in_the_evening() -> None:
    """A fifth of the day comes in its first hour, half of that in its first quarter."""
    bought = rush(orders=4_000, seed=3, warehouses=3, skus=50).bought
    hours = [sum(one.at - BEGIN < HOUR * (hour + 1) for one in bought) for hour in range(24)]
    assert 0.19 < hours[0] / 4_000 < 0.25
    assert hours[20] - hours[19] > hours[15] - hours[14]
    quarter = sum(one.at - BEGIN < HOUR / 4 for one in bought)
    assert quarter > hours[0] / 2
    shares = [sum(one.level is level for one in bought) / 4_000 for level, _, _ in LEVELS]
    assert shares == pytest.approx([share for _, share, _ in LEVELS], abs=0.02)


def test_who_is_urgent_is_packed_first_and_leaves_with_the_next_carrier() -> None:
    """One an hour: the VIP that came last overtakes who waits, but not who is being packed."""
    site = Site(name="HZ", parcels_an_hour=1, pick_ups=(time(10), time(18)))
    nine = datetime(2026, 11, 11, 8, tzinfo=BEGIN.tzinfo)

    def parcel(name: str, priority: int, minutes: int) -> Parcel:
        return Parcel(order_id=name, warehouse="HZ", at=nine + timedelta(minutes=minutes), priority=priority,
                      transit=timedelta(hours=20), due=nine + timedelta(hours=24))  # fmt: skip

    done = pack(site, [parcel("a", 3, 0), parcel("b", 3, 1), parcel("v", 1, 30)])
    assert [(one.parcel.order_id, one.packed.hour, one.picked_up.hour, one.is_late) for one in done] == [
        ("a", 9, 10, False), ("v", 10, 10, False), ("b", 11, 18, True)]  # fmt: skip
    assert next_pick_up(site, nine.replace(hour=19)) == nine.replace(day=12, hour=10)


def test_chance_of_the_day_hangs_on_names_not_on_turns() -> None:
    """Another number of warehouses leaves the orders as they are: networks can be compared too."""
    assert a_day().bought == rush(orders=200, seed=11, warehouses=9, skus=60).bought
    assert draw(11, "a") != draw(12, "a")
