"""Stripe: events about payment intents, charges and refunds become news of a payment provider.

Sources: Stripe's webhook guide (header `t=..,v1=..`, tolerance of five minutes, several v1 while a secret is rolled,
events unordered and repeated) and docs.stripe.com/currencies (minor units, special cases ISK and UGX).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from oms_workflow.connect.adapters.raw import News, read_object, signed_by_any
from oms_workflow.connect.reception.body import refused
from oms_workflow.domain.currencies import decimals_of
from oms_workflow.domain.money import Money

SIGNATURE_HEADER = "Stripe-Signature"
TOLERANCE = timedelta(minutes=5)
PROVIDER = "stripe"

ORDER, TRANSACTION = "order_id", "transaction_id"
"""Keys of the metadata that the shop writes onto its payment intents and refunds."""

_OTHER_DECIMALS = {"MGA": 0, "ISK": 2, "UGX": 2}
"""Currencies whose smallest unit at Stripe is not that of ISO 4217."""


def is_genuine(raw: bytes, header: str, secrets: Iterable[str], *, at: datetime) -> bool:
    """Say whether Stripe signed exactly these bytes, and lately.

    Args:
        raw: As received.
        header: Value of SIGNATURE_HEADER; '' when there was none.
        secrets: Endpoint secrets that are valid now.
        at: The time of day, UTC: a delivery that was recorded and played again is old.
    """
    stamp, signatures = "", []
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name == "t":
            stamp = value
        elif name == "v1":
            signatures.append(value)
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    if abs(at - datetime.fromtimestamp(int(stamp), UTC)) > TOLERANCE:
        return False
    payload = stamp.encode() + b"." + raw

    def sign(secret: bytes) -> str:
        return hmac.new(secret, payload, hashlib.sha256).hexdigest()

    known = tuple(secrets)
    return any(signed_by_any(known, one, sign) for one in signatures)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What an event type says: the news it becomes, and where the object keeps the amount."""

    what: str
    amount: str
    applies: Callable[[Mapping[str, Any]], bool] = lambda _: True


def _alone(charge: Mapping[str, Any]) -> bool:
    """True for a charge without a payment intent: with one, the intent's own events tell the same."""
    return not charge.get("payment_intent")


_MEANINGS: dict[str, tuple[_Meaning, ...]] = {
    "payment_intent.amount_capturable_updated": (_Meaning("authorised", "amount_capturable"),),
    "payment_intent.succeeded": (_Meaning("captured", "amount_received"),),
    "payment_intent.payment_failed": (_Meaning("failed", "amount"),),
    "payment_intent.canceled": (_Meaning("voided", "amount"),),
    "charge.succeeded": (
        _Meaning("captured", "amount_captured", lambda one: _alone(one) and bool(one.get("captured"))),
        _Meaning("authorised", "amount", lambda one: _alone(one) and not one.get("captured")),
    ),
    "charge.captured": (_Meaning("captured", "amount_captured", _alone),),
    "charge.failed": (_Meaning("failed", "amount", _alone),),
    "charge.expired": (_Meaning("voided", "amount", _alone),),
    **{
        kind: (_Meaning("refund_settled", "amount", lambda one: one.get("status") in ("succeeded", "failed")),)
        for kind in ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated")
    },
}
"""Events that move money. `charge.refunded` only repeats a sum; the refund's own events say which refund it was."""


def parse(raw: bytes, *, live: bool = True) -> tuple[News, ...]:
    """Give the news of an event; () for events that move no money, or of the other mode.

    Args:
        live: Events of test mode move no money.

    Raises:
        OrderRefused: DATA_REFUSED, when an event about money cannot be worked with, or names no order of ours.
    """
    event = read_object(raw)
    meanings = _MEANINGS.get(str(event.get("type")), ())
    if not meanings or event.get("livemode") is not live:
        return ()
    data = event.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    if not isinstance(thing, dict):
        raise refused("The event carries no object.")
    found = [one for one in meanings if one.applies(thing)]
    return tuple(News(kind=f"payment.{one.what}", body=_body(event, thing, one)) for one in found)


def _body(event: Mapping[str, Any], thing: Mapping[str, Any], meaning: _Meaning) -> dict[str, Any]:
    metadata = thing.get("metadata")
    ours = metadata if isinstance(metadata, dict) else {}
    if not ours.get(ORDER):
        raise refused(f"The event's object names no order of ours; write {ORDER!r} into the metadata.")
    amount = _amount(thing.get(meaning.amount), thing.get("currency"))
    failed = meaning.what == "failed" or thing.get("status") == "failed"
    return {
        "event": event.get("id"),
        "occurred_at": _moment(event.get("created")),
        "provider": PROVIDER,
        "order": ours[ORDER],
        "transaction": ours.get(TRANSACTION, ""),
        "reference": thing.get("id"),
        "amount": str(amount.amount),
        "currency": amount.currency,
        "status": "failed" if failed else "succeeded",
        "code": _reason(thing) if failed else "",
    }


def _amount(units: Any, currency: Any) -> Money:
    code = currency.upper() if isinstance(currency, str) else ""
    try:
        decimals = _OTHER_DECIMALS.get(code, decimals_of(code))
        if not isinstance(units, int) or isinstance(units, bool):
            raise ValueError("an amount is a whole number of smallest units")
        return Money(Decimal(units).scaleb(-decimals), code)
    except ValueError:
        raise refused("The event's amount is no amount in its currency.") from None


def _moment(stamp: Any) -> str:
    try:
        return datetime.fromtimestamp(stamp, UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        raise refused("The event has no time.") from None


def _reason(thing: Mapping[str, Any]) -> str:
    """Give the code of a failure; the texts beside it are for the buyer."""
    error = thing.get("last_payment_error")
    said = error if isinstance(error, dict) else {}
    for word in (said.get("decline_code"), said.get("code"), thing.get("failure_code"), thing.get("failure_reason")):
        if isinstance(word, str) and word:
            return word[:80]
    return "failed"
