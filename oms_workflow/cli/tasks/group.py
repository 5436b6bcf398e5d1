"""`oms tasks`: work that waits for people."""

from __future__ import annotations

import typer

from oms_workflow.cli.language import say
from oms_workflow.cli.tasks import completing, listing


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    listing.register(group)
    completing.register(group)
    app.add_typer(group, name="tasks", help=say("tasks.help"))
