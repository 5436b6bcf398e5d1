"""`oms incidents retry` and `resolve`: run the node again, complete it by hand, go on without it, or move the token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from oms_workflow.cli.asking import ask_house, ask_store, who
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, out
from oms_workflow.cli.wording import either, unknown

ACTIONS = ("complete", "skip", "move", "retry")


def register(group: typer.Typer) -> None:
    """Add both commands."""
    group.command("retry", help=say("incidents.retry.help"))(retry)
    group.command("resolve", help=say("incidents.resolve.help"))(resolve)


def retry(
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help=say("incidents.incident"))],
    reason: Annotated[str, typer.Option(help=say("incidents.reason"))] = "",
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Run the node again, as if for the first time."""
    found = _chosen(incident)
    _do(found, "retry", who(by), lambda operator: _resolve(operator, found, "retry", who(by), reason, {}), json)


def resolve(
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help=say("incidents.incident"))],
    action: Annotated[str, typer.Option("--as", metavar="complete|skip|move|retry", help=say("incidents.as"))],
    values: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help=say("set.help"))] = None,
    data: Annotated[Path | None, typer.Option(metavar="FILE", help=say("data.help"))] = None,
    to: Annotated[str, typer.Option(metavar="ELEMENT", help=say("incidents.to"))] = "",
    reason: Annotated[str, typer.Option(help=say("incidents.reason"))] = "",
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Answer an incident otherwise than by a retry."""
    from oms_workflow.cli.answering import read_values

    if action not in ACTIONS:
        raise Unusable(say("incidents.bad_action", action=repr(action), known=either(ACTIONS)), code="bad-action")
    if (action == "move") != bool(to) or (action == "move" and not reason):
        raise Unusable(say("incidents.move_needs"), code="bad-action")
    if (values or data) and action != "complete":
        raise Unusable(say("incidents.set_needs_complete"), code="bad-action")
    given = read_values(values or [], data)
    found = _chosen(incident, to)
    if action == "move":
        work = _moved(found, to, who(by), reason)
    else:
        work = lambda operator: _resolve(operator, found, action, who(by), reason, given)  # noqa: E731
    _do(found, action, who(by), work, json)


def _chosen(given: str, to: str = "") -> Any:
    """Give the open incident, after a look whether its process has the node to move to."""

    async def asked(unit: Any) -> Any:
        from oms_workflow.cli.choosing import choose_incident
        from oms_workflow.cli.drawing import Drawings
        from oms_workflow.store.instances import Instances

        found = await choose_incident(unit, given)
        about = await Instances(unit).get(found.instance)
        if to and about is not None:
            drawn = await Drawings(unit).of(about)
            if drawn.nodes and to not in drawn.nodes:
                raise Unusable(unknown("incidents.no_element", to, drawn.nodes), code="unknown-element")
        return found

    return ask_store(asked)


def _resolve(operator: Any, found: Any, action: str, by: str, reason: str, given: dict[str, Any]) -> Awaitable[Any]:
    told: Awaitable[Any] = operator.resolve(
        found.instance, found.incident, action, by=by, reason=reason, variables=given
    )
    return told


def _moved(found: Any, to: str, by: str, reason: str) -> Callable[[Any], Awaitable[Any]]:
    return lambda operator: operator.move(found.instance, found.token, to, by=by, reason=reason)


def _do(found: Any, action: str, by: str, work: Callable[[Any], Awaitable[Any]], json: bool) -> None:
    from oms_workflow.cli.rows import name_of
    from oms_workflow.cli.tasks.completing import after, print_after

    view = ask_house(lambda house: work(house.house.operator))
    name = name_of(found.instance, found.incident)
    told = {"incident": name, "action": action, "by": by, "instance": found.instance, **after(view)}
    if json:
        as_json(told)
        return
    out.print(say(f"incidents.done.{action}", incident=name), markup=False)
    print_after(told)
