"""旺店通旗舰版: `sales.RawTrade.pushSelf` and `pushSelf2`, the push of raw orders, become orders.

Source: the vendor's documentation of the method. The request is an array of shop, trades and lines. Empty text stands
for no value, also in number fields; times are text or epoch milliseconds, in China time; a line's `total_amount` is
price x pieces + adjustment - discount, and its share of order discounts is not taken off yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from oms_workflow.connect.adapters.raw import digest, read_json
from oms_workflow.connect.reception.body import refused
from oms_workflow.connect.reception.sales_order import ChannelOrder, ChannelPayment
from oms_workflow.domain.intake import ChannelHabits, IntakeReading, read_order
from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.problem import Fault, Problem, Weight

MOST_TRADES = 1000  # the vendor takes fewer; more is no push

_CLOSED_TRADE = frozenset({80, 90})  # refunded; closed before it was paid
_CLOSED_LINE = frozenset({5, 6})  # refund done; closed unpaid
_REFUND_ASKED = frozenset({2, 3, 4})
_LEFT = frozenset({40, 50, 60, 70})  # shipped in part, shipped, signed for, finished
_CANCELLED = 70  # process_status
_ALL_REFUNDED = 3  # refund_status of a trade
_PAID = 2
_ON_DELIVERY = 2
_MAY_NOT_MERGE = 3

_METHODS = {
    1: "online", 2: "cash", 3: "bank", 4: "post", 5: "prepayment", 6: "card", 7: "alipay", 8: "wechat"
}  # fmt: skip


def parse(raw: bytes, habits: ChannelHabits, *, at: datetime) -> tuple[ChannelOrder, ...]:
    """Read every order of a push, in its order. One that cannot be read does not stop the others.

    Args:
        habits: The channel, whose zone is China's; the shop is the one named in the push.
        at: UTC.

    Raises:
        OrderRefused: DATA_REFUSED, when the body is no push at all.
    """
    shop, trades, lines = _parts(read_json(raw))
    of_trade: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        of_trade.setdefault(str(line.get("tid", "")), []).append(line)
    here = replace(habits, shop=shop)
    return tuple(_order(trade, of_trade.get(str(trade.get("tid", "")), []), here, digest(raw), at) for trade in trades)


def fields(trade: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give the fields of a trade and its lines by the names intake knows."""
    region, city, district = _area(trade.get("receiver_area"))
    wanted = [_line(line) for line in lines if not _is_closed(line)]
    return {
        "external_id": trade.get("tid"),
        "number": trade.get("tid"),
        "placed_at": trade.get("trade_time"),
        "paid_at": trade.get("pay_time"),
        "currency": trade.get("currency"),
        "buyer_id": trade.get("buyer_nick"),
        "name": trade.get("receiver_name"),
        "phone": trade.get("receiver_mobile") or trade.get("receiver_telno"),
        "email": trade.get("buyer_email"),
        "region": region,
        "city": city,
        "district": district,
        "street": trade.get("receiver_address"),
        "postal_code": trade.get("receiver_zip"),
        "lines": wanted,
        "freight": trade.get("post_amount"),
        "adjustment": _other_fees(trade, wanted),
        "total": trade.get("receivable"),
        "paid": _paid(trade),
        "terms": "on_delivery" if _whole(trade.get("delivery_term")) == _ON_DELIVERY else "prepaid",
        "sealed": _whole(trade.get("is_sealed")) == _MAY_NOT_MERGE,
        "buyer_message": trade.get("buyer_message"),
        "seller_remark": trade.get("remark"),
    }


def _parts(body: Any) -> tuple[str, list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    if not isinstance(body, list) or len(body) < 3 or not isinstance(body[0], str):
        raise refused("The body is no push of raw orders: expected an array of shop, orders and lines.")
    trades, lines = body[1], body[2]
    if not all(isinstance(part, list) and all(isinstance(one, dict) for one in part) for part in (trades, lines)):
        raise refused("The body is no push of raw orders: orders and lines are arrays of objects.")
    if len(trades) > MOST_TRADES:
        raise refused(f"The push holds {len(trades)} orders; at most {MOST_TRADES} are taken at once.")
    return body[0], trades, lines


def _order(
    trade: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], habits: ChannelHabits, event: str, at: datetime
) -> ChannelOrder:
    reading = read_order(fields(trade, lines), habits, at=at)
    doubts = [Problem(field="lines", fault=Fault.CONTRADICTORY, weight=Weight.WARNING, message=one)
              for one in _doubts(trade, lines)]  # fmt: skip
    closed = bool(lines) and all(_is_closed(line) for line in lines)
    return ChannelOrder(
        external_id=str(trade.get("tid", "")),
        reading=IntakeReading(draft=reading.draft, problems=(*reading.problems, *doubts)),
        event=event,
        payments=_payments(trade, habits),
        cancelled=closed
        or _whole(trade.get("trade_status")) in _CLOSED_TRADE
        or _whole(trade.get("process_status")) == _CANCELLED
        or _whole(trade.get("refund_status")) == _ALL_REFUNDED,
    )


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    """Give a line. What was added to its price by hand is left to the order's total, which is told as well."""
    gross = _decimal(line.get("price")) * _decimal(line.get("num"))
    amount = gross + _decimal(line.get("adjust_amount")) - _decimal(line.get("discount"))
    amount -= _decimal(line.get("share_discount"))
    found: dict[str, Any] = {
        "oid": line.get("oid"),
        "sku": line.get("spec_no"),
        "quantity": line.get("num"),
        "unit_price": line.get("price"),
        "title": " ".join(str(part) for part in (line.get("goods_name"), line.get("spec_name")) if part),
        "gift": bool(_whole(line.get("gift_type")) or 0),
    }
    return found | {"amount": amount} if amount <= gross else found


def _is_closed(line: Mapping[str, Any]) -> bool:
    return _whole(line.get("refund_status")) in _CLOSED_LINE or _whole(line.get("status")) in _CLOSED_TRADE


def _other_fees(trade: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> Decimal | None:
    """Give other fees when with them everything adds up; None lets intake see that something else is the matter."""
    fees = _decimal(trade.get("other_amount"))
    goods = sum((_decimal(one.get("amount", 0)) for one in lines), Decimal(0))
    complete = all("amount" in one for one in lines)
    adds_up = goods + _decimal(trade.get("post_amount")) + fees == _decimal(trade.get("receivable"))
    return fees if fees and complete and adds_up else None


def _paid(trade: Mapping[str, Any]) -> Any:
    """Give what was paid: as told, or everything when the channel only says that it is paid."""
    told = next((trade[name] for name in ("paid", "received") if trade.get(name) not in (None, "")), None)
    if told is not None:
        return told
    return trade.get("receivable") if _whole(trade.get("pay_status")) == _PAID else None


def _payments(trade: Mapping[str, Any], habits: ChannelHabits) -> tuple[ChannelPayment, ...]:
    try:
        amount = Money(_decimal(_paid(trade)), str(trade.get("currency") or habits.currency))
    except ValueError:
        return ()  # intake says what is wrong with it
    if amount.is_zero or amount.is_negative:
        return ()
    provider = _METHODS.get(_whole(trade.get("pay_method")) or 0, "other")
    reference = str(trade.get("pay_id") or f"wangdiantong-{trade.get('tid')}")
    return (ChannelPayment(kind=TransactionKind.CAPTURE, amount=amount, provider=provider, reference=reference),)


def _doubts(trade: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say what a person should know about the state of the order at its channel."""
    found = []
    if any(_whole(line.get("refund_status")) in _REFUND_ASKED for line in lines):
        found.append("The buyer has asked the channel for a refund. Look there before anything is sent.")
    if _whole(trade.get("trade_status")) in _LEFT:
        found.append("The channel says that goods have left already. Look for another shipment.")
    return found


def _area(text: Any) -> tuple[str, str, str]:
    """Give province, city and district, which are one text with blanks between them."""
    region, city, *rest = [*str(text or "").split(), "", ""]
    return region, city, " ".join(rest).strip()


def _whole(value: Any) -> int | None:
    number = _decimal(value) if value not in (None, "") else None
    return int(number) if number is not None and number == number.to_integral_value() else None


def _decimal(value: Any) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)  # empty text is no value
    return found if found.is_finite() and abs(found) < 10**15 else Decimal(0)
