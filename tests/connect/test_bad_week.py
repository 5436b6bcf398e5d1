"""A bad week: everything that can go wrong on the wires does, and in the end books, world and processes agree."""

from __future__ import annotations

import pytest

from oms_workflow.domain.fulfilment import FulfilmentStatus
from oms_workflow.domain.messages import MESSAGES

from .conftest import OpenDesk

ORDERS = [str(number) for number in range(1, 5)]
CHANCES = {"duplicate": 0.5, "late": 0.4, "unavailable": 0.3, "answer_lost": 0.3}


@pytest.mark.parametrize("seed", [1, 3])
async def test_in_the_end_everything_is_delivered_once(open_desk: OpenDesk, seed: int) -> None:
    """Outages, lost answers, late and repeated news: nothing is lost, nothing happens twice."""
    desk = await open_desk(
        {"when": {"share": 0.5}, "carrier": {"webhooks": {"shuffled": True}, "journey": {"failed_attempts": 1}}},
        {"when": {"share": 0.5}, "warehouse": {"webhooks": {"shuffled": True, "late": "PT5H"}}},
        {"when": {"share": 0.3}, "warehouse": {"parcels": 2}},
        chances=CHANCES,
        seed=seed,
    )
    assert desk.outside is not None
    for number in ORDERS:
        await desk.labelled(await desk.submitted(number, tea=1, cup=2))
    await desk.catch_up()

    for number in ORDERS:
        fulfilment = f"shop:{number}.F1"
        assert (await desk.fulfilment(fulfilment)).status is FulfilmentStatus.CLOSED
        view = await desk.shop.view(f"shop:{number}")
        assert {line.delivered for line in view.quantities.values()} == {1, 2}
        told = [one.name for one in desk.published.values() if one.key == fulfilment]
        for once in ("accepted", "picked", "packed", "handed_over"):
            assert told.count(f"warehouse.{once}") == 1
        assert told.count("parcel.delivered") == 1
    assert set(desk.names) <= set(MESSAGES)
    audit = await desk.outside.world.audit()
    assert audit.contradictions == ()
    assert any(one.calls > one.effects == 1 for one in audit.keys), "no call was ever repeated"
    await desk.shop.sound()
