"""`oms stock`: what lies where and to whom it is promised, and whether the books of the shop add up."""

from __future__ import annotations

import typer

from oms_workflow.cli.language import say
from oms_workflow.cli.stock import bundling, checking, expecting, foreseeing, keeping, rebalancing, showing


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    showing.register(group)
    checking.register(group)
    keeping.register(group)
    expecting.register(group)
    bundling.register(group)
    foreseeing.register(group)
    rebalancing.register(group)
    app.add_typer(group, name="stock", help=say("stock.help"))
