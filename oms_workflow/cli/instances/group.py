"""`oms instances`: what people do to running instances, each with who and why."""

from __future__ import annotations

import typer

from oms_workflow.cli.instances import editing, migrating, steering, suspending
from oms_workflow.cli.language import say


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    suspending.register(group)
    steering.register(group)
    editing.register(group)
    migrating.register(group)
    app.add_typer(group, name="instances", help=say("instances.help"))
