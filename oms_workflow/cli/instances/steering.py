"""`oms instances skip`, `repeat`, `cancel`, `move`, `activate`: what may be done to one token of an instance."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from oms_workflow.cli.asking import ask_house, ask_store, who
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, out
from oms_workflow.cli.wording import unknown

Named = Annotated[str, typer.Argument(metavar="INSTANCE", help=say("instances.instance"))]
Element = Annotated[str, typer.Argument(metavar="ELEMENT", help=say("instances.element"))]
Reason = Annotated[str, typer.Option(help=say("instances.reason"))]
Token = Annotated[int, typer.Option(metavar="NUMBER", help=say("instances.token"))]
By = Annotated[str, typer.Option(help=say("by"))]
Work = Callable[[Any, str, dict[str, Any]], Awaitable[dict[str, Any]]]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("skip", help=say("instances.skip.help"))(skip)
    group.command("repeat", help=say("instances.repeat.help"))(repeat)
    group.command("cancel", help=say("instances.cancel.help"))(cancel)
    group.command("move", help=say("instances.move.help"))(move)
    group.command("activate", help=say("instances.activate.help"))(activate)


def skip(
    instance: Named, element: Element, reason: Reason, token: Token = 0, by: By = "", json: AsJson = False
) -> None:
    """Let a token leave its node without the work."""

    async def work(hands: Any, name: str, view: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = await hands.skip(name, _token(view, element, token))
        return told

    _do("skip", instance, element, reason, who(by), work, json)


def repeat(
    instance: Named,
    element: Element,
    reason: Reason,
    token: Token = 0,
    scope: Annotated[int, typer.Option(metavar="NUMBER", help=say("instances.scope"))] = 0,
    by: By = "",
    json: AsJson = False,
) -> None:
    """Have a node begin once more."""

    async def work(hands: Any, name: str, view: dict[str, Any]) -> dict[str, Any]:
        waits = any(one["element"] == element for one in view["tokens"])
        again = _token(view, element, token) if token or (waits and not scope) else 0
        told: dict[str, Any] = await hands.repeat(name, element, token=again, scope=scope)
        return told

    _do("repeat", instance, element, reason, who(by), work, json)


def cancel(
    instance: Named, element: Element, reason: Reason, token: Token = 0, by: By = "", json: AsJson = False
) -> None:
    """Take a token away with everything inside it."""

    async def work(hands: Any, name: str, view: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = await hands.cancel_branch(name, _token(view, element, token))
        return told

    _do("cancel", instance, element, reason, who(by), work, json)


def move(
    instance: Named,
    element: Element,
    to: Annotated[str, typer.Option(metavar="ELEMENT", help=say("instances.to"))],
    reason: Reason,
    token: Token = 0,
    by: By = "",
    json: AsJson = False,
) -> None:
    """Set a token on another node."""

    async def work(hands: Any, name: str, view: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = await hands.move(name, _token(view, element, token), to)
        return told

    _do("move", instance, element, reason, who(by), work, json, to=to)


def activate(
    instance: Named, element: Element, reason: Reason, token: Token = 0, by: By = "", json: AsJson = False
) -> None:
    """Have an element of an open ad-hoc sub-process begin."""

    async def work(hands: Any, name: str, view: dict[str, Any]) -> dict[str, Any]:
        from oms_workflow.cli.instances.choosing import choose_offer

        told: dict[str, Any] = await hands.activate(name, choose_offer(view, element, token), element)
        return told

    _do("activate", instance, element, reason, who(by), work, json)


def _token(view: dict[str, Any], element: str, token: int) -> int:
    from oms_workflow.cli.instances.choosing import choose_token

    return choose_token(view, element, token)


def _do(action: str, given: str, element: str, reason: str, by: str, work: Work, json: bool, to: str = "") -> None:
    name = ask_store(lambda unit: _instance(unit, given, element, to))

    async def done(house: Any) -> dict[str, Any]:
        from oms_workflow.temporal.intervening import Intervener

        view = await house.house.operator.view(name)
        return await work(Intervener(house.house.operator, by=by, reason=reason), name, view)

    from oms_workflow.cli.tasks.completing import after, print_after

    told = {"instance": name, "action": action, "element": element, "to": to, "by": by, "reason": reason}
    told |= after(ask_house(done))
    if json:
        as_json(told)
        return
    out.print(say(f"instances.done.{action}", instance=name, element=element, to=to), markup=False)
    print_after(told)


async def _instance(unit: Any, given: str, element: str, to: str) -> str:
    """Give the instance, after a look whether its diagram has the nodes that are named."""
    from oms_workflow.cli.drawing import Drawings
    from oms_workflow.cli.instances.choosing import choose_instance

    found = await choose_instance(unit, given, element)
    drawn = await Drawings(unit).of(found)
    for name in (element, to):
        if name and drawn.nodes and name not in drawn.nodes:
            raise Unusable(unknown("incidents.no_element", name, drawn.nodes), code="unknown-element")
    return found.workflow_id
