"""The business reasons for which the shop says no: one code each, so that diagrams can catch them by name."""

from __future__ import annotations

from enum import StrEnum

from oms_workflow.errors import OrderRefused


class Refusal(StrEnum):
    """Codes of `OrderRefused` that this domain raises. A boundary event on a node may catch each of them."""

    UNKNOWN_ORDER = "UNKNOWN_ORDER"
    UNKNOWN_FULFILMENT = "UNKNOWN_FULFILMENT"
    UNKNOWN_SHIPMENT = "UNKNOWN_SHIPMENT"
    UNKNOWN_RETURN = "UNKNOWN_RETURN"
    UNKNOWN_HOLD = "UNKNOWN_HOLD"
    UNKNOWN_CUSTOMER = "UNKNOWN_CUSTOMER"
    UNKNOWN_WAREHOUSE = "UNKNOWN_WAREHOUSE"
    UNKNOWN_TRANSACTION = "UNKNOWN_TRANSACTION"
    UNKNOWN_RECEIPT = "UNKNOWN_RECEIPT"
    UNKNOWN_CALENDAR = "UNKNOWN_CALENDAR"
    UNKNOWN_SERVICE = "UNKNOWN_SERVICE"
    ORDER_MISMATCH = "ORDER_MISMATCH"
    ORDER_CANCELLED = "ORDER_CANCELLED"
    ORDER_SEALED = "ORDER_SEALED"
    STALE_VERSION = "STALE_VERSION"
    GOODS_CHANGED = "GOODS_CHANGED"
    ON_HOLD = "ON_HOLD"
    NOT_THEIRS = "NOT_THEIRS"
    NOT_PAID = "NOT_PAID"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    STOCK_PROMISED = "STOCK_PROMISED"
    QUANTITY_EXCEEDED = "QUANTITY_EXCEEDED"
    ILLEGAL_MOVE = "ILLEGAL_MOVE"
    TOO_LATE_TO_CANCEL = "TOO_LATE_TO_CANCEL"
    CANNOT_MERGE = "CANNOT_MERGE"
    TOO_LATE_TO_UNMERGE = "TOO_LATE_TO_UNMERGE"
    CANNOT_SPLIT = "CANNOT_SPLIT"
    AMOUNT_EXCEEDED = "AMOUNT_EXCEEDED"
    PAYMENT_DECLINED = "PAYMENT_DECLINED"
    ADDRESS_REFUSED = "ADDRESS_REFUSED"
    DATA_REFUSED = "DATA_REFUSED"


WHEN: dict[Refusal, str] = {
    Refusal.UNKNOWN_ORDER: "no order has this id",
    Refusal.UNKNOWN_FULFILMENT: "no fulfilment order has this id",
    Refusal.UNKNOWN_SHIPMENT: "no shipment or package has this id",
    Refusal.UNKNOWN_RETURN: "no return, or no item of it, has this id",
    Refusal.UNKNOWN_HOLD: "no hold has this id",
    Refusal.UNKNOWN_CUSTOMER: "the reference names nobody, or the data was erased on request",
    Refusal.UNKNOWN_WAREHOUSE: "no warehouse has this id",
    Refusal.UNKNOWN_TRANSACTION: "no payment transaction has this id",
    Refusal.UNKNOWN_RECEIPT: "no goods are announced under this id",
    Refusal.UNKNOWN_CALENDAR: "no business calendar has this id",
    Refusal.UNKNOWN_SERVICE: "no service of a carrier has this name",
    Refusal.ORDER_MISMATCH: "the same id came in with other goods, or two ids claim one external id or sub-order",
    Refusal.ORDER_CANCELLED: "the order was cancelled, so nothing may be added or shipped",
    Refusal.ORDER_SEALED: "the channel forbids to split or merge this order",
    Refusal.STALE_VERSION: "somebody changed the order since it was read",
    Refusal.GOODS_CHANGED: "a change of goods cannot be taken over while stock is promised or shipped for them",
    Refusal.ON_HOLD: "an open hold blocks this step",
    Refusal.NOT_THEIRS: "another role lifts this hold",
    Refusal.NOT_PAID: "the order is neither paid nor payable on delivery",
    Refusal.OUT_OF_STOCK: "no warehouse that may serve the order holds the goods",
    Refusal.STOCK_PROMISED: "the stock is promised to orders, free it first",
    Refusal.QUANTITY_EXCEEDED: "more pieces are asked for than are left",
    Refusal.ILLEGAL_MOVE: "the thing is in a state that does not allow this step",
    Refusal.TOO_LATE_TO_CANCEL: "goods of the order are on their way; a return is the way out",
    Refusal.CANNOT_MERGE: "the orders do not belong in one parcel",
    Refusal.TOO_LATE_TO_UNMERGE: "a warehouse already works on the merged orders",
    Refusal.CANNOT_SPLIT: "the parts do not add up to the whole, or the channel forbids the split",
    Refusal.AMOUNT_EXCEEDED: "more money is asked for than is there",
    Refusal.PAYMENT_DECLINED: "the payment provider refused the payment for good",
    Refusal.ADDRESS_REFUSED: "the carrier or warehouse does not serve the address",
    Refusal.DATA_REFUSED: "the data of the order cannot be worked with; each problem is listed",
}
"""When each code is raised, in words for the palette and the docs."""


def refuse(code: Refusal, message: str) -> OrderRefused:
    """Make the refusal to raise: what happened, where, and how to mend it; no personal data in `message`."""
    return OrderRefused(message, code=code.value)
