"""When drawn timers fire: the forms of ISO 8601, and cycles that began in the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from oms_workflow.engine.timing import NO_END, Firing, firing
from tests.engine.walking import Walk

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("measure", "text", "first"),
    [
        ("duration", "P1Y2M3DT4H", datetime(2027, 3, 8, 12, 0, tzinfo=UTC)),
        ("duration", "P1MT30M", datetime(2026, 2, 5, 8, 30, tzinfo=UTC)),
        ("duration", "P1M", datetime(2026, 2, 5, 8, 0, tzinfo=UTC)),
        ("duration", "PT1M", datetime(2026, 1, 5, 8, 1, tzinfo=UTC)),
        ("date", "2026-01-06T08:00Z", datetime(2026, 1, 6, 8, 0, tzinfo=UTC)),
        ("date", "2026-01-06T08:00+08:00", datetime(2026, 1, 6, 0, 0, tzinfo=UTC)),
        ("date", "2026-01-06T08:00+01:00[Europe/Berlin]", datetime(2026, 1, 6, 7, 0, tzinfo=UTC)),
    ],
)
def test_a_form_of_iso_8601_is_read(measure, text, first):
    """Other tools write them; the linter lets them pass, so an order must not stop at them."""
    assert firing(measure, text, NOW).first == first


@pytest.mark.parametrize("text", ["P1Y2M3DT4H", "P1MT30M"])
def test_orders_of_an_earlier_edition_stop_where_they_stopped(text):
    with pytest.raises(ValueError, match="duration"):
        firing("duration", text, NOW, 2)


@pytest.mark.parametrize(
    ("cycle", "first", "repeats"),
    [
        ("R/2026-01-01T07:30:00Z/PT1H", NOW + HOUR / 2, NO_END),
        ("R/2026-01-01T08:00:00Z/PT1H", NOW, NO_END),
        ("R5/2026-01-05T06:30:00Z/PT1H", NOW + HOUR / 2, 2),
        ("R2/2026-01-05T10:00:00Z/PT1H", NOW + 2 * HOUR, 1),
        ("R3/2026-01-01T00:00:00Z/PT1H", datetime(2026, 1, 1, 2, 0, tzinfo=UTC), 0),
    ],
)
def test_a_cycle_leaves_out_the_turns_it_missed(cycle, first, repeats):
    """A year of hourly reminders must not go out at once; of a cycle that is over, the last turn is due now."""
    assert firing("cycle", cycle, NOW) == Firing(first=first, interval=HOUR, repeats=repeats)


def test_the_edition_before_made_up_for_every_missed_turn():
    made_up = firing("cycle", "R5/2026-01-05T06:30:00Z/PT1H", NOW, 2)

    assert made_up == Firing(first=datetime(2026, 1, 5, 6, 30, tzinfo=UTC), interval=HOUR, repeats=4)


def test_a_cycle_of_no_turns_is_refused():
    """It was read as one without end."""
    with pytest.raises(ValueError, match="repetition"):
        firing("cycle", "R0/PT1H", NOW)
    assert firing("cycle", "R0/PT1H", NOW, 2).repeats == NO_END


@pytest.mark.parametrize(
    ("cycle", "first", "repeats"),
    [
        ("R3/P1M", datetime(2026, 2, 5, 8, 0, tzinfo=UTC), 2),
        ("R/P1Y", datetime(2027, 1, 5, 8, 0, tzinfo=UTC), NO_END),
        ("R/2025-08-31T10:00:00Z/P1M", datetime(2026, 1, 31, 10, 0, tzinfo=UTC), NO_END),
        ("R3/2025-08-31T10:00:00Z/P1M", datetime(2025, 10, 31, 10, 0, tzinfo=UTC), 0),
        ("R12/2025-11-05T07:00:00Z/P2M", datetime(2026, 3, 5, 7, 0, tzinfo=UTC), 9),
    ],
)
def test_a_cycle_counts_in_months(cycle, first, repeats):
    read = firing("cycle", cycle, NOW)
    assert (read.first, read.repeats) == (first, repeats)


@pytest.mark.parametrize("cycle", ["R0/P1M", "R3/P0M", "R/9999-12-31T00:00:00Z/P1M"])
def test_a_cycle_of_months_that_never_turns_is_refused(cycle):
    at = datetime(9999, 12, 31, 12, 0, tzinfo=UTC) if "9999" in cycle else NOW
    with pytest.raises(ValueError, match="repetition"):
        firing("cycle", cycle, at)


def test_each_turn_of_a_cycle_of_months_is_counted_from_its_beginning():
    """The short February takes no days from the months after it, in a state that was stored on the way, too."""
    walk = Walk(
        """
        process p
          start S
          catch Payday timer=2026-01-31T08:00:00Z measure=date
          user Work
          catch Every on=Work timer=R/P1M measure=cycle nonstop
          S -> Payday -> Work
        """
    )
    walk.advance("P30D")
    walk.advance("P30D")
    walk.advance("P30D")

    fired = [detail["due"][:10] for detail in walk.detail("timer_fired")]
    assert fired == ["2026-01-31", "2026-02-28", "2026-03-31"]
