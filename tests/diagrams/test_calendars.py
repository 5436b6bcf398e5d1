"""Calendar files: the format, the holidays of a country, the clock, and findings a planner can act on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from oms_workflow.diagrams.calendars import load_calendars, read_calendar
from oms_workflow.errors import DiagramRefused

SHIPPED = Path(__file__).parents[2] / "processes" / "calendars"

OFFICE = """
id = "office"
name = "Office"
time_zone = "{zone}"
country = "{country}"
[hours]
workdays = ["09:00-12:00", "13:00-18:00"]
friday = ["09:00-12:00"]
"""


def office(zone: str = "Asia/Shanghai", country: str = "CN", more: str = "") -> bytes:
    return (OFFICE.format(zone=zone, country=country) + more).encode()


def test_the_shipped_calendars_are_right():
    """Diagrams name them, so they must always load."""
    reading = load_calendars(sorted(SHIPPED.glob("*.toml")), year=2026)

    assert sorted(reading.require()) == ["cn-workdays", "warehouse-hz"]


def test_hours_of_a_day_win_over_those_of_all_workdays():
    """A short Friday is written once."""
    calendar = read_calendar(office(), "office.toml", year=2026)

    assert calendar.weekly[0] == ((540, 720), (780, 1080))
    assert calendar.weekly[4] == ((540, 720),)
    assert calendar.weekly[5] == calendar.weekly[6] == ()


def test_statutory_holidays_are_off_and_make_up_workdays_are_worked():
    """In China days are moved: a free Friday is paid for with a Sunday."""
    calendar = read_calendar(office(), "office.toml", year=2026)

    assert date(2026, 1, 2) in calendar.holidays
    assert dict(calendar.workdays)[date(2026, 1, 4)] == calendar.weekly[0]
    assert calendar.final_until == date(2026, 12, 31)


def test_the_first_working_day_after_the_spring_festival_is_known():
    """The longest holiday of the year is where deadlines go wrong."""
    calendar = read_calendar(office(), "office.toml", year=2026)
    saturday = datetime(2026, 2, 14, 9, 30, tzinfo=UTC)  # 17:30 on a make-up workday

    assert calendar.due_after(saturday, timedelta(hours=1)) == datetime(2026, 2, 24, 1, 30, tzinfo=UTC)


def test_days_of_ones_own_are_stronger_than_those_of_the_country():
    """Stocktaking closes a workday; a sale opens a holiday."""
    more = '[[closed]]\nday = 2026-03-02\nreason = "stocktaking"\n[[open]]\nday = 2026-01-01\nhours = "all day"\n'
    calendar = read_calendar(office(more=more), "office.toml", year=2026)

    assert date(2026, 3, 2) in calendar.holidays
    assert dict(calendar.workdays)[date(2026, 1, 1)] == ((0, 1440),)


def test_changes_of_the_clock_are_written_out_to_the_minute():
    """A stored history must not ask the time-zone database of another year."""
    calendar = read_calendar(office(zone="Europe/Berlin", country="DE"), "office.toml", year=2026)

    assert (datetime(2026, 3, 29, 1, tzinfo=UTC), 120) in calendar.offsets
    assert (datetime(2026, 10, 25, 1, tzinfo=UTC), 60) in calendar.offsets
    assert calendar.offsets[0] == (datetime(2025, 1, 1, tzinfo=UTC), 60)
    assert len(calendar.offsets) == 1 + 2 * 5


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('id = "a b"\nname = "n"\ntime_zone = "UTC"\n[hours]\n', 1, "id"),
        ('id = "a"\nname = "n"\ntime_zone = "Mars/Olympus"\n[hours]\n', 3, "no time zone"),
        ('id = "a"\nname = "n"\ntime_zone = "UTC"\ncountry = "ZZ"\n[hours]\n', 4, "country code"),
        ('id = "a"\nname = "n"\ntime_zone = "UTC"\ncolour = "red"\n[hours]\n', 4, "colour"),
        ('id = "a"\nname = "n"\ntime_zone = "UTC"\n[hours]\nmonday = ["9-5"]\n', 5, "09:00-18:00"),
        ('id = "a"\nname = "n"\ntime_zone = "UTC"\n[hours]\nmonday = ["12:00-13:00", "09:00-10:00"]\n', 5, "09:00"),
        (
            'id = "a"\nname = "n"\ntime_zone = "UTC"\n[hours]\n[[closed]]\nday = 2026-01-01\n[[closed]]\nday = 7\n',
            8,
            "day",
        ),
        ('id = "a"\nname = "n"\ntime_zone = "UTC"\n[hours]\n[[open]]\nday = 2026-01-01\nhours = 5\n', 7, "all day"),
        ('id = "a"\nname = \n', 2, "no TOML"),
        ("", 1, "id"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_reason(text, line, said):
    """Whoever plans shifts mends the file from the message alone."""
    with pytest.raises(DiagramRefused) as refused:
        read_calendar(text.encode(), "office.toml", year=2026)

    places = {(found.line, found.code) for found in refused.value.diagnostics if said in found.message}
    assert places == {(line, "bad-calendar")}


def test_two_calendars_of_one_id_are_refused(tmp_path):
    """A deadline names a calendar by its id."""
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_bytes(office())

    reading = load_calendars(sorted(tmp_path.glob("*.toml")), year=2026)

    assert [found.file for found in reading.diagnostics] == [str(tmp_path / "b.toml")]
    with pytest.raises(DiagramRefused):
        reading.require()


def test_a_file_that_is_no_text_is_refused():
    """Spreadsheets are sometimes saved under the wrong name."""
    with pytest.raises(DiagramRefused, match="UTF-8"):
        read_calendar(b'id = "a"\n\xff\xfe', "office.toml", year=2026)
