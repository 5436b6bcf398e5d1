"""One label for each parcel, whatever dies in between: the carrier books a key once, the shop asks with the same key.

Each test kills the activity at one place: the carrier acts and its answer is lost, the commit is lost, or the memory
of the answer is. What counts in the end is what the carrier did and what the database holds.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.shipping.carrying import book, cancel
from oms_workflow.domain.fulfilment import FulfilmentOrder
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.shipment import Shipment, ShipmentStatus
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.store.shipments import StoredShipments
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON, cny

from .bench import Bench
from .test_comparing import ready

SF = {"carrier": "sf", "service": "standard"}


class Killed(Exception):
    """The worker is gone: whatever was not committed is too."""


def parcels(fulfilment: FulfilmentOrder, count: int) -> list[dict[str, Any]]:
    """So many parcels with a piece each, the last one with the rest."""
    (line,) = fulfilment.lines
    sizes = [1] * (count - 1) + [line.quantity - count + 1]
    return [{"weight_grams": 500, "pieces": {line.line_id: many}} for many in sizes]


async def shipment_of(bench: Bench, fulfilment: FulfilmentOrder) -> Shipment:
    found = [
        one
        for one in await bench.call(Shipments, "of_fulfilment", fulfilment.id)
        if one.status is not ShipmentStatus.CANCELLED
    ]
    assert len(found) == 1
    shipment: Shipment = found[0]
    return shipment


async def require_one_label_each(bench: Bench, fulfilment: FulfilmentOrder, count: int) -> None:
    carrier = bench.outside.carrier
    shipment = await shipment_of(bench, fulfilment)
    numbers = [one.tracking_number for one in shipment.packages]
    assert len(set(numbers)) == count
    assert len(carrier.labels) == len(carrier.effects.keys("label")) == count
    assert sorted(one.parcel for one in carrier.labels) == list(range(1, count + 1))
    await bench.sound()


@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_a_lost_answer_buys_no_second_label(bench: Bench, lost: int) -> None:
    """The carrier booked it and the line went dead; every retry meets the same label."""
    fulfilment = await ready(bench)
    bench.outside.carrier.effects.lose_answers = lost
    key = bench.key()
    for _ in range(lost):
        with pytest.raises(WorldUnavailable):
            await bench.run(book, key=key, fulfilment_id=fulfilment.id, **SF, packages=parcels(fulfilment, 3))
    await bench.run(book, key=key, fulfilment_id=fulfilment.id, **SF, packages=parcels(fulfilment, 3))
    await require_one_label_each(bench, fulfilment, 3)


@pytest.mark.parametrize("method", ["plan", "pack"])
async def test_a_worker_killed_at_a_write_buys_no_second_label(bench: Bench, method: str) -> None:
    """Before the write, after the labels were bought: the next attempt stores the same numbers."""
    fulfilment = await ready(bench)

    class Dying(StoredShipments):
        pass

    async def die(*args: Any, **more: Any) -> Any:
        raise Killed

    setattr(Dying, method, die)
    bench.replaced[Shipments] = Dying
    key = bench.key()
    with pytest.raises(Killed):
        await bench.run(book, key=key, fulfilment_id=fulfilment.id, **SF, packages=parcels(fulfilment, 2))
    bench.replaced.clear()
    await bench.run(book, key=key, fulfilment_id=fulfilment.id, **SF, packages=parcels(fulfilment, 2))
    await require_one_label_each(bench, fulfilment, 2)


async def test_a_worker_killed_at_the_commit_buys_no_second_label(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is written and nothing is kept: labels are outside, packages are not inside."""
    fulfilment = await ready(bench)
    key, commits = bench.key(), iter([False, True])
    commit = UnitOfWork.commit

    async def dying(unit: UnitOfWork) -> None:
        if next(commits, False):  # the checkpoint before the labels still stands
            raise Killed
        await commit(unit)

    with monkeypatch.context() as patched:
        patched.setattr(UnitOfWork, "commit", dying)
        with pytest.raises(Killed):
            await bench.run(book, key=key, fulfilment_id=fulfilment.id, **SF, packages=parcels(fulfilment, 2))
    assert not (await shipment_of(bench, fulfilment)).packages
    await bench.run(book, key=key, fulfilment_id=fulfilment.id, **SF, packages=parcels(fulfilment, 2))
    await require_one_label_each(bench, fulfilment, 2)


async def test_a_second_call_is_given_the_first_ones_numbers(bench: Bench) -> None:
    """Packages and the memory of the answer are one transaction: either both stand or none."""
    fulfilment = await ready(bench)
    key, asked = bench.key(), {"fulfilment_id": fulfilment.id, **SF, "packages": parcels(fulfilment, 3)}
    first = await bench.run(book, key=key, **asked)
    assert await bench.run(book, key=key, **asked) == first
    await require_one_label_each(bench, fulfilment, 3)


async def test_another_key_books_nothing_that_is_packed(bench: Bench) -> None:
    """Somebody repeats the node by hand: no carrier is asked for goods that have their label."""
    fulfilment = await ready(bench)
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=parcels(fulfilment, 3))
    with pytest.raises(OrderRefused) as refused:
        await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=parcels(fulfilment, 3))
    assert refused.value.code == Refusal.QUANTITY_EXCEEDED
    await require_one_label_each(bench, fulfilment, 3)


async def test_labels_of_a_refused_shipment_are_voided_once(bench: Bench) -> None:
    """The third parcel is refused; the two that were bought are given back, and nothing is stored."""
    fulfilment = await ready(bench)
    bench.outside.carrier.refuses = {3}
    key = bench.key()
    for _ in range(2):
        with pytest.raises(OrderRefused) as refused:
            await bench.run(book, key=key, fulfilment_id=fulfilment.id, **SF, packages=parcels(fulfilment, 3))
        assert refused.value.code == Refusal.ADDRESS_REFUSED
    assert len(bench.outside.carrier.effects.keys("cancel_label")) == 2
    assert not (await shipment_of(bench, fulfilment)).packages


@pytest.mark.parametrize("lost", [0, 1, 2])
async def test_labels_of_a_cancelled_shipment_are_voided_once_each(bench: Bench, lost: int) -> None:
    """And the shipment is cancelled only after the carrier said so for all of them."""
    fulfilment = await ready(bench)
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=parcels(fulfilment, 3))
    bench.outside.carrier.effects.lose_answers = lost
    key = bench.key()
    for _ in range(lost):
        with pytest.raises(WorldUnavailable):
            await bench.run(cancel, key=key, fulfilment_id=fulfilment.id)
        assert (await shipment_of(bench, fulfilment)).status is ShipmentStatus.LABELLED
    await bench.run(cancel, key=key, fulfilment_id=fulfilment.id)
    assert len(bench.outside.carrier.effects.keys("cancel_label")) == 3
    (shipment,) = await bench.call(Shipments, "of_fulfilment", fulfilment.id)
    assert shipment.status is ShipmentStatus.CANCELLED
    await bench.sound()


async def test_what_labels_cost_is_kept_beside_what_was_expected(bench: Bench) -> None:
    """Only when the carrier said it for every parcel: half a bill is no difference."""
    fulfilment = await ready(bench)
    carrier = bench.outside.carrier
    carrier.costs = [cny("7.00"), cny("8.50")]
    await bench.run(book, fulfilment_id=fulfilment.id, **SF, packages=parcels(fulfilment, 2))
    shipment = await shipment_of(bench, fulfilment)
    assert (shipment.billed, shipment.difference) == (cny("15.50"), None)
    assert [str(one.cost) for one in shipment.packages] == ["7.00 CNY", "8.50 CNY"]


@settings(max_examples=40, deadline=None)
@given(expected=st.none() | st.integers(0, 5000), billed=st.lists(st.none() | st.integers(0, 3000), max_size=4))
def test_a_difference_is_told_only_when_both_sides_are_known(expected: int | None, billed: list[int | None]) -> None:
    from oms_workflow.domain.money import Money
    from oms_workflow.domain.shipment import Package
    from oms_workflow.domain.tracking import ParcelStatus

    boxes = tuple(
        Package(
            id=str(n), shipment_id="s", carrier="sf", tracking_number=str(n), weight_grams=1, pieces=(),
            status=ParcelStatus.PRE_TRANSIT, handed_over_at=NOON,
            cost=None if units is None else Money.minor(units, "CNY"),
        )
        for n, units in enumerate(billed)
    )  # fmt: skip
    shipment = Shipment(
        id="s", fulfilment_id="f", carrier="sf", service="std", status=ShipmentStatus.LABELLED, packages=boxes,
        expected_cost=None if expected is None else Money.minor(expected, "CNY"),
    )  # fmt: skip
    known = expected is not None and billed and None not in billed
    assert (shipment.difference is not None) == bool(known)
    if shipment.difference is not None and expected is not None:
        assert shipment.difference.minor_units == sum(one or 0 for one in billed) - expected
