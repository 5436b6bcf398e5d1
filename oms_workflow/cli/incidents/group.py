"""`oms incidents`: stops that a person has to look at, and what can be done about one."""

from __future__ import annotations

import typer

from oms_workflow.cli.incidents import listing, resolving
from oms_workflow.cli.language import say


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    listing.register(group)
    resolving.register(group)
    app.add_typer(group, name="incidents", help=say("incidents.help"))
