"""`oms instances set`: edits variables of a running instance; the history tells them before and after."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from oms_workflow.cli.asking import ask_house, ask_store, who
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, out


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("set", help=say("instances.set.help"))(set_)


def set_(
    instance: Annotated[str, typer.Argument(metavar="INSTANCE", help=say("instances.instance"))],
    reason: Annotated[str, typer.Option(help=say("instances.reason"))],
    values: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help=say("set.help"))] = None,
    data: Annotated[Path | None, typer.Option(metavar="FILE", help=say("data.help"))] = None,
    scope: Annotated[int, typer.Option(metavar="NUMBER", help=say("instances.set.scope"))] = 0,
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Set variables of the process, or of one token."""
    from oms_workflow.cli.answering import read_values
    from oms_workflow.cli.tasks.completing import print_after

    given = read_values(values or [], data)
    if not given:
        raise Unusable(say("instances.set.nothing"), code="bad-set")
    told = _edited(instance, given, scope, who(by), reason)
    if json:
        as_json(told)
        return
    names = ", ".join(told["names"])
    out.print(say("instances.done.set", instance=told["instance"], names=names), markup=False)
    print_after(told)


def _edited(instance: str, given: dict[str, Any], scope: int, by: str, reason: str) -> dict[str, Any]:
    from oms_workflow.cli.instances.choosing import choose_instance
    from oms_workflow.cli.tasks.completing import after

    found: Any = ask_store(lambda unit: choose_instance(unit, instance))

    async def done(house: Any) -> dict[str, Any]:
        from oms_workflow.temporal.intervening import Intervener

        hands = Intervener(house.house.operator, by=by, reason=reason)
        view: dict[str, Any] = await hands.set_variables(found.workflow_id, given, scope=scope)
        return view

    view = ask_house(done)
    return {
        "instance": found.workflow_id,
        "names": sorted(given),
        "scope": scope,
        "by": by,
        "reason": reason,
        "variables": view["variables"],
        **after(view),
    }
