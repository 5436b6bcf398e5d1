"""The database itself refuses what would break a ledger or a rule that compares rows, whoever asks for it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from oms_workflow.domain.fulfilment import RequestStatus
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.tracking import ParcelStatus
from oms_workflow.store.database import Database
from oms_workflow.store.tables.triggers import APPEND_ONLY, TRIGGERS
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON, an_order, cny

from .shop import Shop

SPOILED = {
    "money_gone_was_captured": """
        INSERT INTO payment_transactions
            (id, order_id, number, kind, amount, currency, status, provider, parent, provider_ref, reason, at)
        SELECT 'over', order_id, 99, 'refund', amount, currency, 'pending', provider, id, '', '', at
        FROM payment_transactions WHERE kind = 'capture' AND order_id = 'shop:1'
    """,
    "settled_stays_settled": "UPDATE payment_transactions SET amount = amount + 1 WHERE kind = 'capture'",
    "fate_is_decided_once": "UPDATE fulfilments SET fate = NULL, status = 'open' WHERE fate = 'ship'",
    "nothing_ships_on_hold": "UPDATE shipments SET status = 'handed_over', handed_over_at = CURRENT_TIMESTAMP"
    " WHERE status = 'labelled'",
    "paid_reservations_stay": "UPDATE stock_claims SET reserved = 1, expires_at = CURRENT_TIMESTAMP"
    " WHERE order_id = 'shop:1'",
}
"""One row spoiled by hand for each rule that is not about growing only."""


@pytest.fixture
async def busy(database: Database) -> Shop:
    """One order that arrived and was refunded in part, and one whose parcel is labelled and on hold."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 9})
    (fulfilment,) = await shop.ready(an_order(("a", "TEA", 2)))
    shipment = await shop.ship(fulfilment)
    await shop.report(shipment, ParcelStatus.DELIVERED)
    await shop.refund("shop:1", True, amount=cny("1.00"))
    (other,) = await shop.ready(an_order(("b", "TEA", 1), number="2"))
    await shop.request(other.id, RequestStatus.SUBMITTED)
    await shop.request(other.id, RequestStatus.ACCEPTED)
    await shop.packed(other)
    await shop.call(Holds, "place", "shop:2", HoldKind.MANUAL, reason="", by="x", key="h", at=NOON)
    return shop


async def spoil(database: Database, statement: str) -> None:
    async with UnitOfWork(database) as unit:
        await (await unit.writing()).execute(text(statement))
        await unit.commit()


def test_every_rule_is_seen_to_refuse() -> None:
    """A trigger nobody saw refuse is no trigger."""
    assert {one.name for one in TRIGGERS} == {f"{table}_only_grow" for table in APPEND_ONLY} | set(SPOILED)


@pytest.mark.parametrize("change", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
@pytest.mark.parametrize(
    ("table", "column"), [("stock_entries", "quantity"), ("line_moves", "quantity"), ("tracking_events", "status")]
)
async def test_a_ledger_only_grows(busy: Shop, table: str, column: str, change: str) -> None:
    """Not even the same value is written again, and no row goes."""
    with pytest.raises(IntegrityError, match=f"{table}_only_grow"):
        await spoil(busy.database, change.format(table=table, column=column))
    await busy.sound()


@pytest.mark.parametrize("name", SPOILED)
async def test_a_row_that_breaks_a_rule_is_refused(busy: Shop, name: str) -> None:
    """By the name of the rule, so that a person knows what it was."""
    with pytest.raises(IntegrityError, match=name):
        await spoil(busy.database, SPOILED[name])
    await busy.sound()
