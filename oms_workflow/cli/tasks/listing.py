"""`oms tasks list`: open user tasks, the most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, is_wide, out, titles
from oms_workflow.cli.wording import moment, short_moment

ALL = 10_000  # open tasks that are looked through for a role


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("list", help=say("tasks.list.help"))(list_)


def list_(
    role: Annotated[str, typer.Option(help=say("tasks.list.role"))] = "",
    order: Annotated[str, typer.Option(help=say("orders.order"))] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=say("limit"))] = 50,
    json: AsJson = False,
) -> None:
    """List open tasks."""
    found = _ask(role, order, limit)
    if json:
        from oms_workflow.cli.rows import task

        as_json({"tasks": [task(*one) for one in found]})
    elif found:
        _print(found)
    else:
        out.print(say("tasks.list.nothing"))


def _ask(role: str, order: str, limit: int) -> list[tuple[Any, Any, Any]]:
    """Give open tasks, each with its instance and that one's drawing; '' for any role or order."""

    async def asked(unit: Any) -> list[tuple[Any, Any, Any]]:
        from oms_workflow.cli.drawing import Drawings
        from oms_workflow.cli.orders.finding import find_order
        from oms_workflow.store.board import Board
        from oms_workflow.store.standing import instances_by_id, instances_of_orders

        found = await Board(unit).tasks(limit=ALL)
        if order:
            mine = {one.workflow_id for one in await instances_of_orders(unit, [await find_order(unit, order)])}
            found = tuple(task for task in found if task.instance in mine)
        if role:
            found = tuple(task for task in found if role in (*task.groups, task.owner, task.assignee))
        found = found[:limit]
        about = await instances_by_id(unit, (task.instance for task in found))
        drawings = Drawings(unit)
        return [(task, about[task.instance], await drawings.of(about[task.instance])) for task in found]

    return ask_store(asked)


def _print(found: Sequence[tuple[Any, Any, Any]]) -> None:
    from oms_workflow.cli.rows import name_of

    shown = moment if is_wide() else short_moment
    rows = []
    for task, _, drawn in found:
        role = task.assignee or ", ".join(task.groups) or task.owner
        rows.append([name_of(task.instance, task.token), drawn.short(task.element), role, task.form, shown(task.due)])
    as_table(titles("task", "what", "role", "form", "due"), rows)
