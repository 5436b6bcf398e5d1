"""Triggers: what the database refuses that no CHECK can see, because it compares rows, or a row with what it was.

Every write goes through locks that keep these rules; a trigger stops a defect, a repair by hand or a restored backup
from breaking them without a word. A migration that makes one of these tables anew has to make its triggers again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import DDL, event

from oms_workflow.store.tables.columns import metadata

CHANGES = ("UPDATE", "DELETE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One rule: a change of a row after which the condition holds is undone."""

    name: str
    table: str
    on: tuple[str, ...]  # INSERT, UPDATE, DELETE
    refuses: str  # condition on NEW and OLD, in SQL that both databases understand
    says: str

    def sqlite(self) -> list[str]:
        """Give the statements that make it in SQLite: one trigger for each kind of change."""
        return [
            f"CREATE TRIGGER {self.name}_{kind.lower()} AFTER {kind} ON {self.table} FOR EACH ROW "
            f"WHEN {self.refuses} BEGIN SELECT RAISE(ABORT, '{self.name}: {self.says}'); END"
            for kind in self.on
        ]

    def postgresql(self) -> list[str]:
        """Give the statements that make it in PostgreSQL: a function, and a trigger that calls it."""
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {self.refuses} THEN "
            f"RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = '{self.name}', TABLE = '{self.table}', "
            f"MESSAGE = '{self.name}: {self.says}'; END IF; RETURN NULL; END $$",
            f"CREATE TRIGGER {self.name} AFTER {' OR '.join(self.on)} ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]


def _append_only(table: str) -> Trigger:
    return Trigger(
        name=f"{table}_only_grow",
        table=table,
        on=CHANGES,
        refuses="1 = 1",
        says="what happened is neither changed nor deleted",
    )


APPEND_ONLY = (
    "stock_entries",
    "line_moves",
    "tracking_events",
    "settlement_lines",
    "cancellations",
    "order_audits",
    "records",
)
"""Ledgers and logs: rows are added, and stay."""

TRIGGERS: tuple[Trigger, ...] = (
    *map(_append_only, APPEND_ONLY),
    Trigger(
        name="money_gone_was_captured",
        table="payment_transactions",
        on=("INSERT", "UPDATE"),
        refuses=(
            "NEW.kind IN ('refund', 'transfer') AND NEW.status <> 'failed' AND ("
            "SELECT SUM(CASE WHEN kind = 'capture' AND status = 'succeeded' THEN amount "
            "WHEN kind IN ('refund', 'transfer') AND status <> 'failed' THEN -amount ELSE 0 END) "
            "FROM payment_transactions WHERE order_id = NEW.order_id) < 0"
        ),
        says="more would go back than was captured",
    ),
    Trigger(
        name="settled_stays_settled",
        table="payment_transactions",
        on=("UPDATE",),
        refuses=(
            "NEW.amount <> OLD.amount OR NEW.kind <> OLD.kind OR NEW.order_id <> OLD.order_id "
            "OR (OLD.status <> 'pending' AND NEW.status <> OLD.status "
            "AND NOT (OLD.kind = 'transfer' AND NEW.status = 'failed'))"  # the credit of a cancelled exchange goes back
        ),
        says="a transaction that succeeded or failed is over, and no amount is changed",
    ),
    Trigger(
        name="fate_is_decided_once",
        table="fulfilments",
        on=("UPDATE",),
        refuses="OLD.fate IS NOT NULL AND (NEW.fate IS NULL OR NEW.fate <> OLD.fate)",
        says="cancelling and shipping have one winner",
    ),
    Trigger(
        name="nothing_ships_on_hold",
        table="shipments",
        on=("UPDATE",),
        refuses=(
            "NEW.status = 'handed_over' AND OLD.status <> 'handed_over' AND EXISTS ("
            "SELECT 1 FROM fulfilment_lines f JOIN order_lines l ON l.id = f.line_id "
            "JOIN order_holds h ON h.order_id = l.order_id "
            "WHERE f.fulfilment_id = NEW.fulfilment_id AND h.status <> 'resolved' "
            "AND ' ' || h.blocks || ' ' LIKE '% ship %' AND h.opened_at < NEW.handed_over_at)"
        ),
        says="a hold on one of its orders blocks shipping",
    ),
    Trigger(
        name="paid_reservations_stay",
        table="stock_claims",
        on=("INSERT", "UPDATE"),
        refuses=(
            "NEW.reserved > 0 AND NEW.expires_at IS NOT NULL AND EXISTS ("
            "SELECT 1 FROM orders o WHERE o.id = NEW.order_id AND o.cancelled_at IS NULL AND (o.terms = 'on_delivery' "
            "OR (SELECT COALESCE(SUM(t.amount), 0) FROM payment_transactions t WHERE t.order_id = o.id "
            "AND t.kind = 'capture' AND t.status = 'succeeded') >= o.freight + o.adjustment + ("
            "SELECT SUM(l.unit_price * l.ordered - l.discount + l.tax) FROM order_lines l WHERE l.order_id = o.id)))"
        ),
        says="the order is paid, so its reservation has no end",
    ),
)
"""Every trigger of the house."""


def _made(statement: str) -> Any:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]


for _one in TRIGGERS:
    for _statement in _one.sqlite():
        event.listen(metadata, "after_create", _made(_statement).execute_if(dialect="sqlite"))
    for _statement in _one.postgresql():
        event.listen(metadata, "after_create", _made(_statement).execute_if(dialect="postgresql"))
