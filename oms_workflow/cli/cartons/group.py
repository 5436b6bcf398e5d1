"""`oms cartons`: what goods are packed into, how large goods are, and how they would be packed."""

from __future__ import annotations

import typer

from oms_workflow.cli.cartons import keeping, measuring, planning
from oms_workflow.cli.language import say


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    keeping.register(group)
    measuring.register(group)
    planning.register(group)
    app.add_typer(group, name="cartons", help=say("cartons.help"))
