"""Invariants of order lines: every piece is in one place, and the places follow from what happened."""

from __future__ import annotations

from oms_workflow.domain.line_ledger import MOVES, Place
from oms_workflow.store.invariants.invariant import Invariant


def _place(place: Place) -> str:
    """Add up what moves brought to a place and took away."""
    into = ", ".join(f"'{move.value}'" for move, (_, target) in MOVES.items() if target is place) or "''"
    out = ", ".join(f"'{move.value}'" for move, (source, _) in MOVES.items() if source is place) or "''"
    return f"SUM(CASE WHEN move IN ({into}) THEN quantity WHEN move IN ({out}) THEN -quantity ELSE 0 END)"


_MOVED = "SELECT line_id, " + ", ".join(f"{_place(place)} AS {place.value}" for place in Place)
_MOVED += ", SUM(CASE WHEN move = 'ship' THEN quantity ELSE 0 END) AS ever_shipped FROM line_moves GROUP BY line_id"
_DIFFERS = " OR ".join(
    f"l.{place.value} <> {'l.ordered + ' if place is Place.OPEN else ''}COALESCE(m.{place.value}, 0)" for place in Place
)

LINES = (
    Invariant(
        name="line-every-piece-in-one-place",
        says="ordered = open + allocated + shipped + cancelled + backordered + written off, none of them negative",
        counted="SELECT COUNT(*) FROM order_lines",
        broken="""
            SELECT id || ': ordered ' || ordered || ', accounted for '
                   || (open + allocated + shipped + cancelled + backordered + written_off)
            FROM order_lines
            WHERE ordered <> open + allocated + shipped + cancelled + backordered + written_off OR open < 0
                  OR allocated < 0 OR shipped < 0 OR cancelled < 0 OR backordered < 0 OR written_off < 0
                  OR delivered > shipped OR return_announced > shipped OR returned > return_announced
            ORDER BY id
        """,
    ),
    Invariant(
        name="line-places-follow-moves",
        says="where the pieces of a line are is what its moves add up to",
        counted="SELECT COUNT(*) FROM order_lines",
        broken=f"""
            SELECT l.id || ': open ' || l.open || ', allocated ' || l.allocated || ', shipped ' || l.shipped
                   || ' do not follow from its moves'
            FROM order_lines l LEFT JOIN ({_MOVED}) m ON m.line_id = l.id
            WHERE {_DIFFERS}
            ORDER BY l.id
        """,  # noqa: S608  # made of the table of moves alone
    ),
    Invariant(
        name="line-allocated-is-claimed",
        says="allocated pieces of a line are claimed in warehouses, and reserved ones are still open on the line",
        counted="SELECT COUNT(*) FROM order_lines",
        broken="""
            SELECT l.id || ': allocated ' || l.allocated || ', claimed ' || COALESCE(c.allocated, 0)
                   || '; open ' || l.open
                   || ', reserved ' || COALESCE(c.reserved, 0)
            FROM order_lines l LEFT JOIN (
                SELECT line_id, SUM(allocated) AS allocated, SUM(reserved) AS reserved
                FROM stock_claims GROUP BY line_id
            ) c ON c.line_id = l.id
            WHERE l.allocated <> COALESCE(c.allocated, 0) OR COALESCE(c.reserved, 0) > l.open
            ORDER BY l.id
        """,
    ),
    Invariant(
        name="line-shipped-once",
        says="what left by the line, by the stock, by the plans and in packages is the same number of pieces",
        counted="SELECT COUNT(*) FROM order_lines",
        broken=f"""
            SELECT l.id || ': moves ' || COALESCE(m.ever_shipped, 0) || ', stock ' || COALESCE(c.shipped, 0)
                   || ', plans '
                   || COALESCE(f.shipped, 0) || ', packages ' || COALESCE(p.packed, 0)
            FROM order_lines l
            LEFT JOIN ({_MOVED}) m ON m.line_id = l.id
            LEFT JOIN (SELECT line_id, SUM(shipped) AS shipped FROM stock_claims GROUP BY line_id) c ON c.line_id = l.id
            LEFT JOIN (SELECT line_id, SUM(shipped) AS shipped FROM fulfilment_lines GROUP BY line_id) f
                   ON f.line_id = l.id
            LEFT JOIN (
                SELECT x.line_id, SUM(x.quantity) AS packed
                FROM package_lines x JOIN packages y ON y.id = x.package_id
                WHERE y.handed_over_at IS NOT NULL GROUP BY x.line_id
            ) p ON p.line_id = l.id
            WHERE COALESCE(m.ever_shipped, 0) <> COALESCE(c.shipped, 0)
               OR COALESCE(m.ever_shipped, 0) <> COALESCE(f.shipped, 0)
               OR COALESCE(m.ever_shipped, 0) <> COALESCE(p.packed, 0)
            ORDER BY l.id
        """,  # noqa: S608
    ),
    Invariant(
        name="line-delivered-is-tracked",
        says="delivered pieces are those in packages whose carrier says so",
        counted="SELECT COUNT(*) FROM order_lines",
        broken="""
            SELECT l.id || ': delivered ' || l.delivered || ', in delivered packages ' || COALESCE(p.arrived, 0)
            FROM order_lines l LEFT JOIN (
                SELECT x.line_id, SUM(x.quantity) AS arrived
                FROM package_lines x JOIN packages y ON y.id = x.package_id
                WHERE y.handed_over_at IS NOT NULL AND y.written_off_at IS NULL AND y.status = 'delivered'
                GROUP BY x.line_id
            ) p ON p.line_id = l.id
            WHERE l.delivered <> COALESCE(p.arrived, 0)
            ORDER BY l.id
        """,
    ),
    Invariant(
        name="line-returns-are-items",
        says="announced and returned pieces of a line are those of its return items",
        counted="SELECT COUNT(*) FROM order_lines",
        broken="""
            SELECT l.id || ': announced ' || l.return_announced || ', items ' || COALESCE(r.announced, 0)
                   || '; returned '
                   || l.returned || ', items ' || COALESCE(r.returned, 0)
            FROM order_lines l LEFT JOIN (
                SELECT line_id,
                       SUM(CASE WHEN place = 'shipped' AND (reception = 'received' OR (
                           reception NOT IN ('cancelled', 'expired') AND acceptance <> 'rejected'
                       )) THEN quantity ELSE 0 END) AS announced,
                       SUM(CASE WHEN reception = 'received' THEN quantity ELSE 0 END) AS returned
                FROM return_items GROUP BY line_id
            ) r ON r.line_id = l.id
            WHERE l.return_announced <> COALESCE(r.announced, 0) OR l.returned <> COALESCE(r.returned, 0)
            ORDER BY l.id
        """,
    ),
)
"""Invariant 2 of the field's list, and where the pieces of each place can be found."""
