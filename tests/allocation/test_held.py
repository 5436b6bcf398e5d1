"""What an order holds may move, but never to where its promise would be broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from oms_workflow.domain.batch_held import order_of
from oms_workflow.domain.ports.rebalancing import Held
from oms_workflow.domain.ports.stock import Claim
from oms_workflow.domain.promise import Promise
from tests.domain.orders_for_tests import an_order

from .batches import candidate

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def held_in(warehouse: str) -> Held:
    order = an_order(("1", "cup", 2), promise=Promise(deliver_by=NOON + 2 * DAY))
    claim = Claim(order_id=order.id, line_id=order.lines[0].id, sku="cup", warehouse=warehouse,
                  reserved=2, allocated=0, picked=0, shipped=0, expires_at=None)  # fmt: skip
    return Held(order=order, claims=(claim,))


def test_nothing_moves_to_where_the_promise_would_be_broken() -> None:
    near, slow = candidate("A", "9.00", transit=DAY), candidate("B", "1.00", transit=3 * DAY)

    found = order_of(held_in("A"), [near, slow], may_divide_lines=True, at=NOON)

    assert found and [one.warehouse for one in found.candidates] == ["A"]


def test_goods_that_are_late_already_may_stay_or_move_to_where_they_are_in_time() -> None:
    near, slow = candidate("A", "9.00", transit=DAY), candidate("B", "1.00", transit=3 * DAY)

    found = order_of(held_in("B"), [near, slow], may_divide_lines=True, at=NOON)

    assert found and [(one.warehouse, one.keeps_promise) for one in found.candidates] == [("A", True), ("B", False)]
