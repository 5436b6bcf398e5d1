"""Balances and claims of stock, moved only by the table of `stock`. Every change leaves a ledger entry that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.stock import EFFECTS, Balance, Effect, EntryKind, book
from oms_workflow.store.statements import insert_or, upsert
from oms_workflow.store.tables.stock import stock_balances, stock_claims, stock_entries

Pair = tuple[str, str]  # (sku, warehouse)

_COLUMNS = Effect._fields
_CLAIM_CHANGES = ("reserved", "allocated", "picked", "shipped", "expires_at")
_READ_CLAIMS = (
    select(stock_claims)
    .where(stock_claims.c.order_id.in_(bindparam("ids", expanding=True)))
    .order_by(stock_claims.c.line_id, stock_claims.c.warehouse)
)
_LOCK_BALANCES = (
    select(stock_balances)
    .where(tuple_(stock_balances.c.sku, stock_balances.c.warehouse).in_(bindparam("pairs", expanding=True)))
    .order_by(stock_balances.c.sku, stock_balances.c.warehouse)
    .with_for_update()
)
_WRITE_BALANCE = (
    update(stock_balances)
    .where(stock_balances.c.sku == bindparam("of_sku"), stock_balances.c.warehouse == bindparam("of_warehouse"))
    .values({name: bindparam(f"new_{name}") for name in _COLUMNS})
)

_BOOKED = insert(stock_entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """What one line has on one warehouse."""

    line_id: str
    warehouse: str
    order_id: str
    sku: str
    reserved: int = 0
    allocated: int = 0
    picked: int = 0
    shipped: int = 0
    expires_at: datetime | None = None


class StockBook:
    """Balances that are locked, and the claims of orders that are locked: change them here, then `write` once."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.balances: dict[Pair, Balance] = {}
        self.claims: dict[tuple[str, str], ClaimRow] = {}  # by (line, warehouse)
        self._entries: list[dict[str, Any]] = []
        self._touched: dict[Pair, None] = {}
        self._claimed: dict[tuple[str, str], None] = {}

    async def load_claims(self, order_ids: Iterable[str]) -> None:
        """Load what orders, which the caller has locked, have on stock."""
        wanted = {"ids": sorted(set(order_ids))}
        for row in (await self._connection.execute(_READ_CLAIMS, wanted)).mappings():
            self.claims[row["line_id"], row["warehouse"]] = claim_row(row)

    async def lock(self, pairs: Iterable[Pair]) -> None:
        """Lock balances in order of sku and warehouse. Call it once, with everything that will be booked."""
        wanted = sorted(set(pairs))
        if not wanted:
            return
        for row in (await self._connection.execute(_LOCK_BALANCES, {"pairs": wanted})).mappings():
            self.balances[row["sku"], row["warehouse"]] = balance(row)

    async def lock_new(self, pair: Pair) -> None:
        """Lock one balance, made first if nothing was ever booked for it."""
        await self.lock_all_new([pair])

    async def lock_all_new(self, pairs: Iterable[Pair]) -> None:
        """Lock balances, made first where nothing was ever booked. Call it once, with all that will be booked."""
        wanted = sorted(set(pairs))
        if not wanted:
            return
        fresh = insert_or(self._connection, stock_balances).on_conflict_do_nothing()
        await self._connection.execute(fresh, [{"sku": sku, "warehouse": warehouse} for sku, warehouse in wanted])
        await self.lock(wanted)

    def book(self, pair: Pair, kind: EntryKind, quantity: int, *, line_id: str | None = None, reason: str = "") -> None:
        """Book pieces; with `line_id` on that line's claim too. 0 pieces is no entry.

        Raises:
            OrderRefused: As `stock.book` does.
        """
        if not quantity:
            return
        self.balances[pair] = book(self.balances[pair], kind, quantity)
        self._touched[pair] = None
        entry = {"sku": pair[0], "warehouse": pair[1], "kind": kind.value, "quantity": quantity}
        self._entries.append(entry | {"line_id": line_id, "reason": reason})
        if line_id is not None:
            self._claim(line_id, pair, kind, quantity)

    def open_claim(self, claim: ClaimRow) -> None:
        """Let a line have something on a warehouse it had nothing on so far."""
        self.claims.setdefault((claim.line_id, claim.warehouse), claim)

    def expire_at(self, name: tuple[str, str], moment: datetime | None) -> None:
        """Set when the reserved part of a claim lapses; None means never."""
        if self.claims[name].expires_at != moment:
            self.claims[name] = replace(self.claims[name], expires_at=moment)
            self._claimed[name] = None

    def claims_of(self, line_id: str) -> list[ClaimRow]:
        """Give what a line has, by warehouse."""
        return [claim for (line, _), claim in sorted(self.claims.items()) if line == line_id]

    def _claim(self, line_id: str, pair: Pair, kind: EntryKind, quantity: int) -> None:
        name = line_id, pair[1]
        claim, effect = self.claims[name], EFFECTS[kind]
        left = kind in (EntryKind.SHIP, EntryKind.SHIP_PICKED)
        self.claims[name] = replace(
            claim,
            reserved=claim.reserved + effect.reserved * quantity,
            allocated=claim.allocated + effect.allocated * quantity,
            picked=claim.picked + effect.picked * quantity,
            shipped=claim.shipped + (quantity if left else 0),
        )
        self._claimed[name] = None

    async def write(self, *, key: str, at: datetime) -> None:
        """Store changed balances and claims, and the entries."""
        if self._touched:
            await self._connection.execute(_WRITE_BALANCE, [self._balance_values(pair) for pair in self._touched])
        if self._entries:
            await self._connection.execute(_BOOKED, [row | {"key": key, "at": at} for row in self._entries])
        if self._claimed:
            keep = upsert(self._connection, stock_claims, ("line_id", "warehouse"), _CLAIM_CHANGES)
            await self._connection.execute(keep, [_values(self.claims[name]) for name in self._claimed])
        self._touched, self._entries, self._claimed = {}, [], {}

    def _balance_values(self, pair: Pair) -> dict[str, Any]:
        now = self.balances[pair]
        values: dict[str, Any] = {f"new_{name}": getattr(now, name) for name in _COLUMNS}
        return values | {"of_sku": pair[0], "of_warehouse": pair[1]}


def balance(row: RowMapping) -> Balance:
    """Read a balance from its row."""
    names = ("sku", "warehouse", *_COLUMNS)
    return Balance(**{name: row[name] for name in names})


def claim_row(row: RowMapping) -> ClaimRow:
    """Read a claim from its row."""
    return ClaimRow(**{name: row[name] for name in ClaimRow.__slots__})


def _values(claim: ClaimRow) -> dict[str, Any]:
    return {name: getattr(claim, name) for name in ClaimRow.__slots__}
