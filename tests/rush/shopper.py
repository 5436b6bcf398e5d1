"""One client of the rush: picks an order anybody may be working on, and does something to it. Knows no clock."""

from __future__ import annotations

import itertools
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from oms_workflow.domain.arrival import Announcement
from oms_workflow.domain.bundle import Bundle, Component
from oms_workflow.domain.cancellation import CancelScope
from oms_workflow.domain.fulfilment import RequestStatus, SplitReason
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.merge import MergeWindow
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.bundles import Bundles
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.returns import ReceivedPieces, Returns
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.domain.returns import Acceptance, Condition, ReturnRequestLine, ReturnType
from oms_workflow.domain.stock import EntryKind
from oms_workflow.domain.tracking import ParcelStatus
from oms_workflow.store.database import Database
from oms_workflow.store.tables.orders import orders
from tests.domain.orders_for_tests import NOON, an_order, cny
from tests.store.shop import Shop

SKUS = ("TEA", "CUP", "POT", "INK")
SET = Bundle(sku="SET", components=(Component(sku="TEA", quantity=2, share=3), Component(sku="CUP", share=4)))
PLACES = ("A", "B", "C")
POOL = 24  # the newest orders, which all clients fight over
_NEWEST = select(orders.c.id).order_by(orders.c.taken_in_at.desc(), orders.c.id.desc()).limit(POOL)


async def open_rush(shop: Shop) -> None:
    """Open warehouses with too little on their shelves for everybody."""
    for rank, place in enumerate(PLACES):
        await shop.warehouse(place, dict.fromkeys(SKUS, 60), priority=rank)
    await shop.call(Bundles, "save", SET)


class Shopper(Shop):
    """A shop as one client sees it: keys, parcels and orders of its own, and dice of its own."""

    def __init__(self, database: Database, number: int, seed: int) -> None:
        super().__init__(database)
        self.number = number
        self.was_idle = False
        self.dice = random.Random(f"{seed} {number}")
        self._labels = itertools.count(number * 10_000_000)
        self._orders = itertools.count(1)
        self.deeds: dict[str, tuple[int, Callable[[], Awaitable[Any]]]] = {
            "order": (5, self._order), "ready": (6, self._ready), "reserve": (6, self._reserve),
            "pay": (5, self._pay), "plan": (6, self._plan), "split": (10, self._split), "join": (10, self._join),
            "merge": (8, self._merge), "unmerge": (8, self._unmerge), "cancel": (5, self._cancel),
            "release": (3, self._release), "sweep": (1, self._sweep), "hold": (5, self._hold),
            "pick": (4, self._pick), "send": (8, self._send), "return": (10, self._return), "refund": (6, self._refund),
            "wait": (4, self._wait), "shelves": (10, self._shelves), "transfer": (5, self._transfer),
        }  # fmt: skip

    def key(self) -> str:
        """Give a key no other client uses."""
        return f"client-{self.number}-{super().key()}"

    def next_deed(self) -> tuple[str, Callable[[], Awaitable[Any]]]:
        """Throw the dice."""
        names = list(self.deeds)
        (name,) = self.dice.choices(names, [self.deeds[each][0] for each in names])
        return name, self.deeds[name][1]

    def nothing(self) -> None:
        """Note that there was nothing to do it to."""
        self.was_idle = True

    async def do(self, port: type, method: str, *args: Any, **more: Any) -> Any:
        return await self.call(port, method, *args, key=self.key(), at=NOON, **more)

    async def _some(self, many: int = 1) -> list[str]:
        async with self.unit() as unit, unit.reading() as connection:
            found = list((await connection.execute(_NEWEST)).scalars())
        return self.dice.sample(found, min(many, len(found)))

    async def _one(self) -> str:
        found = await self._some()
        return found[0] if found else "shop:none"

    async def _part(self, order: str) -> Any:
        found = [one for one in await self.call(Fulfilments, "of_order", order) if one.is_active and one.lines]
        return self.dice.choice(found) if found else None

    async def _order(self) -> str:
        return await self._place(f"buyer-{self.dice.randint(1, 3)}", paid=self.dice.random() < 0.7)

    async def _place(self, buyer: str, *, paid: bool) -> str:
        number = f"{self.number}x{next(self._orders)}"
        picked = self.dice.sample((*SKUS, SET.sku), self.dice.randint(1, 3))
        lines = [(f"{number}-{sku}", sku, self.dice.randint(1, 4), "3.33") for sku in picked]
        order = an_order(*lines, number=number, freight=cny("1.00"), buyer_key=buyer)
        await self.take_in(order)
        if paid:
            await self.pay(order.id, ref=self.key())
        return order.id

    async def _ready(self) -> str:
        """Bring an order as far as a plan, so that there is something to split, send and give back.

        What has run out is brought in first: on empty shelves nothing would be planned, and so nothing tried.
        """
        order = await self._place(f"buyer-{self.dice.randint(1, 3)}", paid=True)
        for line in (await self.view(order)).order.lines:
            await self.receive(line.sku, self.dice.choice(PLACES), line.ordered)
        await self.reserve(order, may_divide_lines=True)
        await self.allocate(order)
        await self.plan(order)
        return order

    async def _mine_or_any(self) -> str:
        """Give an order of its own that is planned, or one that anybody may be working on."""
        return await self._ready() if self.dice.random() < 0.6 else await self._one()

    async def _pay(self) -> None:
        await self.pay(await self._one(), cny("1.00") if self.dice.random() < 0.2 else None, ref=self.key())

    async def _reserve(self) -> None:
        await self.reserve(await self._one(), may_divide_lines=self.dice.random() < 0.8)

    async def _plan(self) -> None:
        order = await self._one()
        await self.allocate(order)
        await self.plan(order)

    async def _split(self) -> None:
        if await self._divided(await self._mine_or_any()) is None:
            self.nothing()

    async def _join(self) -> None:
        """Take a split back; somebody else may be sending one of its parts at this moment."""
        whole = await self._divided(await self._mine_or_any())
        if whole is None:
            self.nothing()
        else:
            await self.do(Fulfilments, "join", whole)

    async def _divided(self, order: str) -> str | None:
        """Put a piece of a part aside; gives the part, None when the order has none."""
        one = await self._part(order)
        if one is None:
            return None
        line = max(one.lines, key=lambda each: each.quantity)
        rest = {each.line_id: each.quantity for each in one.lines} | {line.line_id: line.quantity - 1}
        parts = [{line.line_id: 1}, {name: many for name, many in rest.items() if many}]
        await self.do(Fulfilments, "divide", one.id, [part for part in parts if part], reason=SplitReason.MANUAL)
        name: str = one.id
        return name

    async def _merge(self) -> Any:
        together = await self._some(2)
        if self.dice.random() < 0.7:  # two strangers seldom go together
            together = [await self._place(f"buyer-of-{self.number}", paid=True) for _ in range(2)]
        merged = await self.do(Merges, "merge", together, MergeWindow())
        await self.reserve(merged.leader)
        return merged

    async def _unmerge(self) -> None:
        own = self.dice.random() < 0.6
        found = [await self._merge()] if own else await self.call(Merges, "of_order", await self._one())
        if not found:
            self.nothing()
        for merge in found:
            await self.do(Merges, "undo", merge.id, by="rush")

    async def _cancel(self) -> None:
        await self.cancel(await self._one(), self.dice.choice(list(CancelScope)))

    async def _release(self) -> None:
        await self.do(Stock, "release", await self._one(), allocated=self.dice.random() < 0.5)

    async def _sweep(self) -> None:
        await self.call(Stock, "release_expired", NOON + timedelta(hours=1), limit=5)

    async def _pick(self) -> None:
        one = await self._part(await self._one())
        if one is None:
            self.nothing()
        else:
            for status in (RequestStatus.SUBMITTED, RequestStatus.ACCEPTED):
                await self.do(Fulfilments, "request", one.id, status)
            await self.do(Fulfilments, "pick", one.id)

    async def _send(self) -> None:
        if not await self._sent(await self._one()):
            self.nothing()

    async def _sent(self, order: str) -> bool:
        one = await self._part(order)
        if one is not None:
            sent = await self.hand_over((await self.packed(one)).id)
            lost = self.dice.random() < 0.1
            await self.report(sent, ParcelStatus.LOST if lost else ParcelStatus.DELIVERED)
            if lost:
                await self.do(Shipments, "write_off", sent.packages[0].id)
        return one is not None

    async def _hold(self) -> None:
        """Stop an order that others are sending, and let it go on."""
        order = await self._one()
        held = await self.do(Holds, "place", order, HoldKind.MANUAL, handle=self.key(), reason="rush", by="rush")
        await self.do(Holds, "resolve", held.id, by="rush")

    async def _return(self) -> None:
        order = await self._mine_or_any()
        if self.dice.random() < 0.5:
            await self._sent(order)
        lines = [name for name, line in (await self.view(order)).quantities.items() if line.returnable]
        if not lines:
            self.nothing()
            return
        wanted = [ReturnRequestLine(line_id=self.dice.choice(lines), quantity=1)]
        opened = await self.do(Returns, "open", order, ReturnType.RETURN, wanted, reason="")
        item = opened.items[0]
        counted = [ReceivedPieces(item_id=item.id, quantity=1, condition=self.dice.choice(list(Condition)))]
        await self.do(Returns, "receive", opened.id, self.dice.choice(PLACES), counted)
        await self.do(Returns, "judge", opened.id, {item.id: Acceptance.ACCEPTED}, note="")
        await self.refund(order, return_id=opened.id)

    async def _refund(self) -> None:
        """Give money back: for pieces that were cancelled, or a small sum."""
        order = await self._one()
        if self.dice.random() < 0.6:
            order = await self._place("buyer-1", paid=True)
            await self.cancel(order, CancelScope.WHOLE)
        await self.refund(order, self.dice.choice([True, False]))

    async def _wait(self) -> None:
        order = await self._one()
        lines = (await self.view(order)).quantities
        if self.dice.random() < 0.5:
            await self.do(Orders, "reopen", order, None)
        else:
            await self.do(Orders, "backorder", order, {name: 1 for name, line in lines.items() if line.open})

    async def _shelves(self) -> None:
        sku, place = self.dice.choice(SKUS), self.dice.choice(PLACES)
        what = self.dice.randint(1, 5)
        if what <= 2:
            await self.receive(sku, place, self.dice.randint(1, 6))
        elif what == 3:
            await self.do(Stock, "write_off", sku, place, 1, reason="")
        elif what == 4:
            await self.do(
                Stock, "sort_out", sku, place, self.dice.choice([EntryKind.DAMAGE, EntryKind.MEND]), 1, reason=""
            )
        else:
            await self.do(Stock, "set_safety", sku, place, self.dice.randint(0, 3))

    async def _transfer(self) -> None:
        source, target = self.dice.sample(PLACES, 2)
        told = Announcement(
            sku=self.dice.choice(SKUS), warehouse=target, quantity=2, expected_at=NOON, source=source
        )  # fmt: skip
        made = await self.do(Arrivals, "announce", told)
        await self.do(Arrivals, "arrive", made.id, 1, damaged=self.dice.randint(0, 1))
        await self.do(Arrivals, "give_up", made.id, reason="")
