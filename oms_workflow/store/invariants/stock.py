"""Invariants of stock: nothing is promised twice, and balances are the sum of their ledger."""

from __future__ import annotations

from oms_workflow.domain.stock import EFFECTS, Effect
from oms_workflow.store.invariants.invariant import Invariant


def _sum(column: int) -> str:
    """Add up one column of a ledger by the effects of its kinds."""
    cases = " ".join(f"WHEN '{kind.value}' THEN {effect[column]} * quantity" for kind, effect in EFFECTS.items())
    return f"SUM(CASE kind {cases} ELSE 0 END)"


def _shown(table: str) -> str:
    """Show the columns of a balance as one text."""
    return " || '/' || ".join(f"COALESCE({table}.{name}, 0)" for name in Effect._fields)


_SUMS = ", ".join(f"{_sum(number)} AS {name}" for number, name in enumerate(Effect._fields))
_LEDGER = f"SELECT sku, warehouse, {_SUMS} FROM stock_entries GROUP BY sku, warehouse"  # noqa: S608  # of our own tables
_NEGATIVE = " OR ".join(f"{name} < 0" for name in Effect._fields)
_OFF = " OR ".join(f"b.{name} <> COALESCE(l.{name}, 0)" for name in Effect._fields)
_OF_LINES = f"""
    SELECT line_id, warehouse, {_sum(1)} AS reserved, {_sum(2)} AS allocated, {_sum(3)} AS picked,
           SUM(CASE WHEN kind IN ('ship', 'ship_picked') THEN quantity ELSE 0 END) AS shipped
    FROM stock_entries WHERE line_id IS NOT NULL GROUP BY line_id, warehouse
"""  # noqa: S608

STOCK = (
    Invariant(
        name="stock-not-oversold",
        says="reserved + allocated pieces are on hand, and no column is negative",
        counted="SELECT COUNT(*) FROM stock_balances",
        broken=f"""
            SELECT b.sku || ' in ' || b.warehouse || ': {"/".join(Effect._fields)} is ' || {_shown("b")}
            FROM stock_balances b
            WHERE reserved + allocated > on_hand OR picked > allocated OR {_NEGATIVE}
            ORDER BY sku, warehouse
        """,  # noqa: S608
    ),
    Invariant(
        name="stock-balance-is-its-ledger",
        says="every balance is the sum of its ledger entries",
        counted="SELECT COUNT(*) FROM stock_balances",
        broken=f"""
            SELECT b.sku || ' in ' || b.warehouse || ': balance ' || {_shown("b")} || ', ledger ' || {_shown("l")}
            FROM stock_balances b LEFT JOIN ({_LEDGER}) l ON l.sku = b.sku AND l.warehouse = b.warehouse
            WHERE {_OFF}
            ORDER BY b.sku, b.warehouse
        """,  # noqa: S608
    ),
    Invariant(
        name="stock-in-transit-is-announced",
        says="what is on its way to a warehouse is what transfers to it have yet to bring",
        counted="SELECT COUNT(*) FROM expected_receipts WHERE source IS NOT NULL",
        broken="""
            SELECT b.sku || ' to ' || b.warehouse || ': in transit ' || b.in_transit || ', transfers bring '
                   || COALESCE(e.open, 0)
            FROM stock_balances b LEFT JOIN (
                SELECT sku, warehouse, SUM(quantity - arrived - missing) AS open
                FROM expected_receipts WHERE source IS NOT NULL GROUP BY sku, warehouse
            ) e ON e.sku = b.sku AND e.warehouse = b.warehouse
            WHERE b.in_transit <> COALESCE(e.open, 0)
            ORDER BY b.sku, b.warehouse
        """,
    ),
    Invariant(
        name="stock-promises-have-owners",
        says="what a balance shows as promised is what order lines claim of it",
        counted="SELECT COUNT(*) FROM stock_balances",
        broken="""
            SELECT b.sku || ' in ' || b.warehouse || ': promised ' || b.reserved || '/' || b.allocated
                   || '/' || b.picked
                   || ', claimed ' || COALESCE(c.reserved, 0) || '/' || COALESCE(c.allocated, 0) || '/'
                   || COALESCE(c.picked, 0)
            FROM stock_balances b LEFT JOIN (
                SELECT sku, warehouse, SUM(reserved) AS reserved, SUM(allocated) AS allocated, SUM(picked) AS picked
                FROM stock_claims GROUP BY sku, warehouse
            ) c ON c.sku = b.sku AND c.warehouse = b.warehouse
            WHERE b.reserved <> COALESCE(c.reserved, 0) OR b.allocated <> COALESCE(c.allocated, 0)
                  OR b.picked <> COALESCE(c.picked, 0)
            ORDER BY b.sku, b.warehouse
        """,
    ),
    Invariant(
        name="stock-claim-is-its-ledger",
        says="what a line claims is the sum of the ledger entries made for it",
        counted="SELECT COUNT(*) FROM stock_claims",
        broken=f"""
            SELECT c.line_id || ' in ' || c.warehouse || ': claims ' || c.reserved || '/' || c.allocated
                   || '/' || c.picked
                   || '/' || c.shipped || ', ledger ' || COALESCE(l.reserved, 0) || '/'
                   || COALESCE(l.allocated, 0) || '/'
                   || COALESCE(l.picked, 0) || '/' || COALESCE(l.shipped, 0)
            FROM stock_claims c LEFT JOIN ({_OF_LINES}) l ON l.line_id = c.line_id AND l.warehouse = c.warehouse
            WHERE c.reserved <> COALESCE(l.reserved, 0) OR c.allocated <> COALESCE(l.allocated, 0)
                  OR c.picked <> COALESCE(l.picked, 0) OR c.shipped <> COALESCE(l.shipped, 0)
            ORDER BY c.line_id, c.warehouse
        """,  # noqa: S608
    ),
    Invariant(
        name="reservation-of-paid-order-never-lapses",
        says="a reservation with an end belongs to an order that is neither paid nor payable on delivery",
        counted="SELECT COUNT(*) FROM stock_claims WHERE reserved > 0",
        broken="""
            SELECT c.line_id || ' in ' || c.warehouse || ': reserved ' || c.reserved || ' until ' || c.expires_at
            FROM stock_claims c JOIN orders o ON o.id = c.order_id
            WHERE c.reserved > 0 AND c.expires_at IS NOT NULL AND o.cancelled_at IS NULL AND (
                o.terms = 'on_delivery' OR COALESCE((
                    SELECT SUM(t.amount) FROM payment_transactions t
                    WHERE t.order_id = o.id AND t.kind = 'capture' AND t.status = 'succeeded'
                ), 0) >= o.freight + o.adjustment + (
                    SELECT SUM(l.unit_price * l.ordered - l.discount + l.tax) FROM order_lines l WHERE l.order_id = o.id
                )
            )
            ORDER BY c.line_id
        """,
    ),
)
"""Invariants 1 and 13 of the field's list, and the ledgers behind them."""
