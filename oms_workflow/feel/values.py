"""The values of FEEL and the plain words for their kinds. Knows no syntax.

| FEEL | Python |
|---|---|
| number | `decimal.Decimal`, at most 34 digits |
| string, boolean, null | `str`, `bool`, `None` |
| list, context | `list`, `dict` with text keys |
| date, time, date and time | `datetime.date`, `.time`, `.datetime`; `wide` types where Python has no room |
| days and time duration | `datetime.timedelta` |
| years and months duration | `YearsMonths` |
| range, function | `Range`, `FeelFunction` |

Lists and contexts are never changed once made: parts of them are shared.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from oms_workflow.feel.wide import WideDate, WideDateTime, WideTime

if TYPE_CHECKING:
    from oms_workflow.feel.budget import Budget
    from oms_workflow.feel.types import FunctionType

Value: TypeAlias = Any
"""Any value of the table above; Python cannot say it more exactly without making every reader pay for casts."""


@dataclass(frozen=True, slots=True)
class YearsMonths:
    """A years and months duration, counted in months; negative ones go back in time."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        body = f"{years}Y" * bool(years) + f"{months}M" * bool(months or not years)
        return f"{'-' * (self.months < 0)}P{body}"


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """All values between two of one kind. An end that is None is open without limit (`< 10` has no start)."""

    start: Value
    start_included: bool
    end: Value
    end_included: bool


class FeelFunction(ABC):
    """A value that can be called: built in, written in FEEL, or a business knowledge model or decision service."""

    __slots__ = ()

    @property
    @abstractmethod
    def signature(self) -> str:
        """The function as people write it: `substring(string, start position, length)`."""

    @abstractmethod
    def call(self, arguments: Sequence[Value], budget: Budget) -> Value:
        """Give the answer for arguments by position; null, with a note, when they do not fit."""

    @abstractmethod
    def call_named(self, arguments: dict[str, Value], budget: Budget) -> Value:
        """Give the answer for arguments by name; null, with a note, when they do not fit."""

    def same_as(self, other: FeelFunction) -> bool:
        """Say whether two functions are equal; unless a kind of function knows better, only if they are one."""
        return self is other

    @abstractmethod
    def conforms_to(self, wanted: FunctionType, budget: Budget) -> bool:
        """Say whether the function may stand where one of that type is expected."""


KINDS: dict[type, str] = {
    type(None): "null",
    Decimal: "number",
    int: "number",
    bool: "boolean",
    str: "text",
    list: "list",
    dict: "context",
    date: "date",
    WideDate: "date",
    time: "time",
    WideTime: "time",
    datetime: "date and time",
    WideDateTime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    Range: "range",
}

SCALARS = frozenset({type(None), Decimal, bool, str, date, time, datetime, timedelta, YearsMonths})
"""Types of Python whose values are FEEL values as they stand, with nothing inside to look at."""


def kind_of(value: Value) -> str:
    """Name the kind of a value in plain words; values of different kinds are never equal or ordered."""
    return KINDS.get(type(value)) or ("function" if isinstance(value, FeelFunction) else type(value).__name__)
