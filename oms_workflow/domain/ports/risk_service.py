"""Port to a service that scores the risk of an order."""

from __future__ import annotations

from typing import Protocol

from oms_workflow.domain.audit import AuditFacts, RiskScore


class RiskService(Protocol):
    """Scores orders."""

    async def score(self, facts: AuditFacts, *, key: str) -> RiskScore:
        """Give the risk of an order with the reasons for it.

        Raises:
            WorldUnavailable: When the service does not answer; `audit.risk_score` is a stand-in without it.
        """
        ...
