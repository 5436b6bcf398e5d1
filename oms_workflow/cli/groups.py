"""The commands of `oms`, and where each lives. A command's room is imported when it is asked for, and not before.

`oms --help` and `oms lint` must not wait for Temporal's client and the database, which take seconds to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from oms_workflow.cli.language import say

COMMANDS: Mapping[str, str] = {
    "demo": "oms_workflow.cli.demo.command",
    "up": "oms_workflow.cli.up",
    "run": "oms_workflow.cli.running.run",
    "worker": "oms_workflow.cli.up",
    "lint": "oms_workflow.cli.lint",
    "play": "oms_workflow.cli.play",
    "palette": "oms_workflow.cli.palette",
    "orders": "oms_workflow.cli.orders.group",
    "blocklist": "oms_workflow.cli.blocklist",
    "holds": "oms_workflow.cli.holds.group",
    "tasks": "oms_workflow.cli.tasks.group",
    "incidents": "oms_workflow.cli.incidents.group",
    "instances": "oms_workflow.cli.instances.group",
    "sla": "oms_workflow.cli.sla",
    "messages": "oms_workflow.cli.messages",
    "stock": "oms_workflow.cli.stock.group",
    "cartons": "oms_workflow.cli.cartons.group",
    "rates": "oms_workflow.cli.rates.group",
    "promise": "oms_workflow.cli.promise",
    "warehouses": "oms_workflow.cli.warehouses",
    "carriers": "oms_workflow.cli.carriers",
    "waves": "oms_workflow.cli.waves.group",
    "money": "oms_workflow.cli.money.group",
    "simulate": "oms_workflow.cli.simulating",
    "process": "oms_workflow.cli.process.group",
    "db": "oms_workflow.cli.db",
    "doctor": "oms_workflow.cli.doctor.command",
}
"""Command -> module whose `register` adds it; its line in `oms --help` is the text `<command>.help`."""


class Commands(TyperGroup):
    """The top of the command line: knows the names of all commands, and makes one when it is asked for."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands: dict[str, Any] = dict.fromkeys(COMMANDS)  # None: not made yet

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Give one command; None when there is none of this name."""
        if cmd_name in self.commands and self.commands[cmd_name] is None:
            self.commands[cmd_name] = made(cmd_name)
        return self.commands.get(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands for --help without making them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, say(f"{name}.help")) for name in COMMANDS])


def made(name: str) -> Any:
    """Give one command of the top, ready to run."""
    host = typer.Typer(add_completion=False, rich_markup_mode=None)
    host.callback()(lambda: None)  # a Typer app without it is its only command, not a group that has one
    import_module(COMMANDS[name]).register(host)
    group: Any = typer.main.get_command(host)
    return group.commands[name]
