"""What a script can say about buyers and staff."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from oms_workflow.connect.world.script.values import Duration, Frozen, Pieces, Variables
from oms_workflow.domain.cancellation import CancelScope
from oms_workflow.domain.hold import Gate, HoldKind


class Pays(Frozen):
    """When the buyer pays what the shop asks for, or what the channel says is unpaid."""

    after: Duration | None = Field(None, description="since the order began; default: within minutes")
    never: bool = False
    declined_first: int = Field(0, ge=0, le=20, description="attempts that fail before one succeeds")
    tries_again_after: Duration | None = None


class Cancels(Frozen):
    """The buyer wants out."""

    after: Duration
    reason: str = Field("changed_mind", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    scope: CancelScope = Field(CancelScope.WHOLE, strict=False)


class To(Frozen):
    """A contact. Personal data: it stays in the script and goes to the customer vault, nowhere else."""

    name: str = Field(min_length=1, repr=False)
    country: str = Field(pattern=r"^[A-Z]{2}$")
    region: str = ""
    city: str = ""
    district: str = Field("", repr=False)
    street: str = Field("", repr=False)
    postal_code: str = Field("", repr=False)
    phone: str = Field("", repr=False)
    email: str = Field("", repr=False)


class Moves(Frozen):
    """The buyer wants it sent elsewhere."""

    after: Duration
    to: To = Field(repr=False)


class Writes(Frozen):
    """The buyer writes a remark; its text is personal data."""

    after: Duration
    text: str = Field(min_length=1, max_length=2000, repr=False)
    flag: int = Field(0, ge=0, le=9)


class NewGoods(Frozen):
    """Goods wanted in exchange; prices as text in the order's currency."""

    sku: str = Field(min_length=1)
    quantity: int = Field(ge=1)
    unit_price: str = Field(pattern=r"^\d{1,12}(\.\d{1,4})?$")


class WantsBack(Frozen):
    """The buyer wants to give goods back, once they arrived."""

    after_delivery: Duration
    kind: Literal["return", "exchange", "refund_without_return"] = "return"
    reason: str = Field("does_not_fit", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    lines: Pieces | Literal["all"] = "all"
    new: tuple[NewGoods, ...] = Field((), strict=False)

    @model_validator(mode="after")
    def _new_goods_belong_to_an_exchange(self) -> WantsBack:
        if bool(self.new) != (self.kind == "exchange"):
            raise ValueError("'new' lists the goods of an exchange, and only of an exchange")
        return self


class Buyer(Frozen):
    """What the buyer of an order does."""

    pays: Pays | None = None
    cancels: Cancels | None = None
    moves: tuple[Moves, ...] | None = Field(None, strict=False)
    writes: tuple[Writes, ...] | None = Field(None, strict=False)
    wants_back: tuple[WantsBack, ...] | None = Field(None, strict=False)


class TaskAnswer(Frozen):
    """How staff answers a user task."""

    element: str = Field("*", description="id of the user task; * is every one")
    after: Duration | None = Field(None, description="default: within the hour, in office hours")
    never: bool = False
    variables: Variables | None = Field(None, description="what the form gives; default: approval")
    contact: To | None = Field(None, repr=False, description="an address staff finds out; its reference is filled in")
    times: int | None = Field(None, ge=1, description="how often this answer is given; default: always")


class IncidentAnswer(Frozen):
    """How staff answers an incident."""

    element: str = "*"
    action: Literal["retry", "complete", "skip", "none"] = "retry"
    after: Duration | None = None
    variables: Variables = Field(default_factory=dict)
    times: int | None = Field(None, ge=1)


class HoldMove(Frozen):
    """Staff puts a hold on the order, and lifts or rejects it later."""

    after: Duration = Field(description="since the order began")
    kind: HoldKind = Field(HoldKind.MANUAL, strict=False)
    reason: str = Field("a person wants to look at it", min_length=1, max_length=200)
    blocks: tuple[Gate, ...] | None = Field(None, strict=False, description="default: as its kind says")
    role: str | None = Field(None, pattern=r"^[a-z][a-z0-9-]{0,39}$", description="who lifts it; default: by its kind")
    limit: Duration | None = Field(None, description="how long it may stand; default: as its kind says")
    lifted_after: Duration | None = Field(None, description="since the order began; default: never")
    rejected: bool = Field(False, description="it is rejected then, not lifted")


class Staff(Frozen):
    """What the people of the shop do."""

    holds: tuple[HoldMove, ...] | None = Field(None, strict=False)
    tasks: tuple[TaskAnswer, ...] = Field((), strict=False)
    incidents: tuple[IncidentAnswer, ...] = Field((), strict=False)
