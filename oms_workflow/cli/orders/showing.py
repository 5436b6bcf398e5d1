"""`oms orders show`: one order with everything known of it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("show", help=say("orders.show.help"))(show)


def show(
    order: Annotated[str, typer.Argument(metavar="ORDER", help=say("orders.order"))],
    json: AsJson = False,
) -> None:
    """Show one order; of the buyer only what identifies nobody."""

    async def asked(unit: Any) -> Any:
        from oms_workflow.cli.orders.facts import read_order
        from oms_workflow.cli.orders.finding import find_order

        return await read_order(unit, await find_order(unit, order))

    facts = ask_store(asked)
    if json:
        from oms_workflow.cli.orders.document import document

        as_json(document(facts))
    else:
        from oms_workflow.cli.orders.page import print_order

        print_order(facts)
