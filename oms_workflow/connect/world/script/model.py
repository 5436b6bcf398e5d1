"""A script: what is to happen otherwise than well, in the simulated world. Reads no files and decides nothing."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from oms_workflow.connect.world.latencies import LATENCIES
from oms_workflow.connect.world.script.people import Buyer, Staff
from oms_workflow.connect.world.script.systems import Carrier, Fails, GoodsBack, Payment, Risk, Warehouse
from oms_workflow.connect.world.script.values import Duration, Frozen, Moment, Names

_OF_ORDER = frozenset({"order", "external_id", "channel", "sku", "share"})
_OF_PARCEL = _OF_ORDER | {"carrier", "service", "warehouse"}

SEEN: dict[str, frozenset[str]] = {
    "buyer": _OF_ORDER,
    "payment": _OF_ORDER,
    "carrier": _OF_PARCEL,
    "warehouse": _OF_PARCEL,
    "goods_back": _OF_ORDER | {"warehouse"},
    "staff": _OF_ORDER,
    "risk": _OF_ORDER,
}
"""Which conditions can be known when a part of a rule is asked for; any other condition would never hold."""

SEEN_BY_SYSTEM = {"carrier": _OF_PARCEL, "warehouse": _OF_PARCEL}
"""The same for `fails`; every other system sees the conditions of the order."""


class When(Frozen):
    """To what a rule applies: every condition that is given must hold, each for one of its names."""

    order: Names | None = None
    external_id: Names | None = None
    channel: Names | None = None
    sku: Names | None = Field(None, description="one of the order's SKUs")
    carrier: Names | None = None
    service: Names | None = None
    warehouse: Names | None = None
    share: float | None = Field(None, ge=0, le=1, description="this part of the orders, drawn by the seed")

    @property
    def given(self) -> frozenset[str]:
        """The conditions that are stated."""
        return frozenset(name for name in type(self).model_fields if getattr(self, name) is not None)


class Rule(Frozen):
    """One story: to whom it happens, and what. The first rule of the file that says something about a matter counts."""

    story: str = ""
    when: When = When()
    buyer: Buyer | None = None
    payment: Payment | None = None
    carrier: Carrier | None = None
    warehouse: Warehouse | None = None
    goods_back: GoodsBack | None = None
    staff: Staff | None = None
    risk: Risk | None = None
    fails: tuple[Fails, ...] = Field((), strict=False)

    @model_validator(mode="after")
    def _can_hold(self) -> Rule:
        for part, seen in SEEN.items():
            if getattr(self, part) is not None and (unseen := self.when.given - seen):
                raise ValueError(f"{part!r} never knows {', '.join(sorted(unseen))}, so the rule could not hold")
        for one in self.fails:
            if unseen := self.when.given - SEEN_BY_SYSTEM.get(one.system, _OF_ORDER):
                raise ValueError(f"{one.system!r} never knows {', '.join(sorted(unseen))}, so the rule could not hold")
        return self


class StockArrives(Frozen):
    """Goods that come in from a supplier."""

    sku: str = Field(min_length=1)
    warehouse: str = Field(min_length=1)
    quantity: int = Field(ge=1)
    at: Moment


class Chances(Frozen):
    """How often the wires fail by themselves; 0 is never."""

    duplicate: float = Field(0, ge=0, le=1, description="a callback is delivered twice")
    late: float = Field(0, ge=0, le=1, description="a callback comes hours late")
    unavailable: float = Field(0, ge=0, le=1, description="a call is not answered")
    answer_lost: float = Field(0, ge=0, le=1, description="a call acts, and its answer is lost")


def _clock(text: object) -> time:
    try:
        found = time.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None or found.utcoffset() is not None:
        raise ValueError(f"expected a time of day such as '08:30', found {text!r}")
    return found


Clock = Annotated[time, BeforeValidator(_clock)]


class Hours(Frozen):
    """When people work."""

    utc_offset_minutes: int = Field(480, ge=-14 * 60, le=14 * 60, description="east of UTC; 480 is China")
    opens: Clock
    closes: Clock
    weekdays: tuple[int, ...] = Field((1, 2, 3, 4, 5, 6, 7), strict=False, description="1 is Monday")

    @model_validator(mode="after")
    def _open_at_all(self) -> Hours:
        if self.opens >= self.closes or not self.weekdays or not set(self.weekdays) <= set(range(1, 8)):
            raise ValueError("expected at least one weekday from 1 to 7, and to open before it closes")
        return self


class Channel(Frozen):
    """What a sales channel can be told."""

    several_numbers_per_line: bool = True
    partial_shipment: bool = True
    cancel_lines: bool = True


WAREHOUSE_HOURS = Hours.model_validate({"opens": "08:00", "closes": "20:00"})
OFFICE_HOURS = Hours.model_validate({"opens": "09:00", "closes": "18:00", "weekdays": (1, 2, 3, 4, 5)})

Span = tuple[Duration, Duration]


class Script(Frozen):
    """Everything a world does otherwise than by default."""

    about: str = ""
    seed: int | None = None
    rules: tuple[Rule, ...] = Field((), strict=False)
    stock: tuple[StockArrives, ...] = Field((), strict=False)
    chances: Chances = Chances()
    latency: dict[str, Annotated[Span, Field(strict=False)]] = Field(default_factory=dict)
    warehouse_hours: Hours = WAREHOUSE_HOURS
    office_hours: Hours = OFFICE_HOURS
    channels: dict[str, Channel] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _latencies_are_known(self) -> Script:
        for name, (low, high) in self.latency.items():
            if name not in LATENCIES:
                raise ValueError(f"no latency is called {name!r}; there are {', '.join(sorted(LATENCIES))}")
            if low > high:
                raise ValueError(f"latency {name!r} needs its shorter time first")
        return self
