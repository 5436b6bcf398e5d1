"""Port to a payment provider."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import TransactionKind


class ProviderVerdict(StrEnum):
    """What a provider says at once. PENDING: the final word comes as a message."""

    SUCCEEDED = "succeeded"
    PENDING = "pending"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRequest:
    """Money to move. `parent_ref` is the provider's id of the transaction it draws on; '' for an authorisation."""

    order_id: str
    transaction_id: str
    amount: Money
    parent_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAnswer:
    """What the provider did."""

    verdict: ProviderVerdict
    provider_ref: str  # its id of the transaction; '' when it declined before making one
    code: str = ""  # its reason for declining


class PaymentProvider(Protocol):
    """A payment provider. The same `key` moves money once, however often it is asked.

    Every method raises WorldUnavailable when it does not answer: then nobody knows whether it acted, and asking again
    with the same key is the only way to find out.
    """

    name: str  # as stored with our transactions

    async def authorise(self, request: ProviderRequest, *, key: str) -> ProviderAnswer:
        """Ask the buyer's bank to promise money."""
        ...

    async def capture(self, request: ProviderRequest, *, key: str) -> ProviderAnswer:
        """Take promised money."""
        ...

    async def void(self, request: ProviderRequest, *, key: str) -> ProviderAnswer:
        """Give promised money up."""
        ...

    async def refund(self, request: ProviderRequest, *, key: str) -> ProviderAnswer:
        """Send captured money back."""
        ...

    async def look_up(self, kind: TransactionKind, *, key: str) -> ProviderAnswer | None:
        """Say what became of a call made with this key; None when the provider never saw it."""
        ...
