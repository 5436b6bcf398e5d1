"""Fulfilment orders as rows, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, RowMapping, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.fulfilment import (
    Fate,
    FulfilmentLine,
    FulfilmentOrder,
    FulfilmentStatus,
    RequestStatus,
    SplitReason,
)
from oms_workflow.domain.money import Money
from oms_workflow.domain.shares import Shares
from oms_workflow.store.tables.fulfilments import fulfilment_lines, fulfilments

# Made once: building a statement costs as much as running it on SQLite.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_INSIDE = select(fulfilment_lines.c.fulfilment_id).where(fulfilment_lines.c.order_id.in_(_IDS))
_HEADS = select(fulfilments).order_by(fulfilments.c.order_id, fulfilments.c.number)
_OF_ORDERS = _HEADS.where(or_(fulfilments.c.order_id.in_(_IDS), fulfilments.c.id.in_(_INSIDE)))
_BY_ID = _HEADS.where(fulfilments.c.id.in_(_IDS))
_LINES = (
    select(fulfilment_lines)
    .where(fulfilment_lines.c.fulfilment_id.in_(_IDS))
    .order_by(fulfilment_lines.c.position, fulfilment_lines.c.line_id)
)


async def load_fulfilments(connection: AsyncConnection, order_ids: Sequence[str]) -> tuple[FulfilmentOrder, ...]:
    """Read every fulfilment order that one of these orders leads or has pieces in, by order and number."""
    return await _load(connection, await load_heads(connection, order_ids))


async def load_by_id(connection: AsyncConnection, fulfilment_ids: Iterable[str]) -> tuple[FulfilmentOrder, ...]:
    """Read fulfilment orders by id; ids that do not exist are left out."""
    found = await connection.execute(_BY_ID, {"ids": list(fulfilment_ids)})
    return await _load(connection, found.mappings().all())


async def load_heads(connection: AsyncConnection, order_ids: Sequence[str]) -> Sequence[RowMapping]:
    """Read the rows of the same fulfilment orders, without their lines."""
    return (await connection.execute(_OF_ORDERS, {"ids": list(order_ids)})).mappings().all()


async def _load(connection: AsyncConnection, heads: Sequence[RowMapping]) -> tuple[FulfilmentOrder, ...]:
    lines = await load_fulfilment_lines(connection, [row["id"] for row in heads])
    return tuple(fulfilment_from(row, lines.get(row["id"], [])) for row in heads)


async def load_fulfilment_lines(
    connection: AsyncConnection, fulfilment_ids: Sequence[str]
) -> dict[str, list[RowMapping]]:
    """Read the rows of lines, by fulfilment order, in their order."""
    found: dict[str, list[RowMapping]] = {}
    if fulfilment_ids:
        for row in (await connection.execute(_LINES, {"ids": list(fulfilment_ids)})).mappings():
            found.setdefault(row["fulfilment_id"], []).append(row)
    return found


def fulfilment_from(row: RowMapping, line_rows: Iterable[RowMapping]) -> FulfilmentOrder:
    """Read one from its row and those of its lines; lines that are empty after a shortage are left out."""
    currency: str = row["currency"]
    return FulfilmentOrder(
        id=row["id"],
        order_id=row["order_id"],
        warehouse=row["warehouse"],
        seller=row["seller"],
        currency=currency,
        lines=tuple(
            FulfilmentLine(
                line_id=line["line_id"], sku=line["sku"], quantity=line["quantity"], shares=shares_from(line, currency)
            )
            for line in line_rows
            if line["quantity"]
        ),
        reasons=frozenset(SplitReason(word) for word in row["reasons"].split()),
        status=FulfilmentStatus(row["status"]),
        request_status=RequestStatus(row["request_status"]),
        fate=Fate(row["fate"]) if row["fate"] else None,
        reference=row["reference"],
        parent=row["parent"] or "",
        created_at=row["created_at"],
    )


def shares_from(row: Mapping[str, Any] | RowMapping, currency: str) -> Shares:
    """Read what pieces carry of the money of their order."""
    return Shares(
        freight=Money.minor(row["freight"], currency),
        discount=Money.minor(row["discount"], currency),
        tax=Money.minor(row["tax"], currency),
    )


def shares_values(shares: Shares) -> dict[str, int]:
    """Give the columns of what pieces carry."""
    return {
        "freight": shares.freight.minor_units,
        "discount": shares.discount.minor_units,
        "tax": shares.tax.minor_units,
    }


def reasons_text(reasons: Iterable[SplitReason]) -> str:
    """Write a set of reasons the same way each time."""
    return " ".join(sorted(reason.value for reason in reasons))
