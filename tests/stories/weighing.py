"""Weighing a told week, whatever happened in it: who was left hanging, whose money or goods do not add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from oms_workflow.domain.status import OrderView
from tests.stories.told import Told, Walk


def complaints(told: Told) -> list[str]:
    """Give everything that somebody could complain about; [] when all is well, or in the hands of a person."""
    return [*_left_hanging(told), *_books(told), *_goods(told), *_money(told)]


def _left_hanging(told: Told) -> Iterator[str]:
    """An instance that did not end waits for a person, for this order or for the one it goes with."""
    seen = _in_hand(told)
    for walk in told.walks:
        if walk.status not in walk.ends and not seen & {walk.order, told.views[walk.order].leader}:
            yield f"{walk.order} waits for nobody:\n{_tail(walk)}"
    for incident in told.incidents:
        if incident.state == "open" and "ILLEGAL_MOVE" in incident.message:
            yield f"{incident.instance} {incident.element} cannot be mended by trying again: {incident.message}"


def _books(told: Told) -> Iterator[str]:
    yield from (f"{one.invariant}: {one.examples}" for one in told.checks if one.violations)
    yield from (f"{one.rule}: {one.what}" for one in told.audit.contradictions)
    ours, theirs = Counter(map(_moved, told.shop_books())), Counter(map(_moved, told.provider_books()))
    yield from (f"only the shop knows {one}" for one in sorted(ours - theirs))
    yield from (f"only the provider knows {one}" for one in sorted(theirs - ours))


def _moved(entry: tuple[str, str, str]) -> tuple[str, str, str]:
    """Give whose money moved how: a buyer who was declined pays by another transaction than we had asked for."""
    transaction, kind, amount = entry
    return transaction.rpartition(".")[0], kind, amount


def _goods(told: Told) -> Iterator[str]:
    """What is promised belongs to an order that is under way; an order that ended has nothing left to send."""
    for order, view in told.views.items():
        to_ship = sum(line.to_ship for line in view.quantities.values())
        if to_ship and _ended(told, order):
            yield f"{order} ended with {to_ship} pieces to send"
    promised = [one for one in told.balances.values() if one.reserved or one.allocated]
    if promised and all(_ended(told, order) for order in told.views):
        yield f"promised to nobody: {promised}"


def _money(told: Told) -> Iterator[str]:
    for order, view in told.views.items():
        if not _ended(told, order):
            continue
        money = view.money
        promised = money.authorised - money.voided - money.captured
        if promised.amount > 0 or money.capturing.amount or money.refunding.amount:
            yield f"{order} ended, and money is still promised or under way: {money}"
        pieces = view.quantities
        if all(line.cancelled == line.ordered for line in pieces.values()) and money.balance.amount:
            yield f"{order} is cancelled, and {money.balance} was kept: {money}"
        if not money.is_paid and any(line.shipped for line in pieces.values()):
            yield f"{order} was sent and not paid: {money}"
        owed = _owed_for_cancelled(view)
        if owed is not None and money.refunded.amount + money.transferred.amount != owed:
            yield f"{order} was given back {money.refunded}, its cancelled pieces cost {owed}: {pieces}"


def _owed_for_cancelled(view: OrderView) -> Decimal | None:
    """Give what cancelled pieces of a paid order cost; None when other things were given back, too."""
    lines = {line.id: line for line in view.order.lines}
    if view.returns or not view.money.captured.amount or any(one.written_off for one in view.quantities.values()):
        return None
    owed = sum((lines[name].unit_price.amount * one.cancelled for name, one in view.quantities.items()), Decimal(0))
    whole = all(one.cancelled == one.ordered for one in view.quantities.values())
    return owed + view.order.freight.amount if whole else owed


def _ended(told: Told, order: str) -> bool:
    return all(walk.status in walk.ends for walk in told.walks if walk.order == order)


def _in_hand(told: Told) -> set[str]:
    """Orders a person has to look at."""
    orders = {walk.instance: walk.order for walk in told.walks}
    waiting = [one.instance for one in told.tasks]
    waiting += [one.instance for one in told.incidents if one.state == "open"]
    return {orders[instance] for instance in waiting}


def _tail(walk: Walk) -> str:
    return "\n".join(str(walk).splitlines()[:1] + str(walk).splitlines()[-12:])
