"""How a body is read: hostile until checked. What is wrong is named by field, and no value is repeated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from oms_workflow.domain.money import Money
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.errors import OrderRefused

Body = TypeVar("Body", bound=BaseModel)

LATEST_AHEAD = timedelta(days=1)
"""How far a sender's clock may run ahead of ours; a report from the future would outweigh every later one."""

Id = Annotated[str, Field(min_length=1, max_length=160, pattern=r"^[^\s\x00-\x1f\x7f]+$")]
OptionalId = Annotated[str, Field(max_length=160, pattern=r"^[^\s\x00-\x1f\x7f]*$")]
Word = Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9_.\- ]*$")]
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Amount = Annotated[str, Field(max_length=40)]
Pieces = Annotated[int, Field(ge=0, le=1_000_000)]
SomePieces = Annotated[int, Field(ge=1, le=1_000_000)]


class Told(BaseModel):
    """What every body has: the sender's id of the event, and when it happened. Fields we do not know are let pass."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    event: Id
    occurred_at: datetime

    @field_validator("occurred_at")
    @classmethod
    def _has_a_zone(cls, value: datetime) -> datetime:
        if value.utcoffset() is None:
            raise ValueError("a time needs its zone")
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise ValueError("a time is within the years 1 to 9999") from None


def read(model: type[Body], body: Mapping[str, Any], *, at: datetime) -> Body:
    """Give a checked body.

    Args:
        at: When it was received, UTC.

    Raises:
        OrderRefused: DATA_REFUSED, naming each field that is wrong, without its value.
    """
    try:
        found = model.model_validate(body)
    except ValidationError as problem:
        wrong = [
            f"{'.'.join(map(str, error['loc'])) or 'the body'}: {error['msg'].removeprefix('Value error, ')}"
            for error in problem.errors(include_input=False, include_url=False, include_context=False)
        ]
        raise refused(f"The body cannot be worked with. {'; '.join(wrong)}.") from None
    if isinstance(found, Told) and found.occurred_at > at + LATEST_AHEAD:
        raise refused("The body tells of something more than a day in the future. Check the sender's clock and zone.")
    return found


def money(amount: str, currency: str) -> Money:
    """Give an amount of a body.

    Raises:
        OrderRefused: DATA_REFUSED, when it is no amount above zero in a known currency.
    """
    try:
        found = Money.of(amount, currency)
    except ValueError:
        raise refused("The body's amount is no amount in its currency.") from None
    if found.is_zero or found.is_negative:
        raise refused("The body's amount is not above zero.")
    return found


def refused(reason: str) -> OrderRefused:
    """Make the refusal of a body."""
    return refuse(Refusal.DATA_REFUSED, reason)
