"""Invariants of money: nothing is taken that was not promised, nothing goes back twice."""

from __future__ import annotations

from oms_workflow.store.invariants.invariant import Invariant

_ENTITLED = """
    SELECT i.line_id, SUM(i.quantity) AS pieces
    FROM return_items i JOIN returns r ON r.id = i.return_id
    WHERE i.acceptance = 'accepted' AND (
        (r.type IN ('return', 'exchange') AND i.reception = 'received')
        OR (r.type = 'refund_without_return' AND i.reception <> 'cancelled')
    )
    GROUP BY i.line_id
"""
_SETTLED = """
    SELECT x.line_id, SUM(x.pieces) AS pieces, SUM(x.amount) AS amount
    FROM settlement_lines x JOIN settlements s ON s.id = x.settlement_id
    WHERE s.status = 'standing' GROUP BY x.line_id
"""

MONEY = (
    Invariant(
        name="drawn-within-source",
        says="captures and voids stay within their authorisation, refunds and transfers within their capture",
        counted="SELECT COUNT(*) FROM payment_transactions",
        broken="""
            SELECT p.id || ': ' || p.kind || ' of ' || p.amount || ' (' || p.status || '), drawn on it '
                   || SUM(t.amount)
            FROM payment_transactions p JOIN payment_transactions t ON t.parent = p.id
            WHERE t.status <> 'failed'
            GROUP BY p.id, p.kind, p.amount, p.status
            HAVING SUM(t.amount) > p.amount OR p.status <> 'succeeded'
        """,
    ),
    Invariant(
        name="refunds-within-captured",
        says="refunds and transfers of an order, those under way included, stay within what was captured for it",
        counted="SELECT COUNT(DISTINCT order_id) FROM payment_transactions",
        broken="""
            SELECT order_id || ': captured ' || captured || ', gone ' || gone
            FROM (
                SELECT order_id,
                       SUM(CASE WHEN kind = 'capture' AND status = 'succeeded' THEN amount ELSE 0 END) AS captured,
                       SUM(CASE WHEN kind IN ('refund', 'transfer') AND status <> 'failed' THEN amount ELSE 0 END)
                           AS gone
                FROM payment_transactions GROUP BY order_id
            ) sums
            WHERE gone > captured
        """,
    ),
    Invariant(
        name="transactions-draw-on-their-kind",
        says="a capture or void draws on an authorisation, a refund or transfer on a capture, each of the same order",
        counted="SELECT COUNT(*) FROM payment_transactions WHERE parent IS NOT NULL",
        broken="""
            SELECT t.id || ': ' || t.kind || ' draws on ' || p.kind || ' ' || p.id
            FROM payment_transactions t JOIN payment_transactions p ON p.id = t.parent
            WHERE p.order_id <> t.order_id OR p.currency <> t.currency
               OR (t.kind IN ('capture', 'void') AND p.kind <> 'authorise')
               OR (t.kind IN ('refund', 'transfer') AND p.kind <> 'capture')
        """,
    ),
    Invariant(
        name="nothing-taken-before-it-left",
        says="money that is taken by shipment is taken after goods left, and never more than the total",
        counted="SELECT COUNT(*) FROM orders WHERE per_shipment",
        broken="""
            SELECT o.id || ': took ' || SUM(t.amount)
            FROM orders o JOIN payment_transactions t ON t.order_id = o.id
            WHERE o.per_shipment AND t.kind = 'capture' AND t.status <> 'failed' AND t.reason <> 'observed'
            GROUP BY o.id, o.freight, o.adjustment
            HAVING NOT EXISTS (
                SELECT 1 FROM line_moves m JOIN order_lines l ON l.id = m.line_id
                WHERE l.order_id = o.id AND m.move = 'ship'
            ) OR SUM(t.amount) > o.freight + o.adjustment + (
                SELECT SUM(l.unit_price * l.ordered - l.discount + l.tax) FROM order_lines l WHERE l.order_id = o.id
            )
            ORDER BY o.id
        """,
    ),
    Invariant(
        name="pieces-settled-once",
        says="pieces settled by refunds and exchanges were cancelled, or received and accepted; none is settled twice",
        counted="SELECT COUNT(*) FROM settlement_lines",
        broken=f"""
            SELECT l.id || ': settled ' || s.pieces || ' pieces, entitled ' || (l.cancelled + COALESCE(e.pieces, 0))
            FROM order_lines l JOIN ({_SETTLED}) s ON s.line_id = l.id LEFT JOIN ({_ENTITLED}) e ON e.line_id = l.id
            WHERE s.pieces > l.cancelled + COALESCE(e.pieces, 0) OR s.pieces > l.ordered
            ORDER BY l.id
        """,  # noqa: S608  # made of the queries above alone
    ),
    Invariant(
        name="pieces-settled-at-their-price",
        says="what was given back for a line is at most what was paid for it",
        counted="SELECT COUNT(*) FROM settlement_lines",
        broken=f"""
            SELECT l.id || ': settled ' || s.amount || ' of ' || (l.unit_price * l.ordered - l.discount + l.tax)
            FROM order_lines l JOIN ({_SETTLED}) s ON s.line_id = l.id
            WHERE s.amount > l.unit_price * l.ordered - l.discount + l.tax
            ORDER BY l.id
        """,  # noqa: S608
    ),
    Invariant(
        name="refund-is-its-transactions",
        says="the transactions of a refund add up to it; a withdrawn refund has none that stands",
        counted="SELECT COUNT(*) FROM settlements WHERE kind = 'refund'",
        broken="""
            SELECT s.id || ': ' || s.status || ' refund of ' || s.amount || ', transactions '
                   || COALESCE(SUM(t.amount), 0)
            FROM settlements s LEFT JOIN payment_transactions t ON t.settlement_id = s.id
            WHERE s.kind = 'refund' GROUP BY s.id, s.status, s.amount
            HAVING COALESCE(SUM(t.amount), 0) <> s.amount
                OR (s.status = 'withdrawn' AND SUM(CASE WHEN t.status <> 'failed' THEN 1 ELSE 0 END) > 0)
        """,
    ),
    Invariant(
        name="totals-not-negative",
        says="no order costs less than nothing",
        counted="SELECT COUNT(*) FROM orders",
        broken="""
            SELECT o.id || ': total '
                   || (o.freight + o.adjustment + SUM(l.unit_price * l.ordered - l.discount + l.tax))
            FROM orders o JOIN order_lines l ON l.order_id = o.id
            GROUP BY o.id, o.freight, o.adjustment
            HAVING o.freight + o.adjustment + SUM(l.unit_price * l.ordered - l.discount + l.tax) < 0
        """,
    ),
)
"""Invariants 4, 5 and 9 of the field's list."""
