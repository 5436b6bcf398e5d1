"""Waves as activities: who waits, who is released with which wave, twice the same."""

from __future__ import annotations

from datetime import timedelta

from activities.shipping.planning import gather_facts, plan
from activities.waves import join, release_due
from oms_workflow.domain.ports.waves import Waves
from oms_workflow.domain.wave import WaveRule
from tests.domain.orders_for_tests import NOON

from .bench import Bench
from .test_comparing import ready

RULE = WaveRule(warehouse="HZ", carrier="", zone="UTC", times=(), most_orders=5, longest_wait=timedelta(hours=4))


async def test_a_wave_is_released_when_somebody_waited_long_enough(bench: Bench) -> None:
    fulfilment = await ready(bench)
    assert not (await bench.run(gather_facts, fulfilment_id=fulfilment.id)).parcel.in_waves
    await bench.call(Waves, "save_rule", RULE)
    assert (await bench.run(gather_facts, fulfilment_id=fulfilment.id)).parcel.in_waves
    await bench.run(plan, fulfilment_id=fulfilment.id, carrier="sf", service="standard")
    assert (await bench.twice(join, fulfilment_id=fulfilment.id)).waits
    assert (await bench.run(release_due)).released == []

    late = NOON + timedelta(hours=5)
    answer = await bench.twice(release_due, at=late)

    assert (answer.waves, answer.released) == (["HZ.W1"], [fulfilment.id])
    assert (await bench.run(join, fulfilment_id=fulfilment.id)).wave == "HZ.W1"
    await bench.sound()


async def test_with_no_rules_nothing_is_released(bench: Bench) -> None:
    fulfilment = await ready(bench)
    assert not (await bench.twice(join, fulfilment_id=fulfilment.id)).waits
    assert (await bench.twice(release_due)).waves == []
