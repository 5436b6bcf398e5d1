"""`oms waves`: when waves go, who waits, which went."""

from __future__ import annotations

import typer

from oms_workflow.cli.language import say
from oms_workflow.cli.waves import releasing, ruling


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    ruling.register(group)
    releasing.register(group)
    app.add_typer(group, name="waves", help=say("waves.help"))
