"""Time zones by IANA name and by offset, from the `tzdata` package alone: every machine has the same rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from oms_workflow.feel.wide import AnyDateTime, AnyTime, WideDateTime

MAX_OFFSET = timedelta(hours=18)  # no place on earth has more than 14; engines agree on 18
WINTER = datetime(2000, 1, 1, 12)  # noqa: DTZ001 - which offset a time of day has in a zone whose offset changes


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """Give all names in the IANA time zone database."""
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1024)
def named_zone(name: str) -> ZoneInfo | None:
    """Give the zone of an IANA name, spelt exactly; None when there is none."""
    if name not in known_zones():
        return None
    with (files("tzdata") / "zoneinfo").joinpath(*name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


def offset_zone(offset: timedelta) -> tzinfo | None:
    """Give the zone with a fixed offset from UTC; None when the offset is larger than any clock shows."""
    if abs(offset) > MAX_OFFSET or offset.microseconds:
        return None
    return timezone(offset) if offset else UTC


def zone_name(zone: tzinfo | None) -> str | None:
    """Give the IANA name of a zone; None for local times and plain offsets."""
    return getattr(zone, "key", None)


def offset_at(moment: AnyDateTime | AnyTime) -> timedelta | None:
    """Say how far a moment is ahead of UTC; None for local times.

    A time of day in a named zone takes the offset of 1 January 2000; a year that Python does not know takes that of
    the same day in year 1 or 9999.
    """
    if moment.tzinfo is None:
        return None
    if isinstance(moment, datetime):
        return moment.utcoffset()
    if isinstance(moment, WideDateTime):
        year = min(max(moment.year, 1), 9999)
        day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
        return moment.tzinfo.utcoffset(datetime(year, moment.month, day, moment.hour, moment.minute))  # noqa: DTZ001
    return moment.tzinfo.utcoffset(WINTER)
