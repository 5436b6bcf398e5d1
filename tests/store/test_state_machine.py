"""A shop lived at random: any order of reserving, paying, shipping, merging, cancelling, returning and refunding.

After every step every invariant of the field is asked of the database.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from sqlalchemy import create_engine

from oms_workflow.domain.arrival import Announcement
from oms_workflow.domain.bundle import Bundle as GoodsBundle
from oms_workflow.domain.bundle import Component
from oms_workflow.domain.cancellation import CancelScope
from oms_workflow.domain.exchange import NewGoods
from oms_workflow.domain.fulfilment import FulfilmentStatus, RequestStatus, SplitReason
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.merge import MergeWindow
from oms_workflow.domain.order import PaymentTerms
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.bundles import Bundles
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.returns import ReceivedPieces, Returns
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.domain.returns import Acceptance, Condition, Reception, ReturnRequestLine, ReturnType
from oms_workflow.domain.stock import EntryKind
from oms_workflow.domain.tracking import ParcelStatus
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from oms_workflow.store.tables.all import metadata
from tests.domain.orders_for_tests import NOON, a_line, an_order, cny

from .shop import Shop

TEMPLATE = Path(tempfile.mkdtemp(prefix="oms-machine-")) / "empty.db"
LINES = st.lists(
    st.tuples(st.sampled_from(["TEA", "CUP", "SET"]), st.integers(1, 3), st.sampled_from(["", "", "set"])),
    min_size=1,
    max_size=3,
)


SORTED = (EntryKind.DAMAGE, EntryKind.MEND, EntryKind.SCRAP)
EARLIER = {
    RequestStatus.ACCEPTED: (RequestStatus.SUBMITTED,),
    RequestStatus.REJECTED: (RequestStatus.SUBMITTED,),
    RequestStatus.CANCEL_REQUESTED: (RequestStatus.SUBMITTED, RequestStatus.ACCEPTED),
    RequestStatus.CANCEL_ACCEPTED: (RequestStatus.SUBMITTED, RequestStatus.CANCEL_REQUESTED),
    RequestStatus.CANCEL_REJECTED: (RequestStatus.SUBMITTED, RequestStatus.CANCEL_REQUESTED),
}
"""What has to be said before a warehouse can say this, so that random lives get that far."""


class ShopMachine(RuleBasedStateMachine):
    """Orders, parcels and returns in any state, and every rule that could be tried on them."""

    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="oms-machine-"))
        self.loop = asyncio.new_event_loop()
        self.database = Database.open(self.address(), vault_key=b"k" * 16)
        self.shop = Shop(self.database)
        self.number = 0
        self.hour = 0

    def address(self) -> str:
        """Give the address of an empty database."""
        if not TEMPLATE.exists():
            engine = create_engine(f"sqlite:///{TEMPLATE}")
            metadata.create_all(engine)
            engine.dispose()
        shutil.copy(TEMPLATE, self.folder / "oms.db")
        return f"sqlite:///{self.folder / 'oms.db'}"

    def teardown(self) -> None:
        self.run(self.database.close())
        self.loop.close()
        shutil.rmtree(self.folder)

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def attempt(self, work: Any) -> Any:
        """Do it, or hear no: a refusal is a right answer, anything else is a defect."""
        try:
            return self.run(work)
        except OrderRefused as refusal:
            assert refusal.code
            return None

    def call(self, port: type, method: str, *args: Any, **more: Any) -> Any:
        return self.attempt(self.shop.call(port, method, *args, key=self.shop.key(), at=NOON, **more))

    @initialize(target=orders, stock=st.tuples(*[st.integers(1, 7)] * 4), drawn=st.lists(LINES, min_size=3, max_size=3))
    def open_shop(self, stock: tuple[int, ...], drawn: list[Any]) -> Any:
        self.run(self.shop.warehouse("A", {"TEA": stock[0], "CUP": stock[1]}, priority=1))
        parts = (Component(sku="TEA", quantity=2, share=3), Component(sku="CUP", share=4))
        self.run(self.shop.call(Bundles, "save", GoodsBundle(sku="SET", components=parts)))
        self.run(self.shop.warehouse("B", {"TEA": stock[2], "CUP": stock[3]}, priority=2))
        return multiple(*[self.order(lines, 100) for lines in drawn])

    @rule(target=orders, lines=LINES, freight=st.integers(0, 999), odd=st.sampled_from(["", "", "", "sealed", "cod"]))
    def take_in(self, lines: list[Any], freight: int, odd: str) -> Any:
        return self.order(lines, freight, odd) if self.number < 6 else multiple()

    def order(self, lines: list[Any], freight: int, odd: str = "") -> str:
        self.number += 1
        name = f"shop:{self.number}"
        made = [
            a_line(
                name,
                f"{self.number}-{n}",
                sku,
                many,
                "3.33",
                ship_together=group,
                discount=cny("0.10"),
                tax=cny("0.07"),
            )
            for n, (sku, many, group) in enumerate(lines)
        ]
        order = an_order(*made, number=str(self.number), freight=cny(f"{freight / 100:.2f}"))
        terms = PaymentTerms.ON_DELIVERY if odd == "cod" else PaymentTerms.PREPAID
        self.run(self.shop.take_in(replace(order, sealed=odd == "sealed", terms=terms)))
        return name

    @rule(order=orders, part=st.booleans())
    def pay(self, order: str, part: bool) -> None:
        ref = self.shop.key()
        self.attempt(self.shop.pay(order, cny("1.00") if part else None, ref=ref))

    @rule(order=orders, divide=st.booleans(), complete=st.booleans())
    def reserve(self, order: str, divide: bool, complete: bool) -> None:
        self.attempt(self.shop.reserve(order, may_divide_lines=divide, complete_or_nothing=complete))

    @rule(order=orders)
    def allocate_and_plan(self, order: str) -> None:
        self.attempt(self.shop.allocate(order))
        self.attempt(self.shop.plan(order))

    @rule(order=orders)
    def hurry_to_a_plan(self, order: str) -> None:
        self.attempt(self.shop.pay(order, ref=self.shop.key()))
        self.attempt(self.shop.reserve(order))
        self.allocate_and_plan(order)

    @rule(order=orders, report=st.sampled_from([ParcelStatus.DELIVERED, ParcelStatus.LOST, ParcelStatus.RETURNED]))
    def send_everything(self, order: str, report: ParcelStatus) -> None:
        self.hurry_to_a_plan(order)
        for one in self.run(self.shop.call(Fulfilments, "of_order", order)):
            shipment = self.attempt(self.shop.packed(one)) if one.lines and one.is_active else None
            handed = self.attempt(self.shop.hand_over(shipment.id)) if shipment is not None else None
            if handed is not None:
                self.hour += 1
                self.attempt(self.shop.report(handed, report, self.hour))
                if report is ParcelStatus.LOST:
                    self.call(Shipments, "write_off", handed.packages[0].id)

    @rule(order=orders, kind=st.sampled_from(ReturnType), many=st.integers(0, 3), verdict=st.sampled_from(Acceptance))
    def come_back(self, order: str, kind: ReturnType, many: int, verdict: Acceptance) -> None:
        self.send_everything(order, ParcelStatus.DELIVERED)
        for line_id, line in self.run(self.shop.view(order)).quantities.items():
            free = {ReturnType.REFUND_BEFORE_SHIPPING: line.cancelled}.get(kind, line.returnable)
            wanted = [ReturnRequestLine(line_id=line_id, quantity=min(many + 1, max(1, free)))]
            one = self.call(Returns, "open", order, kind, wanted, reason="")
            if one is not None:
                counted = [ReceivedPieces(item_id=one.items[0].id, quantity=min(many, one.items[0].quantity))]
                self.call(Returns, "receive", one.id, "B", counted)
                self.call(Returns, "judge", one.id, {one.items[0].id: verdict}, note="")
                if kind is ReturnType.EXCHANGE:
                    new = (NewGoods(sku="CUP", quantity=1, unit_price=cny("2.00"), tax=cny(0)),)
                    self.call(Returns, "exchange", one.id, new)
                self.attempt(self.shop.refund(order, return_id=one.id))

    @rule(one=orders, other=orders, plan=st.booleans())
    def pay_and_merge(self, one: str, other: str, plan: bool) -> None:
        for order in (one, other):
            self.attempt(self.shop.pay(order, ref=self.shop.key()))
        merged = self.call(Merges, "merge", [one, other], MergeWindow())
        if merged is not None and plan:
            self.attempt(self.shop.reserve(merged.leader))
            self.allocate_and_plan(merged.leader)

    @rule(order=orders, allocated=st.booleans())
    def release(self, order: str, allocated: bool) -> None:
        self.call(Stock, "release", order, allocated=allocated)

    @rule(order=orders, hours=st.integers(0, 2))
    def sweep(self, order: str, hours: int) -> None:
        self.attempt(self.shop.reserve(order))
        self.attempt(self.shop.call(Stock, "release_expired", NOON + timedelta(hours=hours)))

    @rule(
        _=orders, sku=st.sampled_from(["TEA", "CUP"]), warehouse=st.sampled_from(["A", "B"]), change=st.integers(-2, 3)
    )
    def stock_moves(self, _: str, sku: str, warehouse: str, change: int) -> None:
        if change > 0:
            self.call(Stock, "receive", sku, warehouse, change, reason="")
        elif change < 0:
            self.call(Stock, "write_off", sku, warehouse, -change, reason="")
        else:
            self.call(Stock, "count", sku, warehouse, 3, reason="")

    @rule(_=orders, sku=st.sampled_from(["TEA", "CUP"]), many=st.integers(1, 3), source=st.sampled_from(["", "A", "B"]))
    def announce(self, _: str, sku: str, many: int, source: str) -> None:
        told = Announcement(sku=sku, warehouse="B", quantity=many, expected_at=NOON, source=source)
        self.call(Arrivals, "announce", told)

    @rule(_=orders, which=st.integers(0, 5), many=st.integers(1, 2), damaged=st.integers(0, 1), comes=st.booleans())
    def announced_goods(self, _: str, which: int, many: int, damaged: int, comes: bool) -> None:
        found = self.run(self.shop.call(Arrivals, "expected"))
        receipt = found[which % len(found)].id if found else "B.E9"
        if comes:
            self.call(Arrivals, "arrive", receipt, many, damaged=damaged)
        else:
            self.call(Arrivals, "give_up", receipt, reason="")

    @rule(_=orders, kind=st.sampled_from(SORTED), many=st.integers(0, 3), safety=st.booleans())
    def sort_out(self, _: str, kind: EntryKind, many: int, safety: bool) -> None:
        if safety:
            self.call(Stock, "set_safety", "TEA", "A", many)
        else:
            self.call(Stock, "sort_out", "TEA", "A", kind, many + 1, reason="")

    @rule(order=orders, which=st.integers(0, 3), status=st.sampled_from(RequestStatus))
    def warehouse_says(self, order: str, which: int, status: RequestStatus) -> None:
        self.hurry_to_a_plan(order)
        one = self.part(order, which)
        for step in (*EARLIER.get(status, ()), status) if one is not None else ():
            self.call(Fulfilments, "request", one.id, step)

    @rule(order=orders, which=st.integers(0, 3), what=st.sampled_from(["pick", "short", "cancel", "divide"]))
    def work_on(self, order: str, which: int, what: str) -> None:
        self.hurry_to_a_plan(order)
        one = self.part(order, which)
        if one is None or not one.lines:
            return
        line = one.lines[0]
        if what == "pick":
            self.call(Fulfilments, "request", one.id, RequestStatus.SUBMITTED)
            self.call(Fulfilments, "request", one.id, RequestStatus.ACCEPTED)
            self.call(Fulfilments, "pick", one.id)
        elif what == "short":
            self.call(Fulfilments, "short", one.id, {line.line_id: 1})
        elif what == "cancel":
            self.call(Fulfilments, "cancel", one.id, free_stock=which % 2 == 0)
        else:
            rest = {each.line_id: each.quantity for each in one.lines} | {line.line_id: line.quantity - 1}
            parts = [{line.line_id: 1}, {name: many for name, many in rest.items() if many}]
            self.call(Fulfilments, "divide", one.id, parts, reason=SplitReason.MANUAL)

    @rule(order_id=orders)
    def join(self, order_id: str) -> None:
        for one in self.run(self.shop.call(Fulfilments, "of_order", order_id)):
            self.call(Fulfilments, "join", one.id)

    @rule(order=orders, which=st.integers(0, 3), everything=st.booleans(), hand_over=st.booleans())
    def pack(self, order: str, which: int, everything: bool, hand_over: bool) -> None:
        self.hurry_to_a_plan(order)
        one = self.part(order, which)
        if one is None or not one.lines or one.status is FulfilmentStatus.CLOSED:
            return
        pieces = None if everything else {one.lines[0].line_id: 1}
        shipment = self.attempt(self.shop.packed(one, pieces))
        if shipment is not None and hand_over:
            self.attempt(self.shop.hand_over(shipment.id))

    @rule(order=orders, which=st.integers(0, 3), what=st.sampled_from(["hand over", "cancel", "write off"]))
    def at_the_dock(self, order: str, which: int, what: str) -> None:
        self.pack(order, which, which % 2 == 0, what == "write off")
        found = self.run(self.shop.call(Shipments, "of_order", order))
        if not found:
            return
        one = found[which % len(found)]
        if what == "hand over":
            self.attempt(self.shop.hand_over(one.id))
        elif what == "cancel":
            self.call(Shipments, "cancel", one.id)
        elif one.packages:
            self.call(Shipments, "write_off", one.packages[0].id)

    @rule(order=orders, which=st.integers(0, 3), status=st.sampled_from(ParcelStatus), late=st.integers(0, 5))
    def carrier_reports(self, order: str, which: int, status: ParcelStatus, late: int) -> None:
        self.pack(order, which, True, late < 4)
        found = self.run(self.shop.call(Shipments, "of_order", order))
        if found:
            self.hour += 1
            self.attempt(self.shop.report(found[which % len(found)], status, max(0, self.hour - late)))

    @rule(order=orders, scope=st.sampled_from(CancelScope))
    def cancel(self, order: str, scope: CancelScope) -> None:
        self.attempt(self.shop.cancel(order, scope))

    @rule(order=orders, other=orders)
    def unmerge(self, order: str, other: str) -> None:
        self.pay_and_merge(order, other, True)
        for merge in self.run(self.shop.call(Merges, "of_order", order)):
            self.call(Merges, "undo", merge.id, by="x")

    @rule(order=orders, resolve=st.booleans())
    def hold(self, order: str, resolve: bool) -> None:
        if resolve:
            for one in self.run(self.shop.call(Holds, "of_order", order)):
                self.call(Holds, "resolve", one.id, by="x")
        else:
            self.call(Holds, "place", order, HoldKind.MANUAL, reason="", by="x")

    @rule(order=orders, kind=st.sampled_from(ReturnType), many=st.integers(0, 3))
    def open_return(self, order: str, kind: ReturnType, many: int) -> None:
        self.send_everything(order, ParcelStatus.DELIVERED)
        line = next(iter(self.run(self.shop.view(order)).quantities))
        wanted = [ReturnRequestLine(line_id=line, quantity=many)]
        self.call(Returns, "open", order, kind, wanted, reason="")

    @rule(
        order=orders, which=st.integers(0, 5), many=st.integers(0, 3), condition=st.sampled_from(Condition),
        verdict=st.sampled_from(Acceptance), what=st.sampled_from(["receive", "judge", "sent", "close"]),
        outcome=st.sampled_from(Reception),
    )  # fmt: skip
    def handle_return(
        self,
        order: str,
        which: int,
        many: int,
        condition: Condition,
        verdict: Acceptance,
        what: str,
        outcome: Reception,
    ) -> None:
        self.come_back(order, ReturnType.RETURN, many, Acceptance.PENDING)
        items = [(one, item) for one in self.run(self.shop.call(Returns, "of_order", order)) for item in one.items]
        if not items:
            return
        one, item = items[which % len(items)]
        if what == "receive":
            counted = [ReceivedPieces(item_id=item.id, quantity=many, condition=condition)]
            self.call(Returns, "receive", one.id, "A", counted)
        elif what == "judge":
            self.call(Returns, "judge", one.id, {item.id: verdict}, note="")
        elif what == "sent":
            self.call(Returns, "sent", one.id)
        else:
            self.call(Returns, "close_waiting", one.id, outcome)

    @rule(order=orders)
    def send_again(self, order: str) -> None:
        self.send_everything(order, ParcelStatus.LOST)
        lines = self.run(self.shop.view(order)).quantities
        pieces = {name: line.written_off for name, line in lines.items() if line.written_off}
        if pieces:
            self.call(Orders, "send_again", order, pieces)

    @rule(order=orders, backorder=st.booleans())
    def wait_for_stock(self, order: str, backorder: bool) -> None:
        lines = self.run(self.shop.view(order)).quantities
        if backorder:
            self.call(Orders, "backorder", order, {name: 1 for name, line in lines.items() if line.open})
        else:
            self.call(Orders, "reopen", order, None)

    @rule(order=orders, answer=st.sampled_from([True, False, None]), sum_only=st.booleans())
    def refund(self, order: str, answer: bool | None, sum_only: bool) -> None:
        asked = {"amount": cny("1.00")} if sum_only else {}
        self.attempt(self.shop.refund(order, answer, **asked))

    @invariant()
    def everything_is_sound(self) -> None:
        self.run(self.shop.sound())

    def part(self, order: str, which: int) -> Any:
        found = [one for one in self.run(self.shop.call(Fulfilments, "of_order", order)) if one.is_active]
        return found[which % len(found)] if found else None


SOME = settings(max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
TestShop = ShopMachine.TestCase
TestShop.settings = SOME
