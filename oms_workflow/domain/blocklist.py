"""Parties whose orders a person looks at first: keyed digests, each with a reason and an end. Stops nobody itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BlockedBy(StrEnum):
    """What a blocked party is recognised by."""

    ADDRESS = "address"
    BUYER = "buyer"  # the channel's own id of the buyer
    EMAIL = "email"
    PHONE = "phone"


Parties = Mapping[BlockedBy, str]
"""Digests by what they were made from; what is not known is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEntry:
    """One blocked party. Holds no personal data: whoever has the number finds the entry, nobody reads it from here."""

    kind: BlockedBy
    digest: str
    reason: str  # for people; no personal data
    added_by: str
    added_at: datetime  # UTC
    expires_at: datetime | None  # UTC; None: until somebody lifts it
    lifted_at: datetime | None = None
    lifted_by: str = ""

    @property
    def id(self) -> str:
        """The entry's name, short enough to be typed: `phone-1f6a09c2`."""
        return f"{self.kind.value}-{self.digest[:8]}"

    def counts(self, at: datetime) -> bool:
        """Whether the party is blocked at a moment."""
        return self.lifted_at is None and (self.expires_at is None or at < self.expires_at)
