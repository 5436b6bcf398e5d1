"""Invariants of orders, merges, messages and records: each once, and the lineage consistent."""

from __future__ import annotations

from oms_workflow.store.invariants.invariant import Invariant

ORDERS = (
    Invariant(
        name="intake-once",
        says="a channel's order and sub-order ids each name one order and one line",
        counted="SELECT COUNT(*) FROM orders",
        broken="""
            SELECT channel || ' ' || external_id || ': ' || COUNT(*) || ' orders'
            FROM orders GROUP BY channel, external_id HAVING COUNT(*) > 1
            UNION ALL
            SELECT channel || ' sub-order ' || oid || ': ' || COUNT(*) || ' lines'
            FROM order_lines GROUP BY channel, oid HAVING COUNT(*) > 1
        """,
    ),
    Invariant(
        name="orders-have-lines",
        says="every order has a line",
        counted="SELECT COUNT(*) FROM orders",
        broken="""
            SELECT o.id || ': no line' FROM orders o
            WHERE NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id)
        """,
    ),
    Invariant(
        name="bundle-is-its-components",
        says="lines of components hold whole bundles, and cost together what the bundle costs, to the cent",
        counted="SELECT COUNT(*) FROM order_bundles",
        broken="""
            SELECT b.order_id || ' ' || b.oid || ': ' || b.quantity || ' for ' || b.amount || ', components for '
                   || COALESCE(SUM(l.unit_price * l.ordered - l.discount + l.tax), 0)
            FROM order_bundles b LEFT JOIN order_lines l ON l.order_id = b.order_id AND l.bundle = b.oid
            GROUP BY b.order_id, b.oid, b.quantity, b.amount
            HAVING COALESCE(SUM(l.unit_price * l.ordered - l.discount + l.tax), -1) <> b.amount
                OR SUM(l.ordered % b.quantity) <> 0
        """,
    ),
    Invariant(
        name="merge-is-mutual",
        says="an order follows another exactly when an active merge says so, and a leader follows nobody",
        counted="SELECT COUNT(*) FROM merge_followers",
        broken="""
            SELECT o.id || ': follows ' || o.leader || ' without an active merge'
            FROM orders o
            WHERE o.leader IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM merge_followers f JOIN merges m ON m.id = f.merge_id
                WHERE f.order_id = o.id AND f.active AND m.status = 'active' AND m.leader = o.leader
            )
            UNION ALL
            SELECT f.order_id || ': ' || f.merge_id || ' is active, but it follows ' || COALESCE(o.leader, 'nobody')
            FROM merge_followers f JOIN merges m ON m.id = f.merge_id JOIN orders o ON o.id = f.order_id
            WHERE f.active AND (m.status <> 'active' OR o.leader IS NULL OR o.leader <> m.leader)
            UNION ALL
            SELECT o.id || ': follows ' || o.leader || ', which follows ' || l.leader
            FROM orders o JOIN orders l ON l.id = o.leader WHERE l.leader IS NOT NULL
        """,
    ),
    Invariant(
        name="holds-once-per-reason",
        says="at most one hold of a kind and handle is open on an order",
        counted="SELECT COUNT(*) FROM order_holds",
        broken="""
            SELECT order_id || ': ' || COUNT(*) || ' open ' || kind || ' holds'
            FROM order_holds WHERE status = 'open' GROUP BY order_id, kind, handle HAVING COUNT(*) > 1
        """,
    ),
    Invariant(
        name="messages-go-somewhere",
        says="a matched or applied message names its subscription, and one for one only took one message",
        counted="SELECT COUNT(*) FROM inbox_messages",
        broken="""
            SELECT m.id || ': ' || m.state || ' without a subscription'
            FROM inbox_messages m
            WHERE m.state IN ('matched', 'applied') AND NOT EXISTS (
                SELECT 1 FROM subscriptions s WHERE s.instance = m.instance AND s.subscription = m.subscription
            )
            UNION ALL
            SELECT s.instance || ' subscription ' || s.subscription || ': took ' || COUNT(*) || ' messages'
            FROM subscriptions s
            JOIN inbox_messages m ON m.instance = s.instance AND m.subscription = s.subscription
            WHERE s.once GROUP BY s.instance, s.subscription HAVING COUNT(*) > 1
        """,
    ),
    Invariant(
        name="records-without-gaps",
        says="the records of an instance count from 1 without gaps up to what its projections show",
        counted="SELECT COUNT(*) FROM instances",
        broken="""
            SELECT i.workflow_id || ': projected to ' || i.last_seq || ', records ' || COALESCE(r.many, 0)
            FROM instances i LEFT JOIN (
                SELECT x.instance, COUNT(*) AS many FROM records x JOIN instances y ON y.workflow_id = x.instance
                WHERE x.seq <= y.last_seq GROUP BY x.instance
            ) r ON r.instance = i.workflow_id
            WHERE i.last_seq <> COALESCE(r.many, 0)
        """,
    ),
    Invariant(
        name="ended-instances-hold-nothing",
        says="an instance that ended has no open node, task or incident",
        counted="SELECT COUNT(*) FROM instances WHERE status IN ('completed', 'failed', 'terminated')",
        broken="""
            SELECT i.workflow_id || ': ' || i.status || ', but a node, task or incident is open'
            FROM instances i
            WHERE i.status IN ('completed', 'failed', 'terminated') AND (
                EXISTS (SELECT 1 FROM open_nodes n WHERE n.instance = i.workflow_id)
                OR EXISTS (SELECT 1 FROM user_tasks t WHERE t.instance = i.workflow_id AND t.state = 'open')
                OR EXISTS (SELECT 1 FROM incidents x WHERE x.instance = i.workflow_id AND x.state = 'open')
            )
        """,
    ),
)
"""Invariants 6, 7 and 10 of the field's list."""
