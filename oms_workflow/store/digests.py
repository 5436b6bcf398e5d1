"""Keyed digests of personal data: enough to see that two are the same, of no use without the vault's key."""

from __future__ import annotations

from oms_workflow.domain.address import keyed_digest
from oms_workflow.store.database import Database


def digest_of(database: Database, use: str, text: str) -> str:
    """Digest a text for one use, so that digests of different uses cannot be compared; '' stays ''."""
    return keyed_digest(f"{use} {text}" if text else "", database.vault_key)


def buyer_key(database: Database, channel: str, buyer_id: str) -> str:
    """Digest what a channel calls a buyer; '' when it gives no id."""
    return digest_of(database, "buyer", f"{channel} {buyer_id}" if buyer_id else "")
