"""Putting the parts of a divided fulfilment order together again: pieces, money and reasons as they were before."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.fulfilment import FulfilmentStatus, SplitReason
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.shares import sum_of
from oms_workflow.store.fulfilment_book import FulfilmentBook, Row
from oms_workflow.store.fulfilment_rows import reasons_text, shares_from, shares_values
from oms_workflow.store.locking import lock_fulfilment
from oms_workflow.store.withdrawing import NOT_AT_WORK


async def join_parts(connection: AsyncConnection, fulfilment_id: str) -> None:
    """Take every part back that was divided from a fulfilment order, and from those parts in turn.

    The parts are cancelled and keep their lines, so that it can be told for ever what was where. Without parts nothing
    happens.

    Raises:
        OrderRefused: UNKNOWN_FULFILMENT; ILLEGAL_MOVE, when a warehouse works on it or on a part of it, or some of it
            has left.
    """
    row, orders = await lock_fulfilment(connection, fulfilment_id)
    plans = await FulfilmentBook.of_orders(connection, [row["order_id"], *orders])
    parts = _parts(plans, fulfilment_id)
    if not parts:
        return
    for one in (plans.heads[fulfilment_id], *parts):
        _require_untouched(one)
    for part in parts:
        for line_id, line in plans.lines[part["id"]].items():
            _take_back(plans, fulfilment_id, line_id, line)
        plans.cancel(part["id"])
    added = {SplitReason(part["added_reason"]) for part in parts if part["added_reason"]}
    kept = {SplitReason(word) for word in row["reasons"].split()} - added
    plans.set(fulfilment_id, reasons=reasons_text(kept))
    await plans.write()


def _parts(plans: FulfilmentBook, fulfilment_id: str) -> list[Row]:
    """Give the active parts of one, and their parts, the oldest first."""
    family = {fulfilment_id}
    found = []
    for row in sorted(plans.heads.values(), key=lambda one: int(one["number"])):
        if row["parent"] in family:
            family.add(row["id"])
            if row["status"] != FulfilmentStatus.CANCELLED:
                found.append(row)
    return found


def _require_untouched(row: Row) -> None:
    if row["status"] != FulfilmentStatus.OPEN or row["request_status"] not in NOT_AT_WORK:
        raise refuse(
            Refusal.ILLEGAL_MOVE,
            f"Fulfilment order {row['id']!r} is {row['status']} and {row['request_status']}; only parts that no "
            f"warehouse works on can be put together again.",
        )


def _take_back(plans: FulfilmentBook, target: str, line_id: str, line: Row) -> None:
    """Add the pieces and the money of a part's line to the line it was divided from."""
    currency = plans.heads[target]["currency"]
    mine = plans.lines[target][line_id]
    shares = sum_of([shares_from(mine, currency), shares_from(line, currency)], currency)
    plans.set_line(target, line_id, quantity=mine["quantity"] + line["quantity"], **shares_values(shares))
