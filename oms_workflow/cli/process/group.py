"""`oms process`: deployed processes: put in new versions, list them, look at one."""

from __future__ import annotations

import typer

from oms_workflow.cli.language import say
from oms_workflow.cli.process import deploying, listing, showing


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    for part in (deploying, listing, showing):
        part.register(group)
    app.add_typer(group, name="process", help=say("process.help"))
