"""Every running process of an order hears which holds stand on it, and nobody else does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from oms_workflow.store.instances import Instances
from oms_workflow.temporal.hold_news import HoldNews
from tests.domain.orders_for_tests import NOON, an_order

from .shop import Shop

OVER = "fulfilment:over"


class Listening:
    """Stands where instances are told something; one of them has ended meanwhile."""

    def __init__(self) -> None:
        self.heard: dict[str, Any] = {}

    async def set_variables(self, instance: str, variables: Any, *, by: str, reason: str, at: datetime) -> Any:
        if instance == OVER:
            raise OrderRefused("it is over", code="NOT_RUNNING")
        self.heard[instance] = (dict(variables), by, at)
        return {}


async def test_running_processes_of_the_order_hear_the_kinds_that_stand(sqlite_database: Database) -> None:
    """A clock that stops for a hold stops wherever the order is, and goes on when the hold is lifted."""
    shop = Shop(sqlite_database)
    await shop.take_in(an_order(("a", "TEA", 1)))
    async with shop.unit() as unit:
        for name, order in (("order:shop:1", "shop:1"), (OVER, "shop:1"), ("order:shop:2", "shop:2")):
            about: dict[str, Any] = {
                "process_id": "p",
                "version": 1,
                "sha256": "",
                "order_id": order,
                "channel": "shop",
            }
            await Instances(unit).started(name, **about, at=NOON)
        await unit.commit()
    first = await shop.call(Holds, "place", "shop:1", HoldKind.MANUAL, reason="r", by="mei", key="a", at=NOON)
    await shop.call(Holds, "place", "shop:1", HoldKind.CUSTOMER_REQUEST, reason="r", by="mei", key="b", at=NOON)
    listening: Any = Listening()
    news = HoldNews(sqlite_database, listening)

    assert await news.tell("shop:1", by="mei", at=NOON) == 1
    assert listening.heard == {"order:shop:1": ({"holds": ["manual", "customer_request"]}, "mei", NOON)}
    await shop.call(Holds, "resolve", first.id, by="ops", key="c", at=NOON)
    await news.tell("shop:1", by="ops", at=NOON)
    assert listening.heard["order:shop:1"][0] == {"holds": ["customer_request"]}


async def test_an_order_nobody_works_on_has_nobody_to_hear(sqlite_database: Database) -> None:
    """A hold may come before the process."""
    shop = Shop(sqlite_database)
    await shop.take_in(an_order(("a", "TEA", 1)))
    listening: Any = Listening()
    assert await HoldNews(sqlite_database, listening).tell("shop:1", by="mei", at=NOON) == 0
    assert listening.heard == {}
