"""`oms stock check`: every invariant of the shop, asked of the database as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from oms_workflow.cli.asking import ask_database
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, NO, AsJson, as_json, as_table, leave, out, titles

if TYPE_CHECKING:
    from oms_workflow.store.checks import CheckResult


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("check", help=say("stock.check.help"))(check)


def check(json: AsJson = False) -> None:
    """Ask every invariant; the exit code is 1 when one is broken."""

    async def asked(database: Any) -> list[CheckResult]:
        from oms_workflow.store import checks

        return await checks.check(database)

    found = ask_database(asked)
    if json:
        as_json([one.to_json() for one in found])
    else:
        _print(found)
    leave(NO if any(one.violations for one in found) else DONE)


def _print(found: Sequence[CheckResult]) -> None:
    rows = [
        [one.invariant, one.checked, Text(str(one.violations), style="bold red" if one.violations else "")]
        for one in found
    ]
    as_table(titles("invariant", "checked#", "violations#"), rows)
    broken = [one for one in found if one.violations]
    for one in broken:
        out.print()
        out.print(f"{one.invariant}: {one.says}", style="red", markup=False)
        for example in one.examples:
            out.print(f"  {example}", markup=False)
    out.print()
    out.print(say("stock.check.broken" if broken else "stock.check.sound", count=len(broken), of=len(found)))
