"""What becomes of rows: an order to take in, the same order again, one that is left out, one that is kept aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from oms_workflow.connect.importing.problem import Place, Problem
from oms_workflow.domain.customer import Contact
from oms_workflow.domain.intake import Draft
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment the file tells of."""

    amount: Money  # above 0
    provider: str  # or way of paying
    reference: str  # unique for the provider
    at: datetime | None = None  # UTC; None: not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """A refund the file tells of. It is booked as one that went out at the channel: nothing is paid back for it."""

    amount: Money
    at: datetime | None = None  # UTC; None: not told


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is known of an order's past; kept for comparison, never acted on."""

    status: str = ""  # in the words of the other system; '' when unknown
    times: Mapping[str, datetime] = field(default_factory=dict)  # step -> UTC, in the order of the steps
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    paid: Money | None = None  # all payments; None: the file tells of none
    refunded: Money | None = None

    @property
    def is_empty(self) -> bool:
        """True when nothing is known."""
        return not (self.status or self.times or self.facts or self.paid or self.refunded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the goods of a line lie, for opening stock."""

    warehouse: str
    name: str
    country: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """An order with everything that comes with it."""

    draft: Draft  # the order value, the contact, the buyer's id and remarks, as intake of the domain gives them
    payments: tuple[Paid, ...] = ()  # to be noted in the ledger; () also when the mapping says not to
    refunds: tuple[Refunded, ...] = ()
    history: History = field(default_factory=History)
    origins: tuple[Origin | None, ...] = ()  # of each line; () when the mapping has no [stock]

    @property
    def order(self) -> Order:
        """The order; customer_ref, buyer_key, address_digest and the city are '' until its contact is in the vault."""
        return self.draft.bare

    @property
    def contact(self) -> Contact:
        """Who receives it. Personal data."""
        return self.draft.contact


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """A row as it stood in its file, to be written into the quarantine file. Personal data."""

    alias: str
    place: Place
    key: str | None = field(repr=False)
    fields: Mapping[str, str] = field(repr=False)
    text: str = field(default="", repr=False)  # the row itself, where its fields could not be told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An order to take in."""

    intake: Intake
    places: tuple[Place, ...]  # of the rows it was made of
    rows: tuple[RawRow, ...] = field(default=(), repr=False)  # those of `places`, and the rows they look up
    problems: tuple[Problem, ...] = ()  # what was mended, and what is worth a look
    digest: str = ""  # the same for the same rows; tells nothing about them
    mends: tuple[str, ...] = ()  # `<batch>#<number>` of what was kept aside before and is mended by this


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A row that says the same as another one."""

    order_id: str
    places: tuple[Place, ...]
    first: Place  # of the row that says it first


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An order that the mapping leaves out."""

    reason: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """Rows that are kept aside, with every reason."""

    problems: tuple[Problem, ...]
    places: tuple[Place, ...]
    rows: tuple[RawRow, ...] = field(repr=False)  # those of `places`, and the rows they look up
    order_id: str = ""  # '' when it cannot be told
    intake: Intake | None = None  # what `ignore_failed` takes in; None when there is no order to speak of
    digest: str = ""
    mends: tuple[str, ...] = ()


Result = Accepted | Duplicate | Skipped | Quarantined
