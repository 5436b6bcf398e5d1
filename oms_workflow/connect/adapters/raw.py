"""Raw bodies of webhooks: read once, exactly, and only when they are genuine. Knows no system."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oms_workflow.connect.reception.body import refused

LARGEST_BODY = 2_000_000  # bytes; the largest recorded body has 13,000


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One piece of news in the words of the reception: what `door.receive` takes."""

    kind: str
    body: Mapping[str, Any]


def read_json(raw: bytes) -> Any:
    """Read a body; numbers with a point become Decimal, so that no cent is lost.

    Raises:
        OrderRefused: DATA_REFUSED, when it is too large or no JSON.
    """
    if len(raw) > LARGEST_BODY:
        raise refused(f"The body has more than {LARGEST_BODY} bytes.")
    try:
        return json.loads(raw.decode("utf-8"), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise refused("The body is no JSON in UTF-8.") from None


def read_object(raw: bytes) -> dict[str, Any]:
    """Read a body that has to be a JSON object.

    Raises:
        OrderRefused: DATA_REFUSED, when it is none.
    """
    found = read_json(raw)
    if not isinstance(found, dict):
        raise refused("The body is no JSON object.")
    return found


def digest(raw: bytes) -> str:
    """Give 32 hex digits that are the same for the same bytes, to know a delivery by that has no id."""
    return hashlib.sha256(raw).hexdigest()[:32]


def signed_by_any(secrets: Iterable[str], given: str, sign: Callable[[bytes], str]) -> bool:
    """Say whether a signature was made with one of several secrets, in constant time for each.

    Several are valid while a secret is being changed. Without a secret nothing is genuine.

    Args:
        sign: Gives the right signature for a secret.
    """
    checked = [hmac.compare_digest(sign(secret.encode()).encode(), given.encode()) for secret in secrets if secret]
    return any(checked)


def _no_number(word: str) -> Any:
    raise ValueError(word)
