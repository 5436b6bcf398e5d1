"""`oms stock outlook`: what can be promised of a SKU and when, and who gets what of the goods that are announced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, heading, titles
from oms_workflow.cli.stock.keeping import Sku
from oms_workflow.cli.wording import iso, moment
from oms_workflow.domain.identity import order_of_line

if TYPE_CHECKING:
    from oms_workflow.domain.outlook import Outlook


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("outlook", help=say("stock.outlook.help"))(outlook)


def outlook(sku: Sku, json: AsJson = False) -> None:
    """Show what is left for new orders over time, and the queue before them."""

    async def asked(unit: Any) -> Outlook:
        from oms_workflow.store.outlooks import outlook_of

        return await outlook_of(unit, sku)

    found = ask_store(asked)
    if json:
        as_json(_document(sku, found))
        return
    rows = [[moment(one.at) or say("stock.outlook.now"), one.quantity, one.receipt] for one in found.supplies]
    as_table(titles("since", "available#", "receipt"), rows)
    if found.coverage:
        heading(say("stock.outlook.waiting"))
        queue = [
            [order_of_line(one.line_id), one.quantity, moment(one.at) or _when(one.covered), one.receipt]
            for one in found.coverage
        ]
        as_table(titles("order", "pieces#", "expected", "receipt"), queue)


def _when(covered: bool) -> str:
    return say("stock.outlook.now" if covered else "stock.outlook.never")


def _document(sku: str, found: Outlook) -> dict[str, Any]:
    supplies = [{"at": iso(one.at), "available": one.quantity, "receipt": one.receipt} for one in found.supplies]
    waiting = [
        {
            "order": order_of_line(one.line_id), "line": one.line_id, "quantity": one.quantity, "at": iso(one.at),
            "receipt": one.receipt, "covered": one.covered,
        }
        for one in found.coverage
    ]  # fmt: skip
    return {"sku": sku, "supplies": supplies, "waiting": waiting}
