"""EasyPost: `tracker.updated` webhooks become reports of carriers.

Sources: docs.easypost.com, webhooks guide (header, secret); the form `hmac-sha256-hex=<hex>` with an NFKD-normalised
secret is that of their client libraries. The newer signature over time stamp and path is not read here.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from oms_workflow.connect.adapters.raw import News, read_object, signed_by_any
from oms_workflow.connect.reception.body import refused
from oms_workflow.domain.tracking import ParcelStatus

SIGNATURE_HEADER = "X-Hmac-Signature"

_STATUS = {
    "pre_transit": ParcelStatus.PRE_TRANSIT,
    "in_transit": ParcelStatus.IN_TRANSIT,
    "out_for_delivery": ParcelStatus.OUT_FOR_DELIVERY,
    "available_for_pickup": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "failure": ParcelStatus.FAILURE,
    "return_to_sender": ParcelStatus.RETURN_TO_SENDER,
    "delivered": ParcelStatus.DELIVERED,
}
"""Everything else (error, cancelled, unknown and words to come) is kept as unknown and moves nothing."""


class _Place(BaseModel):
    model_config = ConfigDict(extra="ignore")

    city: str | None = None
    state: str | None = None
    country: str | None = None


class _Detail(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    status: str = Field("unknown", max_length=40)
    status_detail: str | None = Field(None, max_length=60)
    moment: datetime | None = Field(None, alias="datetime")
    carrier_code: str | None = Field(None, max_length=40)
    message: str | None = Field(None, max_length=2000)
    tracking_location: _Place | None = None


class _Tracker(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    tracking_code: str = Field(min_length=1, max_length=80)
    carrier: str = Field(min_length=1, max_length=80)
    is_return: bool | None = None
    tracking_details: list[_Detail] = Field(default_factory=list, max_length=2000)


def is_genuine(raw: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Say whether EasyPost signed exactly these bytes.

    Args:
        raw: As received. Written anew the body has other bytes (`"weight": 614.4`), and no signature fits.
        signature: Value of SIGNATURE_HEADER; '' when there was none.
        secrets: Webhook secrets that are valid now.
    """

    def sign(secret: bytes) -> str:
        key = unicodedata.normalize("NFKD", secret.decode()).encode()
        return f"hmac-sha256-hex={hmac.new(key, raw, hashlib.sha256).hexdigest()}"

    return signed_by_any(secrets, signature, sign)


def parse(raw: bytes, *, mode: str = "production") -> tuple[News, ...]:
    """Give the reports of a webhook, the oldest first; () for events that are not about trackers, or of another mode.

    A body repeats every report since the parcel was announced. Each report gets an id made of what it says, so that
    it is known when the next body brings it again.

    Args:
        mode: `test` events move no real parcels.

    Raises:
        OrderRefused: DATA_REFUSED, when a tracker event cannot be worked with.
    """
    event = read_object(raw)
    if event.get("description") not in ("tracker.created", "tracker.updated") or event.get("mode") != mode:
        return ()
    try:
        tracker = _Tracker.model_validate(event.get("result"))
    except ValidationError as problem:
        fields = ", ".join(".".join(map(str, error["loc"])) for error in problem.errors(include_input=False))
        raise refused(f"The tracker cannot be worked with; look at {fields or 'result'}.") from None
    found = [
        News(kind="carrier.reported", body=_body(tracker, detail, detail.moment))
        for detail in tracker.tracking_details
        if detail.moment is not None  # a report without a time says nothing about where the parcel is now
    ]
    return tuple(sorted(found, key=lambda one: (one.body["occurred_at"], one.body["event"])))


def _body(tracker: _Tracker, detail: _Detail, moment: datetime) -> dict[str, Any]:
    # EasyPost gives times in UTC; a few carriers' times come without a zone and are meant so, too.
    occurred_at = (moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    place = detail.tracking_location or _Place()
    said = {
        "carrier": tracker.carrier.casefold(),
        "tracking_number": tracker.tracking_code,
        "status": _status(tracker, detail).value,
        "occurred_at": occurred_at.isoformat(),
        "place": " ".join(part for part in (place.city, place.state, place.country) if part)[:120],
        "note": (detail.status_detail or detail.carrier_code or "")[:60],
    }
    # The carrier's own words are left out of the report: some name the person who signed. They do tell reports apart.
    told = "\x1f".join((*said.values(), detail.carrier_code or "", detail.message or ""))
    return {"event": f"ep_{hashlib.sha256(told.encode()).hexdigest()[:24]}", **said}


def _status(tracker: _Tracker, detail: _Detail) -> ParcelStatus:
    if detail.status_detail == "lost":
        return ParcelStatus.LOST
    status = _STATUS.get(detail.status, ParcelStatus.UNKNOWN)
    back = tracker.is_return and status is ParcelStatus.DELIVERED
    return ParcelStatus.RETURNED if back else status
