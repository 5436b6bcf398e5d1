"""Invariants of promises to those who wait: one revision after the other, each told at most once."""

from __future__ import annotations

from oms_workflow.store.invariants.invariant import Invariant

PROMISES = (
    Invariant(
        name="promise-revisions-without-gaps",
        says="the revisions of a promise count from 1 without gaps, in the order of their moments",
        counted="SELECT COUNT(DISTINCT order_id) FROM promise_revisions",
        broken="""
            SELECT r.order_id || ': revisions ' || MIN(r.number) || ' to ' || MAX(r.number) || ', '
                   || COUNT(*) || ' of them'
            FROM promise_revisions r
            GROUP BY r.order_id HAVING MIN(r.number) <> 1 OR MAX(r.number) <> COUNT(*)
            UNION ALL
            SELECT r.order_id || ': revision ' || r.number || ' is older than the one before'
            FROM promise_revisions r
            JOIN promise_revisions b ON b.order_id = r.order_id AND b.number = r.number - 1
            WHERE r.at < b.at
        """,
    ),
    Invariant(
        name="promise-is-its-parts",
        says="the day promised to an order is the one of its last part, and none when a part has none",
        counted="SELECT COUNT(*) FROM promise_revisions",
        broken="""
            SELECT r.order_id || ': revision ' || r.number || ' promises ' || COALESCE(CAST(r.day AS TEXT), 'no day')
                   || ', its parts ' || COALESCE(CAST(p.day AS TEXT), 'none')
            FROM promise_revisions r LEFT JOIN (
                SELECT order_id, number, CASE WHEN COUNT(day) = COUNT(*) THEN MAX(day) END AS day
                FROM promise_parts WHERE state <> 'shelf' GROUP BY order_id, number
            ) p ON p.order_id = r.order_id AND p.number = r.number
            WHERE COALESCE(CAST(r.day AS TEXT), '') <> COALESCE(CAST(p.day AS TEXT), '')
            ORDER BY r.order_id, r.number
        """,
    ),
    Invariant(
        name="promise-told-once",
        says="a notice of a promise tells one revision of its own order, and a revision has one notice at most",
        counted="SELECT COUNT(*) FROM notices WHERE template LIKE 'promise^_%' ESCAPE '^'",
        broken="""
            SELECT n.id || ': ' || n.template || ' tells ' || COUNT(r.number) || ' revisions of ' || n.order_id
            FROM notices n LEFT JOIN promise_revisions r ON r.notice_id = n.id AND r.order_id = n.order_id
            WHERE n.template LIKE 'promise^_%' ESCAPE '^'
            GROUP BY n.id, n.template, n.order_id HAVING COUNT(r.number) <> 1
            ORDER BY n.id
        """,
    ),
    Invariant(
        name="promise-within-line",
        says="no more pieces of a line are promised than were ordered",
        counted="SELECT COUNT(*) FROM promise_parts",
        broken="""
            SELECT p.line_id || ': revision ' || p.number || ' promises ' || SUM(p.quantity) || ' of ' || l.ordered
            FROM promise_parts p JOIN order_lines l ON l.id = p.line_id
            GROUP BY p.order_id, p.number, p.line_id, l.ordered HAVING SUM(p.quantity) > l.ordered
            ORDER BY p.line_id, p.number
        """,
    ),
)
"""What was promised while goods were on their way, and what buyers were told of it."""
