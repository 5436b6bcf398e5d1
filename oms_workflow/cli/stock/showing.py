"""`oms stock show`: balances by SKU and warehouse; of one SKU also to whom its pieces are promised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, heading, is_wide, out, titles
from oms_workflow.cli.wording import iso, short_moment, unknown
from oms_workflow.errors import OrderRefused

if TYPE_CHECKING:
    from oms_workflow.domain.ports.stock import Claim
    from oms_workflow.domain.stock import Balance

COLUMNS = ("on_hand", "reserved", "allocated", "picked", "damaged", "in_transit", "safety", "available")
NARROW = ("on_hand", "reserved", "allocated", "available")


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("show", help=say("stock.show.help"))(show)


def show(
    sku: Annotated[str, typer.Argument(metavar="[SKU]", help=say("stock.show.sku"))] = "",
    warehouse: Annotated[str, typer.Option(help=say("stock.show.warehouse"))] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=say("limit"))] = 50,
    page: Annotated[int, typer.Option(min=1, max=100_000, help=say("page"))] = 1,
    json: AsJson = False,
) -> None:
    """Show stock."""

    async def asked(unit: Any) -> tuple[Sequence[Balance], Sequence[Claim]]:
        from oms_workflow.store.stock_list import claims_on, known_names, list_balances

        found = await list_balances(unit, sku=sku, warehouse=warehouse, offset=(page - 1) * limit, limit=limit + 1)
        if not found and (sku or warehouse) and page == 1:
            skus, warehouses = await known_names(unit)
            if warehouse and warehouse not in warehouses:
                said = unknown("stock.no_warehouse", warehouse, warehouses)
                raise OrderRefused(said, code="UNKNOWN_WAREHOUSE")
            if sku and sku not in skus:
                raise OrderRefused(unknown("stock.no_sku", sku, skus), code="UNKNOWN_SKU")
        return found, await claims_on(unit, sku) if sku else ()

    found, claims = ask_store(asked)
    shown, more = found[:limit], len(found) > limit
    claims = [one for one in claims if warehouse in ("", one.warehouse)]
    if json:
        rows = [{"sku": one.sku, "warehouse": one.warehouse} | columns_of(one) for one in shown]
        as_json({"balances": rows, "claims": [_claim(one) for one in claims], "page": page, "more": more})
    else:
        _print(shown, claims, page=page, more=more)


def columns_of(one: Balance) -> dict[str, int]:
    """Give the figures of a balance by name."""
    return {name: getattr(one, name) for name in COLUMNS}


def _claim(one: Claim) -> dict[str, Any]:
    names = ("order_id", "line_id", "sku", "warehouse", "reserved", "allocated", "picked")
    return {name: getattr(one, name) for name in names} | {"expires_at": iso(one.expires_at)}


def _print(found: Sequence[Balance], claims: Sequence[Claim], *, page: int, more: bool) -> None:
    if not found:
        out.print(say("stock.nothing"))
        return
    columns = COLUMNS if is_wide(100) else NARROW
    rows = [[one.sku, one.warehouse, *(getattr(one, name) for name in columns)] for one in found]
    as_table(titles("sku", "warehouse", *(f"{name}#" for name in columns)), rows)
    if more or page > 1:
        out.print(say("page.shown", page=page, more=say("page.more", next=page + 1) if more else ""), style="dim")
    if claims:
        heading(say("stock.claims"))
        promised = [[one.order_id, one.warehouse, one.reserved, one.allocated, short_moment(one.expires_at)]
                    for one in claims]  # fmt: skip
        as_table(titles("order", "warehouse", "reserved#", "allocated#", "lapses"), promised)
