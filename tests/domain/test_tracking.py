"""Where a parcel is, from reports that come late, twice and out of order."""

from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.tracking import FINAL, ParcelStatus, TrackingEvent, parcel_state

from .orders_for_tests import NOON


def report(status: ParcelStatus, hours: int = 0, event_id: str = "") -> TrackingEvent:
    moment = NOON + timedelta(hours=hours)
    name = event_id or f"{status.value}-{hours}"
    return TrackingEvent(
        carrier="sf", tracking_number="1", status=status, occurred_at=moment, received_at=moment, event_id=name
    )


REPORTS = st.lists(
    st.builds(report, st.sampled_from(ParcelStatus), st.integers(min_value=0, max_value=5)), min_size=1, max_size=12
)


@given(reports=REPORTS, seed=st.integers())
def test_order_and_repetition_of_reports_change_nothing(reports: list[TrackingEvent], seed: int) -> None:
    """Webhooks are retried and overtake each other; the parcel is where it is."""
    shuffled = [*reports, *reports[: len(reports) // 2]]
    random.Random(seed).shuffle(shuffled)
    assert parcel_state(shuffled) == parcel_state(reports)


@given(reports=REPORTS)
def test_a_final_report_is_only_corrected_by_a_final_one(reports: list[TrackingEvent]) -> None:
    """A hub that scans a pile after the fact must not undo a delivery."""
    final = [one for one in reports if one.status in FINAL]
    if final:
        assert parcel_state(reports).status in FINAL


def test_the_later_report_counts() -> None:
    """Time at the carrier decides, not time of arrival here."""
    reports = [report(ParcelStatus.OUT_FOR_DELIVERY, 5), report(ParcelStatus.IN_TRANSIT, 2)]
    assert parcel_state(reports).status is ParcelStatus.OUT_FOR_DELIVERY


def test_a_delivered_parcel_that_comes_back_is_returned() -> None:
    """A refused parcel is sometimes scanned as delivered first."""
    reports = [report(ParcelStatus.DELIVERED, 1), report(ParcelStatus.RETURNED, 48)]
    state = parcel_state(reports)
    assert state.status is ParcelStatus.RETURNED
    assert state.delivered_at is None


def test_a_lost_parcel_may_turn_up() -> None:
    """Lost is the carrier's opinion."""
    reports = [report(ParcelStatus.LOST, 100), report(ParcelStatus.IN_TRANSIT, 120)]
    assert parcel_state(reports).status is ParcelStatus.IN_TRANSIT


def test_failed_attempts_are_counted_once_each() -> None:
    """After some attempts somebody calls the buyer."""
    reports = [report(ParcelStatus.FAILURE, 1), report(ParcelStatus.FAILURE, 1), report(ParcelStatus.FAILURE, 25)]
    assert parcel_state(reports).failures == 2


def test_without_a_known_word_the_parcel_is_before_transit() -> None:
    """A word we do not know is kept as a report and moves nothing."""
    assert parcel_state([report(ParcelStatus.UNKNOWN, 3)]).status is ParcelStatus.PRE_TRANSIT
