"""What was paid and given back, and whether it agrees with what the order costs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from oms_workflow.connect.importing.building.fields import Fields
from oms_workflow.connect.importing.mapping.model import ImportMapping, Source
from oms_workflow.connect.importing.problem import Report
from oms_workflow.connect.importing.results import Paid, Refunded
from oms_workflow.connect.importing.scope import Scope
from oms_workflow.domain.money import Money, total


def read_payments(
    mapping: ImportMapping, scopes: Sequence[Scope], external_id: str, currency: str, report: Report
) -> tuple[Paid, ...]:
    """Give the payments of an order; those of nothing are left out."""
    section = mapping.section("payments")
    when = mapping.conditions.get("payments")
    found: list[Paid] = []
    numbers: list[int] = []
    for position, scope in enumerate(scopes, start=1):
        fields = Fields(mapping, section, scope, report)
        if when is not None and not fields.holds(when):
            continue
        number = fields.count("number")
        numbers += [] if number is None else [number]
        amount = fields.amount("amount", currency)
        if amount is None or not _is_paid(amount, fields, section["amount"], report):
            continue
        reference = fields.text("reference") or f"{external_id}-{position if number is None else number}"
        provider = fields.text("method", "import")
        found.append(Paid(amount=amount, provider=provider, reference=reference, at=fields.time("at")))
    _check_numbers(numbers, report)
    return tuple(found)


def _is_paid(amount: Money, fields: Fields, source: Source, report: Report) -> bool:
    """Say whether money came in; what is noted as a payment and is none is reported."""
    if amount.is_negative:
        fields.found("negative-amount", "expected what was paid; refunds have a section", source)
    elif amount.is_zero:
        fixed = report.may_fix("zero-payment")
        fields.found("zero-payment", "a payment of nothing was left out", source, fixed=fixed, vital=False)
    return not amount.is_negative and not amount.is_zero


def read_refunds(
    mapping: ImportMapping, scopes: Sequence[Scope], currency: str, report: Report
) -> tuple[Refunded, ...]:
    """Give the refunds of an order; those of nothing are none."""
    section = mapping.section("refunds")
    when = mapping.conditions.get("refunds")
    found = []
    for scope in scopes:
        fields = Fields(mapping, section, scope, report)
        if when is not None and not fields.holds(when):
            continue
        amount = fields.amount("amount", currency)
        if amount is not None and not amount.is_zero:
            found.append(Refunded(amount=amount, at=fields.time("at")))
    return tuple(found)


def paid_in_all(fields: Fields, external_id: str, currency: str) -> tuple[Paid, ...]:
    """Give what the order itself says was paid, as one payment; () when it says nothing."""
    amount, at = fields.amount("paid", currency), fields.time("paid_at")
    if amount is None and at is not None:
        message = "expected what was paid, found only when; nothing counts as paid"
        fields.note("contradiction", message, "paid_at")
    if amount is None or amount.is_zero:
        return ()
    return (Paid(amount=amount, provider="import", reference=f"{external_id}-paid", at=at),)


def refunded_in_all(fields: Fields, currency: str) -> tuple[Refunded, ...]:
    """Give what the order itself says was given back, as one refund; () when it says nothing."""
    amount = fields.amount("refunded", currency)
    return () if amount is None or amount.is_zero else (Refunded(amount=amount),)


def check_amounts(
    mapping: ImportMapping, due: Money, payments: Sequence[Paid], refunds: Sequence[Refunded], report: Report
) -> None:
    """Compare what was paid with what was due, and what was given back with what was paid."""
    shape = mapping.shape.payments
    if shape is None and "paid" not in mapping.section("order"):
        return
    tolerance = Decimal(shape.tolerance) if shape else Decimal(0)
    paid = total((one.amount for one in payments), due.currency)
    refunded = total((one.amount for one in refunds), due.currency)
    if not payments and not due.is_zero and shape is not None and shape.required:
        report.found("missing-payment", f"expected payments of {due}, found none")
    difference = paid - due
    if payments and abs(difference.amount) > tolerance:
        more = "more" if not difference.is_negative else "less"
        size = -difference if difference.is_negative else difference
        report.found("payment-mismatch", f"due are {due}, payments add up to {paid}: {size} {more}")
    if refunded > paid:
        report.found("refund-exceeds-paid", f"{paid} were paid and {refunded} given back")


def _check_numbers(numbers: Sequence[int], report: Report) -> None:
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))[:5]
    if missing:
        named = ", ".join(map(str, missing))
        report.found("numbering-gap", f"payments are numbered up to {max(numbers)}, and {named} is not there")
