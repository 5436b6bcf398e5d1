"""The fields a mapping can fill: by section and name, what they take and what for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from oms_workflow.domain.intake import CAPTURES
from oms_workflow.domain.order import PaymentTerms
from oms_workflow.domain.service_level import ServiceLevel


class Kind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    ID = "id"  # 1 to 64 characters, no blanks, no slashes
    AMOUNT = "amount"  # money, at least 0
    SIGNED_AMOUNT = "signed amount"
    COUNT = "whole number"  # at least 0
    TIME = "time"
    FLAG = "yes or no"
    WORD = "word"  # one of `words`


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One field that can be filled."""

    section: str
    name: str
    kind: Kind
    says: str
    required: bool = False  # there is no order without it
    vital: bool = False  # what cannot be read is quarantined, whatever `[checks]` says
    words: tuple[str, ...] = ()
    is_personal: bool = False  # goes to the customer vault and nowhere else

    @property
    def path(self) -> str:
        """The field as findings name it: `order.placed_at`."""
        return f"{self.section}.{self.name}"


_TERMS = tuple(PaymentTerms)
_CAPTURES = tuple(CAPTURES)
_LEVELS = tuple(ServiceLevel)
_R: dict[str, Any] = {"required": True, "vital": True}
_V: dict[str, Any] = {"vital": True}

_TABLE: dict[str, tuple[tuple[str, Kind, str, dict[str, Any]], ...]] = {
    "order": (
        ("external_id", Kind.ID, "the channel's key of the order; it comes in once; empty: the number", _V),
        ("number", Kind.ID, "the number the buyer knows; empty: the external id", _V),
        ("placed_at", Kind.TIME, "when the buyer ordered", _R),
        ("channel", Kind.ID, "sales channel; empty: that of the mapping", _V),
        ("currency", Kind.TEXT, "ISO 4217; empty: that of the mapping", _V),
        ("shop", Kind.TEXT, "scope within which orders may be merged; empty: that of the mapping", {}),
        ("freight", Kind.AMOUNT, "what the buyer pays for shipping", _V),
        ("adjustment", Kind.SIGNED_AMOUNT, "subsidies and vouchers (negative), fees (positive)", _V),
        ("total", Kind.AMOUNT, "what it costs in all; a difference is kept as `adjustment` when none is told", _V),
        ("paid", Kind.AMOUNT, "what was paid in all, refunds included; where no rows of `[payments]` tell it", _V),
        ("paid_at", Kind.TIME, "when `paid` was paid", {}),
        ("refunded", Kind.AMOUNT, "what was given back in all; where no rows of `[refunds]` tell it", _V),
        ("terms", Kind.WORD, "when the buyer pays", {"vital": True, "words": _TERMS}),
        ("capture", Kind.WORD, "when promised money is taken; empty: at once", {"vital": True, "words": _CAPTURES}),
        ("service_level", Kind.WORD, "how urgent it is", {"words": _LEVELS}),
        ("ship_by", Kind.TIME, "promise: latest hand-over", {}),
        ("deliver_by", Kind.TIME, "promise: latest delivery", {}),
        ("sealed", Kind.FLAG, "the channel forbids to split or merge it", _V),
        ("version", Kind.COUNT, "the channel's version; tells old news from new", {}),
        ("buyer_message", Kind.TEXT, "what the buyer wrote", {"is_personal": True}),
        ("seller_remark", Kind.TEXT, "what the seller wrote", {"is_personal": True}),
    ),
    "contact": (
        ("buyer_id", Kind.TEXT, "the channel's id of the buyer", {"is_personal": True}),
        ("name", Kind.TEXT, "who receives it", {"is_personal": True}),
        ("phone", Kind.TEXT, "brought into E.164 when it is a number of the country", {"is_personal": True}),
        ("email", Kind.TEXT, "for notices", {"is_personal": True}),
        ("language", Kind.TEXT, "BCP 47", {}),
        ("country", Kind.TEXT, "ISO 3166-1 alpha-2; empty: that of the mapping", _V),
        ("region", Kind.TEXT, "province or state", {}),
        ("city", Kind.TEXT, "looked at for what does not belong to it", {}),
        ("district", Kind.TEXT, "part of a city, or a county", {"is_personal": True}),
        ("street", Kind.TEXT, "street, house and door", {"is_personal": True}),
        ("postal_code", Kind.TEXT, "a text: leading zeros count", {"is_personal": True}),
    ),
    "lines": (
        ("oid", Kind.ID, "the channel's id of the line, unique in the channel; empty: order id and position", _V),
        ("sku", Kind.TEXT, "what is ordered", _R),
        ("quantity", Kind.COUNT, "pieces; left away: 1 for each row", _V),
        ("unit_price", Kind.AMOUNT, "price of a piece; this or `amount`", _V),
        ("amount", Kind.AMOUNT, "price of the whole line, in place of `unit_price`", _V),
        ("total", Kind.AMOUNT, "price of the whole line, besides `unit_price`; what is missing is a discount", _V),
        ("discount", Kind.AMOUNT, "on the whole line", _V),
        ("tax", Kind.AMOUNT, "on the whole line, on top of the price", _V),
        ("title", Kind.TEXT, "name of the goods", {}),
        ("seller", Kind.TEXT, "empty: the house itself", {}),
        ("weight_grams", Kind.COUNT, "of a piece; a fraction is rounded up", {}),
        ("volume_cm3", Kind.COUNT, "of a piece; a fraction is rounded up", {}),
        ("temperature", Kind.TEXT, "`ambient`, `chilled` or `frozen`; empty: ambient", {}),
        ("hazard", Kind.TEXT, "class of dangerous goods; empty: none", {}),
        ("ship_together", Kind.TEXT, "lines of one group go in one parcel", {}),
        ("bundle", Kind.TEXT, "bundle it is a component of", {}),
        ("gift", Kind.FLAG, "given away with the order", {}),
    ),
    "payments": (
        ("amount", Kind.SIGNED_AMOUNT, "what was paid", _R),
        ("method", Kind.TEXT, "provider or way of paying; empty: `import`", {}),
        ("reference", Kind.TEXT, "the provider's id; empty: order id and number", {}),
        ("number", Kind.COUNT, "which of several payments, from 1", {}),
        ("at", Kind.TIME, "when it was paid", {}),
    ),
    "refunds": (
        ("amount", Kind.AMOUNT, "what was given back", _R),
        ("at", Kind.TIME, "when", {}),
    ),
    "history": (("status", Kind.TEXT, "status in the other system", {}),),
    "stock": (
        ("warehouse", Kind.TEXT, "id of the warehouse where the goods of a row lie", _R),
        ("name", Kind.TEXT, "its name; empty: its id", {}),
        ("country", Kind.TEXT, "empty: that of the mapping", {}),
        ("region", Kind.TEXT, "its province or state, in the form orders have", {}),
        ("city", Kind.TEXT, "looked at only, so that dirt in it is found", {}),
        ("sku", Kind.TEXT, "with `from`: the goods", {}),
        ("quantity", Kind.COUNT, "with `from`: pieces on hand", _V),
    ),
}  # fmt: skip

TARGETS: dict[str, dict[str, Target]] = {
    section: {name: Target(section=section, name=name, kind=kind, says=says, **more) for name, kind, says, more in rows}
    for section, rows in _TABLE.items()
}
"""Every field by section and name."""

STEP = Target(section="history", name="times", kind=Kind.TIME, says="when a step happened")
FACT = Target(section="history", name="facts", kind=Kind.TEXT, says="anything else worth keeping")
