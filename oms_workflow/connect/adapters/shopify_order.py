"""Shopify: webhooks `orders/create`, `orders/updated`, `orders/paid`, `orders/cancelled` become orders.

Sources: Shopify's page on verifying deliveries (header, raw body, constant time); the order's fields as in the official
Python SDK's fixtures and later additions (`current_quantity`, `current_total_price`, `discount_allocations`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from oms_workflow.connect.adapters.raw import digest, read_object, signed_by_any
from oms_workflow.connect.reception.body import refused
from oms_workflow.connect.reception.sales_order import ChannelOrder, ChannelPayment
from oms_workflow.domain.intake import ChannelHabits, read_order
from oms_workflow.domain.money import Money, allocate
from oms_workflow.domain.payment import TransactionKind

SIGNATURE_HEADER = "X-Shopify-Hmac-SHA256"
DELIVERY_HEADER = "X-Shopify-Webhook-Id"

_PAID = frozenset({"paid", "partially_paid", "partially_refunded", "refunded"})
_ON_DELIVERY = ("cash on delivery", "cash_on_delivery", "(cod)")


def is_genuine(raw: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Say whether Shopify signed exactly these bytes.

    Args:
        raw: As received.
        signature: Value of SIGNATURE_HEADER; '' when there was none.
        secrets: Client secrets that are valid now: for up to an hour after a change the old one signs, too.
    """

    def sign(secret: bytes) -> str:
        return base64.b64encode(hmac.new(secret, raw, hashlib.sha256).digest()).decode()

    return signed_by_any(secrets, signature, sign)


def parse(raw: bytes, habits: ChannelHabits, *, delivery: str = "", at: datetime) -> ChannelOrder:
    """Read an order.

    Args:
        habits: The channel; currency and times in the body go before those of the habits.
        delivery: Value of DELIVERY_HEADER; '' takes a digest of the body.
        at: UTC.

    Raises:
        OrderRefused: DATA_REFUSED, when the body is no order at all. What is wrong inside it is in the reading.
    """
    body = read_object(raw)
    order = body.get("order", body)  # files and answers of the API have an outer object, webhooks have not
    if not isinstance(order, dict) or not order.get("id"):
        raise refused("The body is no order of Shopify: it has no id.")
    return ChannelOrder(
        external_id=str(order["id"]),
        reading=read_order(fields(order), habits, at=at),
        event=delivery or digest(raw),
        payments=_payments(order, habits.currency),
        cancelled=bool(order.get("cancelled_at")),
    )


def fields(order: Mapping[str, Any]) -> dict[str, Any]:
    """Give the order's fields by the names intake knows."""
    address = _mapping(order.get("shipping_address") or order.get("billing_address"))
    customer = _mapping(order.get("customer"))
    paid = str(order.get("financial_status")) in _PAID
    total = order.get("current_total_price") or order.get("total_price")
    return {
        "external_id": order.get("id"),
        "number": order.get("order_number") or order.get("name"),
        "version": _version(order.get("updated_at")),
        "placed_at": order.get("created_at"),
        "paid_at": (order.get("processed_at") or order.get("created_at")) if paid else None,
        "currency": order.get("currency"),
        "buyer_id": customer.get("id"),
        "language": order.get("customer_locale"),
        "name": address.get("name"),
        "phone": address.get("phone") or order.get("phone"),
        "email": order.get("email"),
        "country": address.get("country_code"),
        "region": address.get("province"),
        "city": address.get("city"),
        "street": _joined((address.get("address1"), address.get("address2"))),
        "postal_code": address.get("zip"),
        "lines": _lines(order),
        "freight": _freight(order),
        "total": total,
        "paid": _paid(order, total) if paid else None,
        "refunded": _sum(one.get("amount") for one in _refunds(order)),
        **_terms(order),
        "buyer_message": _message(order),
    }


def _terms(order: Mapping[str, Any]) -> dict[str, str]:
    """Say when the buyer pays. A shop that lets Shopify authorise only takes the money as goods leave."""
    names = f"{order.get('gateway')} {order.get('payment_gateway_names')}".casefold()
    return {
        "terms": "on_delivery" if any(word in names for word in _ON_DELIVERY) else "prepaid",
        "capture": "per_shipment" if str(order.get("financial_status")) == "authorized" else "at_once",
    }


def _lines(order: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the lines that are still wanted; a line that was edited away has a current quantity of 0."""
    wanted = [one for one in _mappings(order.get("line_items")) if _quantity(one) != 0]
    taxes = _taxes(order, wanted)
    return [
        {
            "oid": str(one.get("id", "")),
            "sku": one.get("sku"),
            "quantity": _quantity(one),
            "unit_price": one.get("price"),
            "discount": _discount(one),
            "tax": tax,
            "title": one.get("name") or one.get("title"),
            "seller": "",
            "weight_grams": one.get("grams"),
        }
        for one, tax in zip(wanted, taxes, strict=True)
    ]


def _quantity(line: Mapping[str, Any]) -> Any:
    return line.get("current_quantity", line.get("quantity"))


def _discount(line: Mapping[str, Any]) -> Any:
    shares = _mappings(line.get("discount_allocations"))
    return _sum(one.get("amount") for one in shares) if shares else line.get("total_discount")


def _taxes(order: Mapping[str, Any], lines: list[Mapping[str, Any]]) -> list[Any]:
    """Give the tax of each line, on top of its price.

    Old bodies tell one sum for the order; it is shared by what the lines cost, to the cent.
    """
    if order.get("taxes_included"):
        return [None] * len(lines)
    if any(line.get("tax_lines") for line in lines):
        return [_sum(one.get("price") for one in _mappings(line.get("tax_lines"))) for line in lines]
    weights = [int((_decimal(line.get("price")) * _decimal(_quantity(line))).scaleb(4)) for line in lines]
    try:
        whole = Money.of(str(order.get("total_tax") or 0), str(order.get("currency")))
        return [share.amount for share in allocate(whole - _freight_tax(order, whole.currency), weights)]
    except ValueError:
        return [None] * len(lines)  # no lines, no currency, no number: intake names what is wrong with it


def _freight(order: Mapping[str, Any]) -> Any:
    shipping = _mappings(order.get("shipping_lines"))
    prices = _sum(one.get("discounted_price", one.get("price")) for one in shipping)
    if order.get("taxes_included") or prices is None:
        return prices
    return prices + (_sum(tax.get("price") for one in shipping for tax in _mappings(one.get("tax_lines"))) or 0)


def _freight_tax(order: Mapping[str, Any], currency: str) -> Money:
    shipping = _mappings(order.get("shipping_lines"))
    taxes = _sum(tax.get("price") for one in shipping for tax in _mappings(one.get("tax_lines")))
    return Money.of(taxes or 0, currency)


def _paid(order: Mapping[str, Any], total: Any) -> Any:
    outstanding = order.get("total_outstanding")
    return total if outstanding in (None, "") else _decimal(total) - _decimal(outstanding)


def _payments(order: Mapping[str, Any], currency: str) -> tuple[ChannelPayment, ...]:
    """Give what was promised, paid and sent back. The order tells no ids of payments, so they are named after it."""
    status = str(order.get("financial_status"))
    if status not in _PAID | {"authorized"}:
        return ()
    kind = TransactionKind.AUTHORISE if status == "authorized" else TransactionKind.CAPTURE
    total = order.get("current_total_price") or order.get("total_price")
    gateways = order.get("payment_gateway_names") or [order.get("gateway")]
    provider = str(gateways[0] or "shopify") if isinstance(gateways, list) else "shopify"
    code = str(order.get("currency") or currency)
    sums = [(kind, total if status == "authorized" else _paid(order, total), f"shopify-{order.get('id')}")]
    sums += [(TransactionKind.REFUND, one.get("amount"), f"shopify-{one.get('id')}") for one in _refunds(order)]
    found = []
    for what, amount, reference in sums:
        try:
            money = Money.of(str(amount), code)
        except ValueError:
            continue  # intake says what is wrong with the amount
        if not money.is_zero and not money.is_negative:
            found.append(ChannelPayment(kind=what, amount=money, provider=provider, reference=reference))
    return tuple(found)


def _refunds(order: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [
        one
        for refund in _mappings(order.get("refunds"))
        for one in _mappings(refund.get("transactions"))
        if one.get("kind") == "refund" and one.get("status") == "success"
    ]


def _message(order: Mapping[str, Any]) -> str:
    """Give what the buyer wrote: the note, its attributes, and what was asked for on single lines."""
    said = [str(order["note"])] if order.get("note") else []
    said += [f"{one.get('name')}: {one.get('value')}" for one in _mappings(order.get("note_attributes"))]
    for line in _mappings(order.get("line_items")):
        sku, wishes = line.get("sku"), _mappings(line.get("properties"))
        said += [f"{sku}: {one.get('name')}: {one.get('value')}" for one in wishes]
    return "\n".join(said)[:5000]


def _version(updated_at: Any) -> int | None:
    try:
        moment = datetime.fromisoformat(updated_at)
    except (TypeError, ValueError):
        return None  # later news of an order has a higher version: milliseconds since 1970
    return int(moment.timestamp() * 1000) if moment.utcoffset() is not None else None


def _sum(values: Iterable[Any]) -> Decimal | None:
    told = [_decimal(value) for value in values if value not in (None, "")]
    return sum(told, Decimal(0)) if told else None


def _decimal(value: Any) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() and abs(found) < 10**15 else Decimal(0)


def _joined(parts: Iterable[Any]) -> str:
    return ", ".join(str(part) for part in parts if part)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
