"""`oms holds`: why orders wait, and who may let them go on; one hold at a time."""

from __future__ import annotations

import typer

from oms_workflow.cli.holds import changing, listing
from oms_workflow.cli.language import say


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    for part in (listing, changing):
        part.register(group)
    app.add_typer(group, name="holds", help=say("holds.help"))
