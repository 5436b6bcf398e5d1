"""What an import looks for: every check with its code, what finding it means, and what a mapping may make of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Treatment(StrEnum):
    """What is done about a finding. A mapping may choose another one of those a check allows."""

    QUARANTINE = "quarantine"  # the order is kept aside, with the reason
    HOLD = "hold"  # the order comes in, but waits until a person has looked at it
    WARN = "warn"  # the order goes on, and carries a note for those who audit it
    FIX = "fix"  # mended where there is only one way to mend it, and noted; warned of otherwise
    IGNORE = "ignore"  # nothing is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One kind of dirt."""

    code: str
    treatment: Treatment  # unless the mapping says otherwise
    allowed: frozenset[Treatment]
    says: str
    mend: str

    @property
    def is_essential(self) -> bool:
        """True when there is no order to speak of: not even `ignore_failed` takes it in."""
        return self.allowed == frozenset({Treatment.QUARANTINE})


_Q, _H, _W, _F, _I = Treatment
_ONLY = frozenset({_Q})
_SOFT = frozenset({_Q, _H, _W, _I})
_FIXABLE = frozenset(Treatment)

_TABLE: tuple[tuple[str, Treatment, frozenset[Treatment], str, str], ...] = (
    # Rows that cannot be read
    ("wrong-field-count", _Q, _ONLY, "a row has more or fewer fields than the header",
     "quote fields that hold the delimiter, or add the missing fields"),
    ("bad-quotes", _Q, _ONLY, "a quote is opened and not closed, or text follows a closing quote",
     "close the quote; write a quote inside a quoted field twice"),
    ("row-too-long", _Q, _ONLY, "a row is longer than is read (see Limits)", "shorten it, or leave the field out"),
    ("nul-byte", _Q, _ONLY, "a row holds NUL characters", "remove them; often the file was copied while written"),
    ("mis-encoded", _Q, _ONLY, "a row holds bytes that are not in the file's encoding",
     "set `encoding` to the file's own, or mend the bytes"),
    ("not-json", _Q, _ONLY, "a line is no JSON object, or names a key twice", "mend the line"),
    ("broken-part", _Q, _ONLY, "another row that seems to belong to the order cannot be read",
     "mend that row and import both again"),
    # Fields
    ("missing-field", _Q, _ONLY, "a field without which there is no order is empty", "fill it"),
    ("empty-field", _W, _SOFT, "a field that the mapping expects is empty", "fill it, or drop `expected`"),
    ("bad-number", _W, _SOFT, "a number cannot be read; in prices and quantities always quarantined",
     "mend it, or set `decimal` and `thousands`"),
    ("bad-date", _W, _SOFT, "a time cannot be read; the time of the order is always quarantined",
     "mend it, or add its format to `times`"),
    ("bad-id", _Q, _ONLY, "an order number or sub-order id has blanks, slashes or more than 64 characters",
     "clean it in the mapping, in the same way every time"),
    ("bad-value", _W, _SOFT, "a value is none of those the field knows, or breaks the mapping's `valid`",
     "mend it, or translate it with a table"),
    ("out-of-range", _W, _SOFT, "a value is too long, too large or too far away; in vital fields always quarantined",
     "mend it"),
    ("unknown-word", _Q, _SOFT, "a value stands in no row of the value table", "add it to the table, or give `other`"),
    ("too-many-decimals", _Q, frozenset({_Q, _F}), "an amount is finer than its currency; `fix` rounds half to even",
     "mend it, or let it be rounded"),
    ("negative-amount", _Q, _ONLY, "a price, quantity or amount is below zero",
     "keep discounts, refunds and goods apart"),
    ("doubtful-time", _F, _FIXABLE, "a local time that happened twice or never, as clocks changed; the first is taken",
     "export times with their zone"),
    ("expression-failed", _Q, _ONLY, "an expression of the mapping asks for too much time or memory", "simplify it"),
    # How rows go together
    ("duplicate-external-id", _Q, _ONLY, "two rows name the same order and differ", "keep the right one"),
    ("duplicate-row", _F, frozenset({_Q, _H, _F}), "a row of an order stands there twice; it is read once",
     "remove one"),
    ("contradictory-rows", _Q, _ONLY, "rows of one order disagree", "make them agree"),
    ("unknown-reference", _Q, _SOFT, "a row refers to a row of another file that is not there",
     "export both files at the same time"),
    ("ambiguous-reference", _Q, _ONLY, "a row refers to several rows that differ", "keep the right one"),
    ("no-items", _Q, _ONLY, "the order has no lines", "export the items, or skip such orders by a rule"),
    ("numbering-gap", _W, _SOFT, "numbers of payments are missing in between or at the start",
     "see whether a payment was lost"),
    # Money
    ("payment-mismatch", _H, _SOFT, "payments do not add up to goods, freight and adjustments",
     "find the voucher, interest or rounding that makes the difference"),
    ("missing-payment", _W, _SOFT, "the mapping requires payments and there is none", "see whether it was paid"),
    ("zero-payment", _F, _FIXABLE, "a payment of nothing, which is left out", "leave it out"),
    ("refund-exceeds-paid", _Q, frozenset({_Q, _H, _W}), "more was refunded than paid",
     "see whether `paid` is already net of the refund"),
    # Time and status
    ("unknown-status", _Q, _SOFT, "a status that the mapping does not name", "add it to `statuses`"),
    ("dates-out-of-order", _W, _SOFT, "a later step happened before an earlier one", "correct the times"),
    ("missing-time", _W, _SOFT, "the status says that something happened, and its time is empty", "fill the time"),
    ("status-contradiction", _W, _SOFT, "the status says that something did not happen, and it has a time",
     "correct one of them"),
    # Who and where
    ("bad-phone", _W, _SOFT, "no such phone number is possible in the country", "ask the buyer"),
    ("bad-postcode", _F, _FIXABLE, "a postal code lost its leading zeros, or is none",
     "export postal codes as text"),
    ("bad-city", _F, _FIXABLE, "a city holds its state, a country, a second city or an e-mail address",
     "correct the city"),
    ("bad-region", _W, _SOFT, "a province that does not exist", "correct the province"),
    ("unreadable-text", _W, _SOFT, "letters were lost before the file was written, as in '????' or 'Ã©'; always "
     "quarantined where goods or address hang on it", "export again in an encoding that has these letters"),
    ("tidied", _F, _FIXABLE, "something was filled in that can only be so, such as the city of a municipality",
     "nothing"),
    # What the rest of the house says
    ("contradiction", _W, _SOFT, "two fields do not fit together; which ones is told", "correct one of them"),
    ("impossible-order", _Q, _ONLY, "the order as a whole makes no sense; the reason is told", "correct the order"),
    ("refused-by-shop", _Q, _ONLY, "the shop refused the order; the reason is told", "do what the reason says"),
)  # fmt: skip

CHECKS: dict[str, Check] = {
    code: Check(code=code, treatment=treatment, allowed=allowed, says=says, mend=mend)
    for code, treatment, allowed, says, mend in _TABLE
}
"""Every check by its code."""
