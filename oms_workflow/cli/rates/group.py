"""`oms rates`: what carriers charge, and what a parcel would cost."""

from __future__ import annotations

import typer

from oms_workflow.cli.language import say
from oms_workflow.cli.rates import keeping, pricing


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    keeping.register(group)
    pricing.register(group)
    app.add_typer(group, name="rates", help=say("rates.help"))
