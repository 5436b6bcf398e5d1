"""`oms orders`: find orders, look at one, read what happened to it, cancel it."""

from __future__ import annotations

import typer

from oms_workflow.cli.language import say
from oms_workflow.cli.orders import cancelling, history, importing, listing, showing


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    for part in (listing, showing, history, cancelling, importing):
        part.register(group)
    app.add_typer(group, name="orders", help=say("orders.help"))
