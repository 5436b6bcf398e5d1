"""Carriers that refuse, are down, or lose what they were given."""

from __future__ import annotations

from datetime import timedelta

from oms_workflow.engine.records import RecordKind
from tests.stories.conftest import Tell


async def test_when_a_carrier_refuses_the_next_one_is_booked(tell: Tell) -> None:
    """A refusal is an answer: it is not retried, and the warehouse does not pack twice."""
    told = await tell("carrier-refuses")
    (sending,) = told.called("fulfilment")

    told.assert_all_is_well()
    assert sending.passed("CarrierRefuses", "NoteRefusal", "ChooseCarrier", "PlanShipment", "BookCarrier", "Fulfilled")
    assert (sending.times("SubmitToWarehouse"), sending.times("BookCarrier")) == (1, 1)
    assert told.labels == (("yto", "standard", "hz"),)
    assert not told.incidents
    assert told.goods("shop:2401") == {"FAN": {"shipped": 1, "delivered": 1}}
    assert told.money("shop:2401") == {"authorised": "96.00", "captured": "96.00"}


async def test_a_carrier_that_is_down_becomes_an_incident_and_is_mended(tell: Tell) -> None:
    """An outage costs time, never the order: the token waits at its node until somebody retries it."""
    told = await tell("carrier-down")
    (sending,), (incident,) = told.called("fulfilment"), told.incidents

    told.assert_all_is_well()
    assert sending.told(RecordKind.JOB_FAILED) == sending.told(RecordKind.INCIDENT_RAISED) == ["BookCarrier"]
    assert (incident.element, incident.state, incident.action, incident.by) == (
        "BookCarrier", "resolved", "retry", "simulated staff",
    )  # fmt: skip
    raised, resolved = (
        sending.at("BookCarrier", kind) for kind in (RecordKind.INCIDENT_RAISED, RecordKind.INCIDENT_RESOLVED)
    )
    assert resolved - raised == timedelta(hours=1)
    assert sending.passed("BookCarrier", "AwaitHandedOver", "Fulfilled")
    assert len(told.labels) == 1
    assert told.goods("shop:2501") == {"TEA": {"shipped": 1, "delivered": 1}}
    assert told.money("shop:2501") == {"authorised": "67.00", "captured": "67.00"}


async def test_a_lost_parcel_is_claimed_and_sent_again_from_elsewhere(tell: Tell) -> None:
    """The buyer gets the goods once, the books show a piece written off and a piece shipped, the carrier pays."""
    told = await tell("parcel-lost")
    order, (first, second), (claim,) = told.order("shop:2601"), told.called("fulfilment"), told.called("carrier_claim")

    told.assert_all_is_well()
    assert first.passed("NoNews", "AskCarrier", "FindParcel", "WriteOffParcel", "OpenClaim", "CheckStock", "SendAgain")
    assert order.passed("GoodsOpen", "ReserveAgain", "AllocateStock", "PlanFulfilments", "GoodsSent", "OrderCompleted")
    assert claim.passed("ClaimOpened", "TellClaimDesk", "ClaimFromCarrier", "Compensated")
    assert second.passed("ParcelDelivered", "TellDelivered")
    assert [label[2] for label in told.labels] == ["hz", "gz"]
    assert told.goods("shop:2601") == {"VASE": {"shipped": 1, "delivered": 1}}
    assert (told.on_hand("VASE", "hz"), told.on_hand("VASE", "gz")) == (0, 4)
    assert told.money("shop:2601") == {"authorised": "268.00", "captured": "268.00"}
