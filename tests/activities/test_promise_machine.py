"""Waiting for goods lived at random: ordered, announced, postponed, given up, arrived, taken up, cancelled, revised.

After every step every invariant of the field is asked, and buyers were told exactly what their promises say.
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
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import create_engine

from activities.backorder import backorder, take_up
from activities.promising import revise_promises
from oms_workflow.domain.arrival import Announcement
from oms_workflow.domain.delivery_rules import CarrierService, DepartureRule, TransitRule, WarehouseHours
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.delivery_times import DeliveryTimes
from oms_workflow.domain.ports.notices import Notices
from oms_workflow.domain.ports.promises import Promises
from oms_workflow.errors import OrderRefused
from oms_workflow.store.calendars import take_over
from oms_workflow.store.database import Database
from oms_workflow.store.tables.all import metadata
from tests.domain.orders_for_tests import NOON, an_order
from tests.domain.test_promising import EVERY_DAY, WORKDAYS

from .bench import Bench

TEMPLATE = Path(tempfile.mkdtemp(prefix="oms-promise-machine-")) / "empty.db"
SKUS = st.sampled_from(["TEA", "CUP"])
PLACES = st.sampled_from(["KNOWN", "DARK"])  # of the second one no hours are known


class WaitingMachine(RuleBasedStateMachine):
    """Buyers, ships and time."""

    def __init__(self) -> None:
        super().__init__()
        if not TEMPLATE.exists():
            engine = create_engine(f"sqlite:///{TEMPLATE}")
            metadata.create_all(engine)
            engine.dispose()
        self.folder = Path(tempfile.mkdtemp(prefix="oms-promise-machine-"))
        shutil.copy(TEMPLATE, self.folder / "oms.db")
        self.loop = asyncio.new_event_loop()
        self.database = Database.open(f"sqlite:///{self.folder / 'oms.db'}", vault_key=b"k" * 16)
        self.bench = Bench(self.database)
        self.at = NOON
        self.orders: list[str] = []
        self.receipts: list[str] = []

    def teardown(self) -> None:
        self.does(self.database.close())
        self.loop.close()
        shutil.rmtree(self.folder)

    def does(self, work: Any) -> Any:
        """Do it, or hear no: a refusal is a right answer, anything else is a defect."""
        try:
            return self.loop.run_until_complete(work)
        except OrderRefused as refusal:
            assert refusal.code
            return None

    def call(self, port: type, method: str, *args: Any, **more: Any) -> Any:
        return self.does(self.bench.call(port, method, *args, key=self.bench.key(), at=self.at, **more))

    @initialize()
    def open_shop(self) -> None:
        for name in ("KNOWN", "DARK"):
            self.does(self.bench.warehouse(name))

        async def calendars() -> None:
            async with self.bench.unit() as unit:
                await take_over(unit, [WORKDAYS, EVERY_DAY], at=NOON)

        self.does(calendars())
        for rule_ in (
            WarehouseHours(warehouse="KNOWN", calendar="every-day", handling=timedelta(hours=1)),
            DepartureRule(warehouse="KNOWN", cut_off=16 * 60, times=(18 * 60,)),
            CarrierService(carrier="zto", service="standard", network="cn-workdays", delivery="every-day"),
            TransitRule(carrier="zto", service="standard", country="CN", days=2),
        ):
            self.does(self.bench.call(DeliveryTimes, "save", rule_))

    @rule(lines=st.lists(st.tuples(SKUS, st.integers(1, 3)), min_size=1, max_size=2), reachable=st.booleans())
    def order(self, lines: list[tuple[str, int]], reachable: bool) -> None:
        number = str(len(self.orders) + 1)
        made = an_order(
            *((f"{number}-{which}", sku, many) for which, (sku, many) in enumerate(lines)),
            number=number,
            placed_at=self.at,
        )
        if reachable:
            made = replace(made, customer_ref=self.does(self.bench.somebody(made)))
        self.does(self.bench.take_in(made, at=self.at))
        self.does(self.bench.run(backorder, order_id=made.id, at=self.at))
        self.orders.append(made.id)

    @rule(sku=SKUS, place=PLACES, many=st.integers(1, 4), days=st.integers(0, 9))
    def announce(self, sku: str, place: str, many: int, days: int) -> None:
        told = Announcement(sku=sku, warehouse=place, quantity=many, expected_at=self.at + timedelta(days=days))
        self.receipts.append(self.call(Arrivals, "announce", told).id)

    @precondition(lambda self: self.receipts)
    @rule(which=st.integers(0, 9), days=st.integers(0, 9), what=st.sampled_from(["postpone", "give up", "arrive"]))
    def ship(self, which: int, days: int, what: str) -> None:
        name = self.receipts[which % len(self.receipts)]
        if what == "postpone":
            self.call(Arrivals, "postpone", name, self.at + timedelta(days=days))
        elif what == "give up":
            self.call(Arrivals, "give_up", name, reason="lost at sea")
        else:
            self.call(Arrivals, "arrive", name, 1)

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 9), what=st.sampled_from(["take up", "wait again", "cancel"]))
    def decide(self, which: int, what: str) -> None:
        name = self.orders[which % len(self.orders)]
        if what == "cancel":
            self.does(self.bench.cancel(name))
        else:
            self.does(self.bench.run(take_up if what == "take up" else backorder, order_id=name, at=self.at))

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule()
    def revise(self) -> None:
        """Whatever happened, a second look finds nothing new."""
        self.does(self.bench.run(revise_promises, at=self.at))
        assert self.does(self.bench.run(revise_promises, at=self.at)).revised == []

    @invariant()
    def buyers_know_what_is_promised(self) -> None:
        """A buyer who can be reached was told each revision that matters once, in their order, and nothing else."""
        for name in self.orders:
            history = self.does(self.bench.call(Promises, "history", name))
            notices = [one.id for one in self.does(self.bench.call(Notices, "of_order", name))]
            told = [one.notice_id for one in history if one.notice_id]
            mattering = [one for one in history if one.matters]
            assert told == notices
            assert not notices or len(notices) == len(mattering)
            assert all(one.parts for one in mattering)

    @invariant()
    def everything_is_sound(self) -> None:
        self.does(self.bench.sound())


TestWaiting = WaitingMachine.TestCase
TestWaiting.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
