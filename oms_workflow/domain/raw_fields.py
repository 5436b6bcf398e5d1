"""Reading single fields of incoming data: text, numbers, money, times, however a channel wrote them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from oms_workflow.domain.currencies import decimals_of
from oms_workflow.domain.money import Money
from oms_workflow.domain.problem import Fault, Problem, Weight
from oms_workflow.domain.text_damage import damage

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # nothing sold online before is worth importing; catches seconds as ms
SECONDS_END = 10_000_000_000  # an epoch number below is in seconds (until 2286), above in milliseconds
_CURRENCY_SIGN = re.compile("^[¥￥$€£]\\s*|\\s*元$")
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?\Z")
YES = frozenset({"true", "1", "yes", "y", "是"})
NO = frozenset({"false", "0", "no", "n", "", "否"})


class Reader:
    """Reads the fields of one mapping and notes what is wrong with them; a wrong field reads as nothing.

    Keys are compared without blanks around them, because exported headers have some. Empty text is no value.
    """

    def __init__(self, raw: Mapping[str, Any], problems: list[Problem], path: str = "") -> None:
        self._raw = {str(key).strip(): value for key, value in raw.items()}
        self._path = path
        self.problems = problems

    def note(self, field: str, fault: Fault, message: str, weight: Weight = Weight.ERROR) -> None:
        """Note what is wrong with a field."""
        self.problems.append(Problem(field=f"{self._path}{field}", fault=fault, weight=weight, message=message))

    def value(self, field: str) -> Any:
        """Give what is there; None for nothing and for empty text."""
        value = self._raw.get(field)
        if isinstance(value, str):
            value = value.strip()
        return None if value in ("", None) else value

    def require(self, field: str, what: str) -> bool:
        """Note a missing field; True when it is there."""
        if self.value(field) is None:
            self.note(
                field, Fault.MISSING, f"Expected {what}, found nothing. Add it in the channel's export or mapping."
            )
            return False
        return True

    def text(self, field: str, *, limit: int = 500, damaged: Weight = Weight.ERROR) -> str:
        """Give a text; numbers are taken as they are written, but a number that lost digits on its way is damaged.

        Args:
            damaged: How much a wrongly decoded text weighs: an address that cannot be read stops the order.
        """
        value = self.value(field)
        if value is None:
            return ""
        if isinstance(value, float) and (abs(value) >= 2**53 or not value.is_integer()):
            self.note(field, Fault.DAMAGED, "Expected text, found a rounded number. Export the column as text.")
            return ""
        text = str(int(value)) if isinstance(value, float) else str(value)
        if len(text) > limit:
            self.note(field, Fault.OUT_OF_RANGE, f"Expected at most {limit} characters, found {len(text)}.")
            return ""
        wrong = damage(text)
        if wrong:
            self.note(field, Fault.DAMAGED, f"The text {wrong}. Read it in its own encoding.", damaged)
        return text

    def whole(self, field: str, *, least: int, most: int = 1_000_000) -> int | None:
        """Give a whole number; `3.0` and `3.0000` are 3."""
        number = self._number(field)
        if number is None:
            return None
        if number != number.to_integral_value():
            self.note(field, Fault.UNREADABLE, f"Expected a whole number, found {number.normalize():f}.")
            return None
        return self._in_range(field, int(number), least, most)

    def money(self, field: str, currency: str, *, signed: bool = False) -> Money | None:
        """Give an amount; trailing zeros beyond the currency's decimals are dropped, other decimals are an error."""
        number = self._number(field)
        if number is None:
            return None
        if number < 0 and not signed:
            self.note(field, Fault.NEGATIVE, "Expected an amount of at least 0, found a negative one.")
            return None
        try:
            return Money(number, currency)
        except ValueError:
            decimals = decimals_of(currency)
            self.note(field, Fault.UNREADABLE, f"Expected at most {decimals} decimals for {currency}, found more.")
            return None

    def moment(self, field: str, zone: ZoneInfo, latest: datetime) -> datetime | None:
        """Give a moment in UTC, from ISO 8601, `YYYY-MM-DD HH:MM:SS` in the channel's zone, or epoch (milli)seconds."""
        value = self.value(field)
        if value is None:
            return None
        moment = _moment(value, zone)
        if moment is None:
            self.note(field, Fault.UNREADABLE, "Expected a time such as 2026-11-11 08:00:00 or epoch milliseconds.")
            return None
        if not EARLIEST <= moment <= latest + timedelta(days=1):
            self.note(field, Fault.OUT_OF_RANGE, f"Expected a time between 2000 and now, found {moment:%Y-%m-%d}.")
            return None
        return moment

    def flag(self, field: str) -> bool:
        """Give a yes or no; nothing means no."""
        value = self.value(field)
        if isinstance(value, bool) or value is None:
            return bool(value)
        word = str(value).casefold()
        if word not in YES | NO:
            self.note(field, Fault.UNREADABLE, "Expected yes or no.")
        return word in YES

    def one_of(self, field: str, words: Mapping[str, str], default: str) -> str:
        """Give one of several words by what channels call it; nothing means the default."""
        value = self.value(field)
        if value is None:
            return default
        found = words.get(str(value).casefold())
        if found is None:
            self.note(field, Fault.INVALID, f"Expected one of {', '.join(sorted(words))}.")
        return found or default

    def _number(self, field: str) -> Decimal | None:
        value = self.value(field)
        if value is None:
            return None
        if isinstance(value, bool):
            self.note(field, Fault.UNREADABLE, "Expected a number, found yes or no.")
            return None
        text = _CURRENCY_SIGN.sub("", str(value)).strip()  # a float by its shortest text
        if _THOUSANDS.match(text):
            text = text.replace(",", "")
        try:
            number = Decimal(text)
        except InvalidOperation:
            hint = " A comma is not read as a decimal point: set the number format." if "," in text else ""
            self.note(field, Fault.UNREADABLE, f"Expected a number.{hint}")
            return None
        if not number.is_finite() or abs(number) > 10**15:
            self.note(field, Fault.OUT_OF_RANGE, "Expected a number of ordinary size.")
            return None
        return number

    def _in_range(self, field: str, number: int, least: int, most: int) -> int | None:
        if least <= number <= most:
            return number
        fault = Fault.NEGATIVE if number < 0 <= least else Fault.OUT_OF_RANGE
        self.note(field, fault, f"Expected {least} to {most}, found {number}.")
        return None


def _moment(value: Any, zone: ZoneInfo) -> datetime | None:
    if isinstance(value, datetime):
        return (value if value.utcoffset() is not None else value.replace(tzinfo=zone)).astimezone(UTC)
    text = str(value)
    digits = text.removesuffix(".0")
    if digits.isdigit() and len(digits) >= 9:
        seconds = int(digits) / (1 if int(digits) < SECONDS_END else 1000)
        return datetime.fromtimestamp(seconds, UTC) if seconds < 4_102_444_800 else None  # until 2100
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    return (moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)).astimezone(UTC)
