"""What carriers charge: the right row, first and further weight, volume, surcharges; and who is chosen by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.carrier_choice import AllowedCarrier, ChosenProduct, choose_carrier
from oms_workflow.domain.carton import Sides
from oms_workflow.domain.order import Destination
from oms_workflow.domain.parcel_rates import (
    Charge,
    Consignment,
    Priced,
    Rate,
    Weighed,
    charged_grams,
    defects_of_rate,
    price,
)

from .orders_for_tests import NOON, cny

DAY = date(2026, 11, 11)
SHENZHEN = Destination(country="CN", region="广东省", city="深圳市")
BOX = Sides(length_mm=400, width_mm=300, height_mm=200)  # 24,000 cm3
RATE = Rate(
    carrier="sf", service="standard", country="CN", valid_from=date(2026, 1, 1), first_grams=1000,
    first_cost=cny("12.00"), further_grams=500, further_cost=cny("2.50"),
)  # fmt: skip


def sent(*grams: int, outer: Sides | None = None, **more: Any) -> Consignment:
    parcels = tuple(Weighed(gross_grams=one, outer=outer) for one in grams)
    return Consignment(**{"warehouse": "HZ", "destination": SHENZHEN, "parcels": parcels} | more)


def cost(rates: Rate | list[Rate], consignment: Consignment, day: date = DAY) -> str | None:
    found = price(rates if isinstance(rates, list) else [rates], consignment, day)
    return None if found is None else str(found.cost.amount)


# -- weight


@pytest.mark.parametrize(
    ("grams", "told"), [(1, "12.00"), (1000, "12.00"), (1001, "14.50"), (1500, "14.50"), (1501, "17.00")]
)
def test_every_started_further_step_counts(grams: int, told: str) -> None:
    """A gram over is a whole step: 续重 is billed like that."""
    assert cost(RATE, sent(grams)) == told


def test_what_takes_up_room_is_charged_by_room() -> None:
    """24,000 cm3 at 6000 are 4 kg, whatever the parcel weighs; a heavier parcel is charged by its weight."""
    bulky = replace(RATE, divisor=6000)
    assert charged_grams(Weighed(gross_grams=500, outer=BOX), 6000) == 4000
    assert cost(bulky, sent(500, outer=BOX)) == "27.00"
    assert cost(bulky, sent(5000, outer=BOX)) == "32.00"
    assert cost(RATE, sent(500, outer=BOX)) == "12.00"


def test_every_parcel_has_its_own_first_weight() -> None:
    """Which is why one parcel is cheaper than two."""
    assert cost(RATE, sent(600, 600)) == "24.00"
    assert cost(RATE, sent(1200)) == "14.50"


def test_a_row_ends_where_the_next_begins() -> None:
    """Bands: light parcels by one price, heavier ones by another, still heavier ones not at all."""
    light = replace(RATE, up_to_grams=3000, first_cost=cny("6.00"))
    heavy = replace(RATE, up_to_grams=20_000, first_grams=5000, first_cost=cny("20.00"), further_grams=1000)
    assert cost([heavy, light], sent(3000)) == "16.00"
    assert cost([heavy, light], sent(3001)) == "20.00"
    assert cost([heavy, light], sent(20_001)) is None
    assert cost([heavy, light], sent(500, 20_001)) is None


def test_a_heavy_parcel_is_held_by_volume_too() -> None:
    """The end of a row is compared with what is charged."""
    only = replace(RATE, divisor=6000, up_to_grams=3000)
    assert cost(only, sent(2000)) is not None
    assert cost(only, sent(2000, outer=BOX)) is None


# -- lane and time


def test_the_most_specific_lane_counts() -> None:
    everywhere = replace(RATE, first_cost=cny("9.00"))
    here = replace(RATE, warehouse="HZ", first_cost=cny("8.00"))
    there = replace(RATE, region="广东省", first_cost=cny("7.00"))
    lane = replace(RATE, warehouse="HZ", region="广东省", first_cost=cny("6.00"))
    known = [here, lane, everywhere, there]
    told = [cost(known[: known.index(one)] + known[known.index(one) + 1 :], sent(1)) for one in (lane, there)]
    assert cost(known, sent(1)) == "6.00"
    assert told == ["7.00", "6.00"]
    assert cost([here, everywhere], sent(1)) == "8.00"
    assert cost([lane, everywhere], sent(1, warehouse="SZ")) == "9.00"
    assert cost([lane], sent(1, destination=Destination(country="CN", region="海南省"))) is None
    assert cost([everywhere], sent(1, destination=Destination(country="SG"))) is None


def test_the_list_that_began_last_counts_and_none_beyond_its_end() -> None:
    old = replace(RATE, first_cost=cny("10.00"))
    new = replace(RATE, valid_from=date(2026, 11, 1), valid_until=date(2026, 11, 11), first_cost=cny("13.00"))
    assert cost([old, new], sent(1), date(2026, 10, 31)) == "10.00"
    assert cost([old, new], sent(1), date(2026, 11, 11)) == "13.00"
    assert cost([old, new], sent(1), date(2026, 11, 12)) == "10.00"  # the offer ended, the old list goes on
    assert cost([new], sent(1), date(2026, 11, 12)) is None


# -- surcharges


def test_surcharges_are_named() -> None:
    full = replace(
        RATE, remote_cost=cny("5.00"), remote_cities=frozenset({"深圳市"}), on_delivery_cost=cny("1.00"),
        on_delivery_basis_points=150, oversize_mm=350, oversize_cost=cny("20.00"),
    )  # fmt: skip
    found = price([full], sent(1000, 1200, outer=BOX, collect=cny("99.90")), DAY)
    assert found is not None
    assert {charge.value: str(amount.amount) for charge, amount in found.charges} == {
        "first_weight": "24.00", "further_weight": "2.50", "remote": "10.00", "on_delivery": "2.50",
        "oversize": "40.00",
    }  # fmt: skip
    assert str(found.cost) == "79.00 CNY"  # 1.5 % of 99.90 are 1.4985: rounded up, as carriers do
    plain = price([full], sent(1000, destination=Destination(country="CN", region="广东省", city="广州市")), DAY)
    assert plain is not None
    assert plain.charges == ((Charge.FIRST_WEIGHT, cny("12.00")),)


WRONG = [
    {"first_grams": 0}, {"further_grams": 0}, {"further_cost": None}, {"first_cost": cny("-1.00")},
    {"up_to_grams": 999}, {"valid_until": date(2025, 12, 31)}, {"divisor": 0}, {"oversize_mm": 1},
    {"further_grams": 0, "further_cost": None}, {"on_delivery_basis_points": -1},
]  # fmt: skip


@pytest.mark.parametrize("change", WRONG, ids=str)
def test_a_row_that_cannot_be_is_told(change: dict[str, Any]) -> None:
    assert defects_of_rate(RATE) == ()
    assert defects_of_rate(replace(RATE, **change)) != ()


@given(st.integers(1, 60_000), st.integers(1, 60_000), st.integers(1, 9000))
def test_more_weight_never_costs_less_and_parts_add_up(one: int, other: int, divisor: int) -> None:
    rate = replace(RATE, divisor=divisor)
    light, heavy = sorted((one, other))
    less, more = (price([rate], sent(grams, outer=BOX), DAY) for grams in (light, heavy))
    assert less is not None and more is not None
    assert less.cost <= more.cost
    assert sum(amount.minor_units for _, amount in more.charges) == more.cost.minor_units
    both = price([rate], sent(light, heavy, outer=BOX), DAY)
    assert both is not None
    assert both.cost == less.cost + more.cost


# -- who is chosen

ZTO, YTO, SF, EMS = (AllowedCarrier(carrier=name, service="standard") for name in ("zto", "yto", "sf", "ems"))
FAST = replace(SF, service="express")


def priced(one: AllowedCarrier, amount: str, currency: str = "CNY") -> Priced:
    found = cny(amount) if currency == "CNY" else replace(cny(amount), currency=currency)
    return Priced(carrier=one.carrier, service=one.service, cost=found, charged_grams=1, charges=())


def chosen(
    allowed: list[AllowedCarrier], costs: dict[AllowedCarrier, str], hours: dict[AllowedCarrier, int] | None = None
) -> ChosenProduct:
    found = choose_carrier(
        allowed,
        {one.product: priced(one, amount) for one, amount in costs.items()},
        {one.product: NOON + timedelta(hours=many) for one, many in (hours or {}).items()},
        deliver_by=NOON + timedelta(hours=48),
        currency="CNY",
    )
    assert found is not None
    return found


def test_the_cheapest_that_keeps_the_promise_is_taken() -> None:
    found = chosen([ZTO, YTO, SF], {ZTO: "4.00", YTO: "5.00", SF: "12.00"}, {ZTO: 72, YTO: 48, SF: 24})
    assert (found.carrier, str(found.cost), found.arrives_at) == ("yto", "5.00 CNY", NOON + timedelta(hours=48))
    assert "next is sf standard for 12.00 CNY" in found.why
    assert "最便宜" in found.why


def test_a_preferred_rank_goes_before_a_cheaper_one() -> None:
    """What a VIP paid for is not saved at their cost; only when it would be late the next rank is asked."""
    second = replace(ZTO, rank=2)
    assert chosen([FAST, second], {FAST: "25.00", second: "4.00"}).carrier == "sf"
    late = chosen([FAST, second], {FAST: "25.00", second: "4.00"}, {FAST: 60, second: 30})
    assert late.carrier == "zto"


def test_when_none_is_in_time_the_first_to_arrive_is_taken() -> None:
    found = chosen([ZTO, SF], {ZTO: "4.00", SF: "12.00"}, {ZTO: 96, SF: 60})
    assert found.carrier == "sf"
    assert "no priced service arrives by 2026-11-13T12:00" in found.why


def test_a_known_arrival_goes_before_an_unknown_one() -> None:
    assert chosen([ZTO, SF], {ZTO: "4.00", SF: "12.00"}, {SF: 24}).carrier == "sf"
    assert chosen([ZTO, SF], {ZTO: "4.00", SF: "12.00"}).carrier == "zto"


def test_without_any_price_the_rules_decide_and_say_so() -> None:
    found = chosen([ZTO, YTO], {})
    assert (found.carrier, found.cost) == ("zto", None)
    assert "no rate table prices this lane" in found.why
    assert chosen([ZTO, YTO], {}, {ZTO: 72}).carrier == "yto"
    assert "none does" in chosen([ZTO], {}, {ZTO: 72}).why


def test_a_price_in_another_currency_is_none() -> None:
    found = choose_carrier(
        [ZTO, SF], {ZTO.product: priced(ZTO, "1.00", "USD"), SF.product: priced(SF, "12.00")}, {}, deliver_by=None,
        currency="CNY",
    )  # fmt: skip
    assert found is not None
    assert found.carrier == "sf"


def test_nothing_allowed_is_nothing_chosen() -> None:
    assert choose_carrier([], {}, {}, deliver_by=None, currency="CNY") is None


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.none() | st.integers(0, 900), st.none() | st.integers(0, 96)),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_nothing_cheaper_of_the_chosen_rank_would_have_kept_the_promise(drawn: list[Any]) -> None:
    allowed = [AllowedCarrier(carrier=f"c{n}", service="s", rank=rank) for n, (rank, _, _) in enumerate(drawn)]
    costs = {one: f"{units}.00" for one, (_, units, _) in zip(allowed, drawn, strict=True) if units is not None}
    hours = {one: many for one, (_, _, many) in zip(allowed, drawn, strict=True) if many is not None}
    found = chosen(allowed, costs, hours)
    taken = next(one for one in allowed if one.carrier == found.carrier)
    timely = [one for one in costs if hours.get(one, 0) <= 48]
    if timely:
        assert taken in timely
        assert taken.rank == min(one.rank for one in timely)
        known = [one for one in timely if one.rank == taken.rank and (one in hours) == (taken in hours)]
        assert found.cost == min(cny(costs[one]) for one in known)
