"""Orders walking through the shipped diagrams: activities answer as where all is well, unless told otherwise.

What an activity is asked with has to fit its input model, and what is answered its output model, so a mapping that
would fail in the shop fails here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from oms_workflow.catalog.registry import Catalog, discover
from oms_workflow.diagrams.collection import Collection, read_collection
from oms_workflow.domain.changes import MATTERS
from oms_workflow.engine import commands
from oms_workflow.play.result import PlayResult, open_work, show
from oms_workflow.play.stage import BEGINNING, Actor, Stage
from oms_workflow.play.walk import perform

PROCESSES = Path(__file__).parents[2] / "processes"
ORDER = "shop:1"
FULFILMENT = "shop:1.F1"
PACKAGE = "shop:1.F1.S1.P1"
RETURN = "shop:1.R1"

FACTS = {
    "channel": "shop", "service_level": "standard", "terms": "prepaid", "origin": "channel", "total": "100.00",
    "currency": "CNY", "paid": True, "paid_difference": "0.00", "lines": 1, "pieces": 2, "highest_unit_price": "50.00",
    "discount_percent": 0, "gifts": 0, "sellers": 1, "country": "CN", "region": "浙江省", "address_known": True,
    "remarks": 0, "remark_intents": [], "orders_of_buyer": 3, "orders_of_buyer_1h": 1, "orders_of_buyer_24h": 1,
    "orders_to_address_24h": 1, "buyers_at_address_30d": 1, "orders_of_phone_24h": 1, "cancelled_of_buyer_90d": 0,
    "returns_of_buyer_90d": 0, "orders_to_address_1h": 1, "spent_of_buyer_24h": "100.00",
    "spent_to_address_24h": "100.00", "undelivered_at_address_180d": 0, "blocked": [], "blocked_reasons": [],
}  # fmt: skip
PARCEL = {
    "warehouse": "HZ", "country": "CN", "region": "浙江省", "city": "杭州市", "service_level": "standard",
    "weight_grams": 900, "pieces": 2, "value": "100.00", "currency": "CNY", "on_delivery": False, "sealed": False,
    "ship_by": None, "in_waves": False,
}  # fmt: skip
WISH = {
    "kind": "return", "reason": "does_not_fit", "pieces": 2, "value": "100.00", "currency": "CNY",
    "days_since_delivery": 2, "whole_order": True, "service_level": "standard", "returns_of_buyer_90d": 0,
}  # fmt: skip
MONEY = {
    "state": "paid", "due": "100.00", "outstanding": "0.00", "refundable": "0.00", "promised": "0.00",
    "under_way": "0.00", "currency": "CNY",
}  # fmt: skip
NOW = {
    "status": "delivered", "payment": "paid", "fulfilment": "delivered", "returning": "none", "channel": "shop",
    "service_level": "standard", "priority": 3, "origin": "channel", "to_ship": 0, "shipped": 2, "delivered": 2,
    "cancelled": 0, "written_off": 0, "holds": [],
}  # fmt: skip

LOOKING_AFTER = frozenset({"AwaitEnd", "LookAtHold", "TellResolver", "LookAgain", "TellNext"})
"""Nodes of hold_care, which goes on beside the order."""

CHANGE = {
    "kinds": ["address"], "needs_audit": True, "audited": True, "matters": ["contact", "address"], "fields": [],
    "too_late": [], "stage": "open", "merged": False,
}  # fmt: skip
ARRIVAL = {
    "channel": "shop", "service_level": "standard", "terms": "prepaid", "origin": "channel", "paid": True,
    "placed_at": BEGINNING, "audited": False,
}  # fmt: skip
HOLD = {
    "kind": "audit", "role": "customer-service", "reason": "somebody has to look", "stands": True, "limit": "PT2H",
    "by_hand": False, "service_level": "standard",
}  # fmt: skip

ALL_IS_WELL: dict[str, Any] = {
    "audit.see_arrival": {"arrival": ARRIVAL},
    "audit.begin": {"matters": list(MATTERS), "first": True},
    "audit.clean_order": {"problems": [], "blocking": 0, "tidied": False},
    "audit.gather_facts": {"facts": FACTS, "holds": []},
    "audit.score_risk": {"risk": 5, "risk_reasons": [], "scored_by": "risk service"},
    "holds.place": {"touched": ["shop:1.H1"], "holds": ["audit"], "resolvers": ["customer-service"]},
    "holds.look": {"hold": HOLD},
    "holds.lift": {"touched": ["shop:1.H1"], "holds": [], "resolvers": []},
    "holds.reject": {"touched": ["shop:1.H1"], "holds": ["audit"], "resolvers": ["customer-service"]},
    "orders.set_address": {"country": "CN", "region": "浙江省"},
    "orders.look": NOW,
    "orders.complete": {"status": "completed", "exchange_for": "", "followers": []},
    "orders.start_process": {"started": True},
    "payment.look_up": MONEY,
    "payment.request": {"state": "promised", "transaction_id": "shop:1.T1"},
    "payment.capture": {"paid": True, "pending": [], "outstanding": "0.00"},
    "payment.void": {"transactions": 0},
    "payment.refund": {"amount": "100.00", "currency": "CNY", "transactions": ["shop:1.T9"], "pending": []},
    "merge.propose": {"role": "alone", "leader": ORDER, "partners": [], "wait_until": None, "hindrances": ["no_buyer"]},
    "merge.join": {"merge_id": "shop:1.M1", "followers": ["shop:2", "shop:3"]},
    "merge.undo": {"others": []},
    "merge.standing": {"role": "alone", "leader": ORDER, "followers": [], "merge_id": ""},
    "allocation.reserve": {"reserved": 2, "missing": 0, "warehouses": ["HZ"], "why": ["near"], "shortages": []},
    "allocation.allocate": {"allocated": 2, "warehouses": ["HZ"]},
    "allocation.release": {"pieces": 2},
    "allocation.backorder": {"waiting": 1},
    "allocation.take_up": {"reopened": 1},
    "allocation.check_stock": {"wanted": 2, "available": 2, "lacking": [ORDER]},
    "shipping.check_replacement": {"wanted": 2, "available": 2, "lost_before": 0},
    "fulfilment.plan": [{"fulfilments": [FULFILMENT], "reasons": []}, {"fulfilments": [], "reasons": []}],
    "fulfilment.give_back": {"order_id": ORDER, "pieces": 2},
    "fulfilment.look": {"status": "in_progress", "request": "accepted", "pieces": 1, "warehouse": "HZ"},
    "shipping.gather_facts": {"parcel": PARCEL},
    "waves.release_due": {"waves": [], "released": []},
    "waves.join": {"waits": True, "wave": ""},
    "shipping.compare_prices": {"place": 1, "cost": None, "why": "by the rules 按规则"},
    "shipping.plan": {"shipment_id": f"{FULFILMENT}.S1"},
    "shipping.submit": {"verdict": "accepted", "code": ""},
    "shipping.book": {"shipment_id": f"{FULFILMENT}.S1", "tracking_numbers": ["ZTO1"]},
    "shipping.hand_over": {"parcels": 1, "share_due": False},
    "payment.capture_share": {"state": "taken", "amount": "10.00", "currency": "CNY", "declined": []},
    "shipping.check_parcels": [
        {"open": 1, "delivered": 0, "lost": [], "returned": []},
        {"open": 0, "delivered": 1, "lost": [], "returned": []},
    ],
    "shipping.look_for_news": {"open": 1, "delivered": 0, "lost": [], "returned": [], "moved": 1, "quiet": []},
    "shipping.write_off": {"pieces": 2, "value": "100.00", "currency": "CNY"},
    "shipping.send_again": {"pieces": 2},
    "shipping.claim_lost": {"claims": [{"order_id": ORDER, "return_id": RETURN}]},
    "shipping.take_back": {"claims": [{"order_id": ORDER, "return_id": RETURN}]},
    "shipping.cancel": {"cancelled": 1, "with_carrier": []},
    "shipping.cancel_all": {"cancelled": 1, "with_carrier": []},
    "cancellation.ask_warehouses": {"waiting": [], "asked": 0},
    "cancellation.assume_shipping": {"stopped": False},
    "cancellation.decide": {
        "result": "cancelled", "nothing_goes": True, "pieces": 2, "stopped": [], "shipping": []
    },
    "changes.gather_facts": {"change": CHANGE},
    "changes.accept": {"service_level": "standard", "priority": 3},
    "channel.tell_shipped": {"news": 1},
    "channel.tell_cancelled": {"news": 1},
    "channel.tell_refunded": {"news": 1},
    "returns.gather_facts": {"order_id": ORDER, "wish": WISH},
    "returns.announce": {"verdict": "accepted", "warehouse": "HZ"},
    "returns.refuse": {"return_id": RETURN, "pieces": 0},
    "returns.expire": {"return_id": RETURN, "pieces": 0},
    "returns.let_keep": {"return_id": "shop:1.R2", "pieces": 2},
    "returns.inspect": {"received": 2, "accepted": 2, "rejected": 0, "to_judge": 0},
    "returns.judge": {"received": 2, "accepted": 2, "rejected": 0, "to_judge": 0},
    "returns.make_exchange": {
        "exchange_order": "shop:1-X1", "to_pay": "0.00", "to_refund": "0.00", "currency": "CNY"
    },
    "promise.revise": {"waiting": 0, "revised": []},
    "notification.send_waiting": {"sent": 1, "left": 0},
    "notification.notify_buyer": {"state": "sent"},
    "notification.notify_staff": {"state": "sent"},
}  # fmt: skip
"""What each activity answers; a list gives one answer after the other, and then the last one again."""

Answer = Mapping[str, Any] | str  # a str is the code of a refusal


@cache
def catalog() -> Catalog:
    """The activities of the shop."""
    return discover(["activities"])


@cache
def shipped() -> Collection:
    """The shipped diagrams, decisions and calendars, checked against the activities."""
    return read_collection([PROCESSES], year=BEGINNING.year, catalog=catalog(), strict_references=True).require()


class _CheckedStage(Stage):
    """A stage that looks at what activities are asked with."""

    def __init__(self) -> None:
        read = shipped()
        super().__init__(read.definitions, read.decisions, read.calendars)
        self.asked: list[tuple[str, dict[str, Any]]] = []  # (element, inputs as the activity gets them)
        self.tasks: list[commands.OpenTask] = []
        self.sent: list[tuple[str, str]] = []  # (message, key)

    def _carry_out(self, actor: Actor, command: commands.Command) -> None:
        if isinstance(command, commands.RunActivity):
            model = catalog()[command.job.activity].input.model_validate(command.inputs)
            self.asked.append((command.element, model.model_dump()))
        elif isinstance(command, commands.OpenTask):
            missing = [name for name, value in command.inputs.items() if value is None]
            assert not missing, f"who does {command.element} does not see {missing}"
            self.tasks.append(command)
        elif isinstance(command, commands.PublishMessage):
            self.sent.append((command.message, command.key))
        super()._carry_out(actor, command)


class Walk:
    """One walk. `answers` are by activity or, more specific, by element; the test itself answers elements in `held`."""

    def __init__(self, *, held: tuple[str, ...] = (), **answers: Answer | list[Answer]) -> None:
        self.stage = _CheckedStage()
        self.held = set(held)
        self._answers: dict[str, Any] = ALL_IS_WELL | {name.replace("__", "."): one for name, one in answers.items()}
        self._used: dict[str, int] = {}

    @classmethod
    def of_order(cls, order: str = ORDER, service_level: str = "standard", **more: Any) -> Walk:
        """An order that just came in."""
        walk = cls(**more)
        walk.message("order.received", order, order_id=order, channel="shop", service_level=service_level)
        return walk

    @classmethod
    def of_process(cls, process: str, *, variables: Mapping[str, Any], start: str = "", **more: Any) -> Walk:
        """A process that is called with variables, or begins at the start event named."""
        walk = cls(**more)
        walk.stage.start(process, variables, start)
        walk.go()
        return walk

    def answer(self, **answers: Answer | list[Answer]) -> None:
        """Let activities or elements answer otherwise from now on."""
        for name, one in answers.items():
            self._answers[name.replace("__", ".")] = one
            self._used.pop(name.replace("__", "."), None)

    def go(self) -> None:
        """Answer every activity that is asked, one after the other, until only people and the outside can go on."""
        for _ in range(500):
            todo = next((pair for pair in open_work(self.stage) if self._is_ours(*pair)), None)
            if todo is None:
                return
            actor, token = todo
            node = actor.instance.program.steps[token.node].node
            assert node.job is not None
            peers = [one for _, one in open_work(self.stage) if one.node == token.node and one is token]
            assert peers
            index = self._index(node.id, actor, token.id)
            given = self._next(node.id, node.job.activity)
            if isinstance(given, str):
                assert given in catalog()[node.job.activity].errors, f"{node.job.activity} never refuses with {given}"
                self._step(error=node.id, code=given, index=index)
            else:
                output = catalog()[node.job.activity].output.model_validate(given)
                self._step(complete=node.id, variables=output.model_dump(), index=index)
        raise AssertionError(f"the walk does not come to rest: {self.open}")

    def done(self, element: str, index: int = 0, /, **variables: Any) -> None:
        """Let a person, or the test, finish the work of a node."""
        self._step(complete=element, index=index, variables=variables)
        self.go()

    def fail(self, element: str, /) -> None:
        """Let the activity of a node run out of attempts."""
        self._step(fail=element, retries=0)

    def retry(self, element: str, /) -> None:
        """Let staff retry an incident."""
        self._step(retry=element)
        self.go()

    def message(self, name: str, key: str = ORDER, /, **variables: Any) -> None:
        """Publish a message and let everything move that follows from it."""
        self._step(message=name, correlationKey=key, variables=variables)
        self.go()

    def advance(self, *durations: str) -> None:
        """Move the clock; activities answer after each move."""
        for duration in durations:
            self._step(advance=duration)
            self.go()

    @property
    def result(self) -> PlayResult:
        return show(self.stage, [])

    @property
    def open(self) -> list[str]:
        """Elements where work waits for an answer; what looks after holds waits beside them."""
        return sorted(one["element"] for one in self.result.open if one["element"] not in LOOKING_AFTER)

    @property
    def holds_watched(self) -> int:
        """How many holds are looked after."""
        return sum(one["element"] in LOOKING_AFTER for one in self.result.open)

    @property
    def waiting(self) -> set[str]:
        """Events that are waited for."""
        return {one["element"] for one in self.result.waiting}

    @property
    def status(self) -> str:
        return self.result.status

    @property
    def trace(self) -> list[str]:
        """Completed tasks and calls, in order."""
        return self.result.trace

    @property
    def reached(self) -> set[str]:
        """Everything that was completed, gateways and events included."""
        return set(self.result.completed)

    def asked(self, element: str) -> list[dict[str, Any]]:
        """What the activity of a node was asked with, each time."""
        return [inputs for name, inputs in self.stage.asked if name == element]

    def told(self) -> list[str]:
        """Templates of the notices that went out, in order, but for those about holds that stand."""
        sent = [inputs["template"] for _, inputs in self.stage.asked if "template" in inputs]
        return [one for one in sent if not one.startswith("staff_hold")]

    def task(self, element: str) -> commands.OpenTask:
        """The user task that was opened last at a node."""
        return next(one for one in reversed(self.stage.tasks) if one.element == element)

    def milestones(self) -> list[str]:
        """What the customer saw, in order, each stage once in a row."""
        by_id = {node.id: node.milestone for one in shipped().definitions for node in one.nodes if node.milestone}
        seen = [
            by_id[one["element"]]
            for one in self.result.records
            if one["kind"] == "activated" and one["element"] in by_id
        ]
        return [now for before, now in zip(["", *seen], seen, strict=False) if now != before]

    def _step(self, **step: Any) -> None:
        perform(self.stage, {"steps": [step]})

    def _is_ours(self, actor: Actor, token: Any) -> bool:
        node = actor.instance.program.steps[token.node].node
        return node.job is not None and node.id not in self.held

    def _index(self, element: str, actor: Actor, token: int) -> int:
        there = [
            (one, other.id)
            for one, other in open_work(self.stage)
            if one.instance.program.steps[other.node].node.id == element
        ]
        return there.index((actor, token))

    def _next(self, element: str, activity: str) -> Answer:
        name = element if element in self._answers else activity
        known = self._answers[name]
        if not isinstance(known, list):
            return known  # type: ignore[no-any-return]
        number = self._used.get(name, 0)
        self._used[name] = number + 1
        return known[min(number, len(known) - 1)]  # type: ignore[no-any-return]
