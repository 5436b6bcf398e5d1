"""`oms money`: what came in, what went back, and whether both agree with what was ordered."""

from __future__ import annotations

import typer

from oms_workflow.cli.language import say
from oms_workflow.cli.money import reconciling


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.callback()(lambda: None)  # a group of one command is still a group
    reconciling.register(group)
    app.add_typer(group, name="money", help=say("money.help"))
