"""`oms instances suspend` and `resume`: an instance, and the processes it called, stand still and go on."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from oms_workflow.cli.asking import ask_house, ask_store, who
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, out
from oms_workflow.cli.wording import word
from oms_workflow.errors import OrderRefused


def register(group: typer.Typer) -> None:
    """Add both commands."""
    group.command("suspend", help=say("instances.suspend.help"))(suspend)
    group.command("resume", help=say("instances.resume.help"))(resume)


Named = Annotated[str, typer.Argument(metavar="INSTANCE", help=say("instances.instance"))]
Reason = Annotated[str, typer.Option(help=say("instances.reason"))]
Alone = Annotated[bool, typer.Option("--alone", help=say("instances.alone"))]
By = Annotated[str, typer.Option(help=say("by"))]


def suspend(instance: Named, reason: Reason, alone: Alone = False, by: By = "", json: AsJson = False) -> None:
    """Let nothing move; what comes is kept."""
    _each("suspend", instance, reason, alone, who(by), json)


def resume(instance: Named, reason: Reason, alone: Alone = False, by: By = "", json: AsJson = False) -> None:
    """Act on what was kept, and go on."""
    _each("resume", instance, reason, alone, who(by), json)


def _each(action: str, given: str, reason: str, alone: bool, by: str, json: bool) -> None:
    async def chosen(unit: Any) -> list[Any]:
        from oms_workflow.cli.instances.choosing import called_by, choose_instance

        first = await choose_instance(unit, given)
        return [first, *([] if alone else await called_by(unit, first))]

    found = ask_store(chosen)

    async def done(house: Any) -> list[dict[str, Any]]:
        from oms_workflow.temporal.intervening import Intervener

        hands = Intervener(house.house.operator, by=by, reason=reason)
        return [await _one(hands, action, one, is_first=one is found[0]) for one in found]

    told = ask_house(done)
    if json:
        as_json({"action": action, "by": by, "reason": reason, "instances": told})
        return
    for one in told:
        if one["done"]:
            held = one["held"]
            text = say(f"instances.done.{action}", instance=one["instance"], status=word(one["status"]), held=held)
        else:
            text = say("instances.not_done", instance=one["instance"], message=one["message"])
        out.print(text, markup=False)


async def _one(hands: Any, action: str, row: Any, *, is_first: bool) -> dict[str, Any]:
    """Do it to one; a called process that is over or is so already is told, and stops nothing."""
    told = {"instance": row.workflow_id, "process": row.process_id, "done": True, "status": "", "held": 0}
    try:
        before = await hands.view(row.workflow_id) if action == "resume" else {}
        view = await getattr(hands, action)(row.workflow_id)
    except OrderRefused as refused:
        if is_first:
            raise
        return told | {"done": False, "message": str(refused)}
    held = before.get("suspended", {}).get("held", 0)
    return told | {"status": view["status"], "held": held, "message": ""}
