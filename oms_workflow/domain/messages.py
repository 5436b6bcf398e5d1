"""What may come in from outside while an order runs: one table of names, keys and fields that diagrams can wait for.

A message carries ids and the few values a gateway asks about. Everything else is in the database by the time the
message is published, because whoever receives the callback stores it first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Key(StrEnum):
    """What a message is correlated by."""

    ORDER = "order id"
    FULFILMENT = "fulfilment order id"
    RETURN = "return id"
    TRANSACTION = "payment transaction id"
    PACKAGE = "package id"
    HOLD = "hold id"


class Sender(StrEnum):
    """Who publishes a message."""

    INTAKE = "intake"
    PEOPLE = "people"
    PAYMENT = "payment provider"
    WAREHOUSE = "warehouse system"
    CARRIER = "carrier"
    SHOP = "the shop's own activities"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSpec:
    """One message: what it is called, how it finds its order, what it carries."""

    name: str
    key: Key
    sender: Sender
    fields: tuple[str, ...]
    when: str


def _spec(name: str, key: Key, sender: Sender, fields: str, when: str) -> MessageSpec:
    return MessageSpec(name=name, key=key, sender=sender, fields=tuple(fields.split()), when=when)


MESSAGES: dict[str, MessageSpec] = {
    spec.name: spec
    for spec in (
        _spec("order.received", Key.ORDER, Sender.INTAKE, "order_id channel service_level", "a new order is stored"),
        _spec("order.changed", Key.ORDER, Sender.INTAKE, "order_id revision changes", "the channel sent other data"),
        _spec("order.cancel_requested", Key.ORDER, Sender.PEOPLE, "order_id reason scope", "buyer or shop wants out"),
        _spec("order.remark_added", Key.ORDER, Sender.PEOPLE, "order_id note_id intents", "somebody wrote a remark"),
        _spec(
            "hold.closed", Key.ORDER, Sender.PEOPLE, "order_id hold_id kind status", "a hold was resolved or rejected"
        ),
        _spec("hold.placed", Key.HOLD, Sender.SHOP, "order_id hold_id", "a hold was put on an order"),
        _spec("hold.ended", Key.HOLD, Sender.SHOP, "order_id hold_id", "the hold was resolved or rejected"),
        _spec("merge.joined", Key.ORDER, Sender.SHOP, "order_id merge_id leader", "the order now follows another one"),
        _spec("merge.undone", Key.ORDER, Sender.SHOP, "order_id merge_id", "the order goes by itself again"),
        _spec("merge.finished", Key.ORDER, Sender.SHOP, "order_id merge_id", "the order it followed reached its end"),
        _spec(
            "merge.given_up", Key.ORDER, Sender.SHOP, "order_id merge_id", "its missing goods are waited for no more"
        ),
        _spec("fulfilment.stopped", Key.FULFILMENT, Sender.SHOP, "fulfilment_id", "its goods were cancelled"),
        _spec("wave.released", Key.FULFILMENT, Sender.SHOP, "fulfilment_id", "the wave it waits for goes now"),
        _spec("stock.arrived", Key.ORDER, Sender.SHOP, "order_id", "backordered goods of this order are on the shelf"),
        _spec("reservation.expired", Key.ORDER, Sender.SHOP, "order_id", "the unpaid order's reservation lapsed"),
        _spec("payment.authorised", Key.ORDER, Sender.PAYMENT, "order_id transaction_id", "the money is promised"),
        _spec(
            "payment.captured", Key.ORDER, Sender.PAYMENT, "order_id transaction_id paid", "money arrived; paid: all"
        ),
        _spec("payment.failed", Key.ORDER, Sender.PAYMENT, "order_id transaction_id code", "the buyer could not pay"),
        _spec("payment.voided", Key.ORDER, Sender.PAYMENT, "order_id transaction_id", "the promise of money is gone"),
        _spec(
            "payment.late",
            Key.TRANSACTION,
            Sender.PAYMENT,
            "transaction_id order_id",
            "money for an order that is over",
        ),
        _spec(
            "share.due", Key.FULFILMENT, Sender.SHOP, "fulfilment_id order_id", "goods left; their share is to be taken"
        ),
        _spec(
            "refund.settled", Key.TRANSACTION, Sender.PAYMENT, "transaction_id status", "a refund went out or failed"
        ),
        _spec("warehouse.accepted", Key.FULFILMENT, Sender.WAREHOUSE, "fulfilment_id", "the warehouse takes it"),
        _spec("warehouse.rejected", Key.FULFILMENT, Sender.WAREHOUSE, "fulfilment_id code", "it does not"),
        _spec("warehouse.picked", Key.FULFILMENT, Sender.WAREHOUSE, "fulfilment_id", "the goods are off the shelf"),
        _spec("warehouse.short", Key.FULFILMENT, Sender.WAREHOUSE, "fulfilment_id pieces", "goods were not found"),
        _spec("warehouse.packed", Key.FULFILMENT, Sender.WAREHOUSE, "fulfilment_id packages", "parcels are closed"),
        _spec("warehouse.handed_over", Key.FULFILMENT, Sender.WAREHOUSE, "fulfilment_id", "the carrier has them"),
        _spec("warehouse.cancelled", Key.FULFILMENT, Sender.WAREHOUSE, "fulfilment_id", "it stopped in time"),
        _spec("warehouse.cancel_refused", Key.FULFILMENT, Sender.WAREHOUSE, "fulfilment_id", "it was too late to stop"),
        _spec("parcel.moved", Key.FULFILMENT, Sender.CARRIER, "fulfilment_id package_id status", "any other news"),
        _spec("parcel.delivered", Key.FULFILMENT, Sender.CARRIER, "fulfilment_id package_id all", "all: every parcel"),
        _spec("parcel.failed", Key.FULFILMENT, Sender.CARRIER, "fulfilment_id package_id failures", "nobody was there"),
        _spec("parcel.lost", Key.FULFILMENT, Sender.CARRIER, "fulfilment_id package_id", "the carrier gave it up"),
        _spec("parcel.returned", Key.FULFILMENT, Sender.CARRIER, "fulfilment_id package_id", "it came back to us"),
        _spec("return.requested", Key.RETURN, Sender.PEOPLE, "return_id order_id kind", "a return was announced"),
        _spec(
            "exchange.requested", Key.RETURN, Sender.PEOPLE, "return_id order_id goods", "goods for goods; goods: new"
        ),
        _spec("return.sent", Key.RETURN, Sender.PEOPLE, "return_id", "the buyer handed the goods in"),
        _spec("return.received", Key.RETURN, Sender.WAREHOUSE, "return_id received announced", "pieces were counted"),
        _spec("return.judged", Key.RETURN, Sender.PEOPLE, "return_id accepted rejected", "every piece has its verdict"),
        _spec("claim.opened", Key.PACKAGE, Sender.SHOP, "package_id order_id lost_value", "a lost parcel was given up"),
        _spec("exchange.delivered", Key.RETURN, Sender.SHOP, "return_id order_id", "the new goods arrived"),
    )
}
"""Every message by its name."""
