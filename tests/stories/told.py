"""What is left of a told story, as plain values: walks, goods, money, and what the books' checks say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from oms_workflow.connect.stories.reading import Story
from oms_workflow.connect.world.audit import WorldAudit
from oms_workflow.domain.payment import Transaction, TransactionStatus
from oms_workflow.domain.status import OrderView
from oms_workflow.domain.stock import Balance
from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.store.board import IncidentRow, UserTask
from oms_workflow.store.checks import CheckResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What one instance of a process left behind."""

    instance: str
    process: str
    status: str
    records: tuple[Record, ...]
    order: str = ""

    @property
    def ends(self) -> tuple[str, ...]:
        """Statuses in which it may be left; a called process is taken away when its caller is done with it."""
        return ("completed", "terminated") if "/" in self.instance else ("completed",)

    @property
    def path(self) -> list[str]:
        """Elements that were done, in their order."""
        return [one.element for one in self.records if one.kind is RecordKind.COMPLETED]

    def passed(self, *elements: str) -> bool:
        """Say whether these were done, in this order, whatever else was done between them."""
        left = iter(self.path)
        missing = next((one for one in elements if one not in left), None)
        assert missing is None, f"{missing} was not done in this order:\n{self}"
        return True

    def never(self, *elements: str) -> bool:
        """Say whether none of these was ever begun."""
        begun = {one.element for one in self.records}
        found = [one for one in elements if one in begun]
        assert not found, f"{found} happened:\n{self}"
        return True

    def times(self, element: str) -> int:
        """Count how often an element was done."""
        return self.path.count(element)

    def told(self, kind: RecordKind) -> list[str]:
        """Elements about which something of this kind was recorded, in order."""
        return [one.element for one in self.records if one.kind is kind]

    def at(self, element: str, kind: RecordKind = RecordKind.COMPLETED) -> datetime:
        """Say when something was recorded about an element, the first time."""
        return next(one.at for one in self.records if one.kind is kind and one.element == element)

    def sent(self, name: str) -> int:
        """Count how often a message was sent."""
        mine = (one for one in self.records if one.kind is RecordKind.MESSAGE_SENT)
        return sum(1 for one in mine if one.detail["message"] == name)

    def caught(self, name: str) -> int:
        """Count how often a message was caught."""
        mine = (one for one in self.records if one.kind is RecordKind.MESSAGE_CAUGHT)
        return sum(1 for one in mine if one.detail["message"] == name)

    def __str__(self) -> str:
        lines = [f"{self.instance} ({self.process}): {self.status}"]
        shown = (one for one in self.records if one.kind is not RecordKind.FLOW_TAKEN)
        lines += [f"  {one.at:%m-%d %H:%M:%S} {one.element} {one.kind.value.upper()} {one.detail}" for one in shown]
        return "\n".join(line[:220] for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story that came to its end."""

    story: Story
    began: datetime
    ended: datetime
    walks: tuple[Walk, ...]
    views: dict[str, OrderView]
    ledgers: dict[str, tuple[Transaction, ...]]
    provider: tuple[tuple[str, str, str, str], ...]  # transaction, kind, amount, outcome: the provider's own books
    balances: dict[tuple[str, str], Balance]  # (sku, warehouse)
    entries: tuple[tuple[str, str, str, int, str], ...]  # sku, warehouse, kind, pieces, order line
    incidents: tuple[IncidentRow, ...]
    tasks: tuple[UserTask, ...]  # still open
    checks: list[CheckResult]
    audit: WorldAudit
    labels: tuple[tuple[str, str, str], ...]  # carrier, service, warehouse of every label that stands
    echoes: int  # how often something was told again

    def order(self, order_id: str) -> Walk:
        """Give the walk of an order's own process."""
        return next(walk for walk in self.walks if walk.instance == f"order:{order_id}")

    def called(self, process: str) -> list[Walk]:
        """Give the walks of a process, in the order they began."""
        return [walk for walk in self.walks if walk.process == process]

    def status(self, order_id: str) -> str:
        """Give the status people see."""
        return self.views[order_id].status.value

    def effects(self, *names: str) -> dict[str, int]:
        """Count what outside systems did, by `system.operation`; a second call with the same key is no effect."""
        found = dict.fromkeys(names, 0)
        for use in self.audit.keys:
            name = f"{use.system}.{use.operation}"
            if name in found:
                found[name] += use.effects
        return found

    def money(self, order_id: str) -> dict[str, str]:
        """Give what the ledger of an order adds up to."""
        sums = self.views[order_id].money
        names = ("authorised", "captured", "voided", "refunded", "transferred")
        return {name: str(money.amount) for name in names if not (money := getattr(sums, name)).is_zero}

    def goods(self, order_id: str) -> dict[str, dict[str, int]]:
        """Give where the pieces of an order are, by SKU; what is nowhere is left out."""
        view = self.views[order_id]
        skus = {line.id: line.sku for line in view.order.lines}
        places = ("open", "allocated", "shipped", "cancelled", "backordered", "written_off", "delivered", "returned")
        return {
            skus[line]: {name: count for name in places if (count := getattr(quantities, name))}
            for line, quantities in view.quantities.items()
        }

    def moves(self, sku: str, warehouse: str = "hz") -> list[tuple[str, int]]:
        """Give the entries of a shelf after the opening stock."""
        found = [(kind, pieces) for one, where, kind, pieces, _ in self.entries if (one, where) == (sku, warehouse)]
        return found[1:]

    def sums(self, sku: str, warehouse: str = "hz") -> dict[str, int]:
        """Add up the entries of a shelf after the opening stock, by kind."""
        found: dict[str, int] = {}
        for kind, pieces in self.moves(sku, warehouse):
            found[kind] = found.get(kind, 0) + pieces
        return found

    def on_hand(self, sku: str, warehouse: str = "hz") -> int:
        """Give the pieces on a shelf at the end."""
        return self.balances[sku, warehouse].on_hand

    def assert_all_is_well(self) -> None:
        """Every instance ended, nothing is promised any more, shop and world agree, nothing contradicts anything."""
        unended = [walk for walk in self.walks if walk.status not in walk.ends]
        assert not unended, "\n".join(map(str, unended))
        broken = [f"{one.invariant}: {one.examples}" for one in self.checks if one.violations]
        assert not broken, broken
        assert self.audit.is_clean, self.audit.contradictions
        promised = [one for one in self.balances.values() if one.reserved or one.allocated]
        assert not promised, promised
        assert self.shop_books() == self.provider_books()
        assert not [one for one in self.incidents if one.state == "open"], self.incidents

    def shop_books(self) -> list[tuple[str, str, str]]:
        """Give what the shop says that moved at the provider."""
        done = (one for ledger in self.ledgers.values() for one in ledger if one.status is TransactionStatus.SUCCEEDED)
        outside = (one for one in done if one.kind.value != "transfer" and not _is_observed(one))
        return sorted((one.id, one.kind.value, str(one.amount.amount)) for one in outside)

    def provider_books(self) -> list[tuple[str, str, str]]:
        """Give what the provider says that moved."""
        return sorted((name, kind, amount) for name, kind, amount, outcome in self.provider if outcome == "succeeded")


def _is_observed(transaction: Transaction) -> bool:
    """Money that moved at the channel before the order came in: our provider has not seen it."""
    return transaction.kind.value in ("authorise", "capture") and transaction.provider == "alipay"
