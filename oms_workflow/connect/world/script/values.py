"""How single values are written in a script: durations, moments, names, quantities. Knows no behaviours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

_DURATION = re.compile(r"P(?=.)(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?")


def duration(text: object) -> timedelta:
    """Read `P1DT12H`, `PT90S`, `P2W`; months and years are no fixed time and not taken.

    >>> duration("P1DT2H")
    datetime.timedelta(days=1, seconds=7200)

    Raises:
        ValueError: For anything else.
    """
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"expected a duration such as 'PT30M' or 'P2D', found {text!r}")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def moment(text: object) -> datetime | timedelta:
    """Read a moment with its zone (`2026-11-11T08:00:00+08:00`), or a duration since the world began.

    Raises:
        ValueError: For anything else.
    """
    if isinstance(text, str) and text.startswith("P"):
        return duration(text)
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None:
        raise ValueError(f"expected a moment with its zone or a duration since the world began, found {text!r}")
    return found


def names(value: object) -> tuple[str, ...]:
    """Read one name or a list of names.

    Raises:
        ValueError: For anything else, and for an empty list, which nothing could match.
    """
    found = (value,) if isinstance(value, str) else value
    if not isinstance(found, (list, tuple)) or not found or not all(isinstance(one, str) and one for one in found):
        raise ValueError(f"expected a name or a list of names, found {value!r}")
    return tuple(found)


def _pieces(value: Mapping[str, int]) -> Mapping[str, int]:
    if not value or min(value.values()) < 1:
        raise ValueError("expected at least one SKU or sub-order id with a number of pieces above 0")
    return value


Duration = Annotated[timedelta, BeforeValidator(duration)]
Moment = Annotated[datetime | timedelta, BeforeValidator(moment)]
Names = Annotated[tuple[str, ...], BeforeValidator(names)]
Pieces = Annotated[dict[str, int], AfterValidator(_pieces)]  # SKU or sub-order id -> pieces


class Frozen(BaseModel):
    """A part of a script: unknown fields are mistakes, and nothing is changed once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


def variables(value: object) -> dict[str, Any]:
    """Read variables for a process: a JSON object.

    Raises:
        ValueError: For anything else.
    """
    if not isinstance(value, dict):
        raise ValueError(f"expected an object of variables, found {value!r}")
    return value


Variables = Annotated[dict[str, Any], BeforeValidator(variables)]
