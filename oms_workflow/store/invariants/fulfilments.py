"""Invariants of plans and shipments: parts add up to the whole, and nothing ships that must not."""

from __future__ import annotations

from oms_workflow.store.invariants.invariant import Invariant

FULFILMENTS = (
    Invariant(
        name="plan-holds-what-is-allocated",
        says="plans hold no more pieces than are allocated to their lines in their warehouse, and all picked ones",
        counted="SELECT COUNT(*) FROM fulfilment_lines",
        broken="""
            SELECT p.line_id || ' in ' || p.warehouse || ': planned ' || p.waiting || ', allocated '
                   || COALESCE(c.allocated, 0) || '; picked ' || p.picked || ', claimed picked '
                   || COALESCE(c.picked, 0)
            FROM (
                SELECT f.warehouse, x.line_id, SUM(x.quantity - x.shipped) AS waiting, SUM(x.picked) AS picked
                FROM fulfilment_lines x JOIN fulfilments f ON f.id = x.fulfilment_id
                WHERE f.status <> 'cancelled' GROUP BY f.warehouse, x.line_id
            ) p LEFT JOIN stock_claims c ON c.line_id = p.line_id AND c.warehouse = p.warehouse
            WHERE p.waiting > COALESCE(c.allocated, 0) OR p.picked <> COALESCE(c.picked, 0)
            ORDER BY p.line_id
        """,
    ),
    Invariant(
        name="plan-shares-add-up",
        says="discount and tax of the parts of a line add up to the line's, and never exceed them",
        counted="SELECT COUNT(*) FROM order_lines",
        broken="""
            SELECT l.id || ': ' || p.pieces || ' of ' || l.ordered || ' planned carry discount '
                   || p.discount || ' of '
                   || l.discount || ', tax ' || p.tax || ' of ' || l.tax
            FROM order_lines l JOIN (
                SELECT x.line_id, SUM(x.quantity) AS pieces, SUM(x.discount) AS discount, SUM(x.tax) AS tax
                FROM fulfilment_lines x JOIN fulfilments f ON f.id = x.fulfilment_id
                WHERE f.status <> 'cancelled' GROUP BY x.line_id
            ) p ON p.line_id = l.id
            LEFT JOIN (
                SELECT line_id, SUM(quantity) AS pieces FROM line_moves WHERE move = 'send_again' GROUP BY line_id
            ) a ON a.line_id = l.id
            WHERE p.discount > l.discount OR p.tax > l.tax OR p.pieces > l.ordered + COALESCE(a.pieces, 0)
               OR (p.pieces = l.ordered + COALESCE(a.pieces, 0) AND (p.discount <> l.discount OR p.tax <> l.tax))
            ORDER BY l.id
        """,
    ),
    Invariant(
        name="plan-freight-adds-up",
        says="freight of the parts of an order adds up to the order's, and never exceeds it",
        counted="SELECT COUNT(*) FROM orders",
        broken="""
            SELECT o.id || ': ' || p.pieces || ' pieces planned carry freight ' || p.freight || ' of ' || o.freight
            FROM orders o JOIN (
                SELECT x.order_id, SUM(x.quantity) AS pieces, SUM(x.freight) AS freight
                FROM fulfilment_lines x JOIN fulfilments f ON f.id = x.fulfilment_id
                WHERE f.status <> 'cancelled' GROUP BY x.order_id
            ) p ON p.order_id = o.id
            WHERE p.freight > o.freight OR (p.freight <> o.freight AND p.pieces = (
                SELECT SUM(l.ordered) FROM order_lines l WHERE l.order_id = o.id
            ) + COALESCE((
                SELECT SUM(a.quantity) FROM line_moves a JOIN order_lines l ON l.id = a.line_id
                WHERE a.move = 'send_again' AND l.order_id = o.id
            ), 0))
            ORDER BY o.id
        """,
    ),
    Invariant(
        name="wave-holds-who-it-released",
        says="every wave has exactly the fulfilment orders it was released with, all of its warehouse",
        counted="SELECT COUNT(*) FROM waves",
        broken="""
            SELECT w.id || ': released with ' || w.orders || ' fulfilment orders, has '
                   || COALESCE(SUM(CASE WHEN x.warehouse = w.warehouse THEN 1 ELSE 0 END), 0)
            FROM waves w LEFT JOIN wave_orders x ON x.wave_id = w.id
            GROUP BY w.id, w.orders
            HAVING w.orders <> COALESCE(SUM(CASE WHEN x.warehouse = w.warehouse THEN 1 ELSE 0 END), 0)
        """,
    ),
    Invariant(
        name="planned-parcels-hold-the-plan",
        says="the parcels a shipment was planned as hold exactly the pieces its fulfilment order had then",
        counted="SELECT COUNT(*) FROM planned_parcels",
        broken="""
            SELECT s.id || ': planned with ' || s.planned_pieces || ' pieces, its parcels hold '
                   || COALESCE(SUM(x.quantity), 0)
            FROM shipments s LEFT JOIN planned_parcel_lines x ON x.shipment_id = s.id
            GROUP BY s.id, s.planned_pieces HAVING s.planned_pieces <> COALESCE(SUM(x.quantity), 0)
        """,
    ),
    Invariant(
        name="no-piece-in-two-packages",
        says="packages of shipments that stand hold no more of a line than its fulfilment order sends",
        counted="SELECT COUNT(*) FROM package_lines",
        broken="""
            SELECT s.fulfilment_id || ': packages hold ' || SUM(x.quantity) || ' of ' || x.line_id || ', planned '
                   || COALESCE(MAX(f.quantity), 0)
            FROM package_lines x JOIN packages p ON p.id = x.package_id
            JOIN shipments s ON s.id = p.shipment_id
            LEFT JOIN fulfilment_lines f ON f.fulfilment_id = s.fulfilment_id AND f.line_id = x.line_id
            WHERE s.status = 'handed_over'
            GROUP BY s.fulfilment_id, x.line_id HAVING SUM(x.quantity) > COALESCE(MAX(f.quantity), 0)
        """,
    ),
    Invariant(
        name="cancelled-ships-nothing",
        says="a cancelled order has no piece that left or will leave, a cancelled plan has shipped nothing",
        counted="SELECT COUNT(*) FROM orders WHERE cancelled_at IS NOT NULL",
        broken="""
            SELECT o.id || ': cancelled, but ' || SUM(l.ordered - l.cancelled) || ' pieces are not'
            FROM orders o JOIN order_lines l ON l.order_id = o.id
            WHERE o.cancelled_at IS NOT NULL GROUP BY o.id HAVING SUM(l.ordered - l.cancelled) > 0
            UNION ALL
            SELECT f.id || ': cancelled, but ' || SUM(x.shipped) || ' pieces left'
            FROM fulfilments f JOIN fulfilment_lines x ON x.fulfilment_id = f.id
            WHERE f.fate = 'cancel' GROUP BY f.id HAVING SUM(x.shipped) > 0
        """,
    ),
    Invariant(
        name="nothing-ships-on-hold",
        says="no shipment was handed over while a hold on one of its orders blocked shipping",
        counted="SELECT COUNT(*) FROM shipments WHERE status = 'handed_over'",
        broken="""
            SELECT DISTINCT s.id || ': handed over while ' || h.id || ' was open'
            FROM shipments s
            JOIN packages p ON p.shipment_id = s.id
            JOIN package_lines x ON x.package_id = p.id
            JOIN order_lines l ON l.id = x.line_id
            JOIN order_holds h ON h.order_id = l.order_id
            WHERE s.status = 'handed_over' AND ' ' || h.blocks
                   || ' ' LIKE '% ship %' AND h.opened_at < s.handed_over_at
              AND (h.status <> 'resolved' OR h.closed_at > s.handed_over_at)
        """,
    ),
)
"""Invariants 3 and 8 of the field's list."""
