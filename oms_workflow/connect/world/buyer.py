"""What the buyer of an order does of its own accord: pay, call off, move, write. Returns are in `returning`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import update

from oms_workflow.connect.world import staff
from oms_workflow.connect.world.callbacks import News, tell
from oms_workflow.connect.world.paying import buyer_pays
from oms_workflow.connect.world.script.matching import find
from oms_workflow.connect.world.tables import subjects
from oms_workflow.connect.world.visit import Visit
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Order
from oms_workflow.domain.payment import TransactionKind


def begin(visit: Visit, order: Order | None, unpaid: Money | None) -> None:
    """Let the buyer's story begin; beginning it again changes nothing.

    Args:
        order: What is known of it beyond its id: rules may ask for external id and SKUs.
        unpaid: What the buyer still has to pay at the channel; None when that is settled, or asked for by the shop.
    """
    if visit.began_at is not None:
        return
    values: dict[str, Any] = {"began_at": visit.at}
    if order is not None:
        skus = sorted({line.sku for line in order.lines})
        values |= {"external_id": order.external_id, "skus": skus, "version": order.channel_version}
        visit = visit.knowing(external_id=order.external_id, skus=frozenset(skus))
    visit.connection.execute(update(subjects).where(subjects.c.id == visit.subject).values(**values))
    visit = replace(visit, began_at=visit.at, version=order.channel_version if order else 0)
    if unpaid is not None and not unpaid.is_zero:
        ref = visit.name("pay_", "channel")
        buyer_pays(visit, TransactionKind.CAPTURE, unpaid, ref=ref, transaction="", key="")
    tell(visit, "", [*_cancels(visit), *_moves(visit), *_writes(visit), *staff.holds(visit)])


def _cancels(visit: Visit) -> list[News]:
    wish = visit.said("buyer", "cancels")
    if wish is None:
        return []
    body = {"order": visit.subject, "reason": wish.reason, "scope": wish.scope.value}
    moment = _since_begin(visit) + wish.after
    return [News(kind="buyer.cancel_requested", at=moment, body=body, source="buyer.cancel_requested")]


def _moves(visit: Visit) -> list[News]:
    place, moves = _place(visit, "moves")
    times = sorted(move.after for move in moves)
    return [
        News(
            kind="buyer.address_changed",
            at=_since_begin(visit) + move.after,
            # The version tells a late change from a new one, whatever order they come in.
            body={"order": visit.subject, "version": visit.version + 1 + times.index(move.after)},
            source=f"buyer.address_changed:{number}",
            private=f"{place}[{number}]",
        )
        for number, move in enumerate(moves)
    ]


def _writes(visit: Visit) -> list[News]:
    place, writes = _place(visit, "writes")
    return [
        News(
            kind="buyer.wrote",
            at=_since_begin(visit) + one.after,
            body={"order": visit.subject, "flag": one.flag},
            source=f"buyer.wrote:{number}",
            private=f"{place}[{number}]",
        )
        for number, one in enumerate(writes)
    ]


def _place(visit: Visit, matter: str) -> tuple[str, tuple[Any, ...]]:
    for found in find(visit.script, visit.seed, visit.facts, "buyer", matter):
        return found.rule, found.value
    return "", ()


def _since_begin(visit: Visit) -> datetime:
    return visit.began_at or visit.at
