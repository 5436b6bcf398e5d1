"""What a script can say about payment providers, carriers, warehouses and the other systems outside."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from oms_workflow.connect.world.script.values import Duration, Frozen, Moment, Pieces
from oms_workflow.domain.refusals import Refusal


class Webhooks(Frozen):
    """How a system's callbacks travel."""

    copies: int = Field(1, ge=1, le=10, description="how often each one is delivered")
    late: Duration | None = Field(None, description="how much later than usual")
    shuffled: bool = Field(False, description="each two neighbours overtake each other")


class Authorise(Frozen):
    """How a request for money is answered. `pending`: the buyer has to act, as `buyer.pays` says."""

    answer: Literal["pending", "succeeded", "declined"] = "pending"
    code: str = "card_declined"
    times: int | None = Field(None, ge=1, description="how often it is answered so; default: always")


class Moving(Frozen):
    """How a capture or refund is answered. `fails_later`: pending at first, then failed."""

    answer: Literal["succeeded", "pending", "declined", "fails_later"] = "succeeded"
    code: str = "provider_declined"
    times: int | None = Field(None, ge=1)


class Payment(Frozen):
    """What the payment provider does."""

    authorise: Authorise | None = None
    capture: Moving | None = None
    refund: Moving | None = None
    webhooks: Webhooks | None = None


class Journey(Frozen):
    """A parcel's way."""

    transit: Duration | None = Field(None, description="from hand-over to delivery; default: as the service says")
    failed_attempts: int = Field(0, ge=0, le=5)
    ends: Literal["delivered", "lost", "returned"] = "delivered"
    declared_after: Duration | None = Field(None, description="lost: when the carrier admits it; default: never")


class Intercept(Frozen):
    """How the request to bring a parcel back is answered; default: yes while it is on its way."""

    works: bool


class Carrier(Frozen):
    """What carriers do."""

    journey: Journey | None = None
    intercept: Intercept | None = None
    webhooks: Webhooks | None = None


class Submit(Frozen):
    """How a warehouse takes an order. `pending`: its word comes minutes later; `rejects_later`: and it is no."""

    answer: Literal["pending", "accepted", "rejected", "rejects_later"] = "pending"
    code: str = Field("no_capacity", pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")
    times: int | None = Field(None, ge=1)


class Short(Frozen):
    """Pieces a warehouse does not find."""

    pieces: Pieces
    times: int | None = Field(None, ge=1)


class Pace(Frozen):
    """How fast a warehouse works; what is not said keeps to its hours and its usual times."""

    accepts_after: Duration | None = None
    picks_after: Duration | None = None
    packs_after: Duration | None = None
    hands_over_after: Duration | None = None
    stops: Literal["accepts", "picks", "packs", "hands_over"] | None = Field(None, description="this never happens")


class Cancel(Frozen):
    """How a warehouse answers a cancellation; default: yes until the carrier has the goods.

    `pending`: its word comes minutes later. `never`: it says that it will see, works on, and nobody hears of it again.
    """

    answer: Literal["accepted", "rejected", "pending", "never"]
    times: int | None = Field(None, ge=1)


class Warehouse(Frozen):
    """What warehouses do."""

    submit: Submit | None = None
    short: Short | None = None
    pace: Pace | None = None
    parcels: int | None = Field(None, ge=1, le=20, description="parcels a fulfilment order is packed in; default: 1")
    cancel: Cancel | None = None
    webhooks: Webhooks | None = None


class GoodsBack(Frozen):
    """What comes back of a return."""

    sent_after: Duration | None = Field(None, description="since it was announced")
    arrives_after: Duration | None = Field(None, description="since it was sent")
    never: bool = False
    damaged: Pieces | None = None
    missing: Pieces | None = None


class Risk(Frozen):
    """A score instead of the computed one."""

    score: int = Field(ge=0, le=100)
    why: str = Field("the script says so", max_length=200)


class Fails(Frozen):
    """Calls that do not go through.

    `unavailable`: the system does not answer. `refused`: it says no. `answer_lost`: it acts, and the answer is lost.
    """

    system: Literal["payment", "carrier", "warehouse", "notification", "risk", "channel"]
    operation: str | None = Field(None, description="a method of the system's port; default: every one")
    how: Literal["unavailable", "refused", "answer_lost"] = "unavailable"
    times: int | None = Field(None, ge=1, description="default: 1 for answer_lost, else always")
    since: Moment | None = None
    until: Moment | None = None
    code: Refusal = Field(Refusal.ADDRESS_REFUSED, strict=False)

    @model_validator(mode="after")
    def _operation_is_known(self) -> Self:
        known = OPERATIONS[self.system]
        if self.operation is not None and self.operation not in known:
            raise ValueError(f"{self.system} knows the operations {', '.join(known)}; found {self.operation!r}")
        return self

    @property
    def at_most(self) -> int | None:
        """How often it applies; None: always."""
        return 1 if self.times is None and self.how == "answer_lost" else self.times


OPERATIONS: dict[str, tuple[str, ...]] = {
    "payment": ("authorise", "capture", "void", "refund", "look_up"),
    "carrier": ("label", "cancel_label", "track", "intercept"),
    "warehouse": ("submit", "cancel", "announce_return"),
    "notification": ("send",),
    "risk": ("score",),
    "channel": ("shipped", "cancelled", "refunded", "stock"),
}
"""What can be asked of each system: the methods of its port."""
