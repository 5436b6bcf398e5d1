"""`oms incidents list`: open incidents, oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, out
from oms_workflow.cli.wording import moment

ALL = 10_000  # open incidents that are looked through


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("list", help=say("incidents.list.help"))(list_)


def list_(
    order: Annotated[str, typer.Option(help=say("orders.order"))] = "",
    process: Annotated[str, typer.Option(help=say("process.id"))] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=say("limit"))] = 50,
    json: AsJson = False,
) -> None:
    """List open incidents with what happened; what is tried again by itself is none."""

    found = ask_store(partial(_found, order, process, limit))
    if json:
        from oms_workflow.cli.rows import incident

        as_json({"incidents": [incident(*one) for one in found]})
        return
    _print(found)
    out.print(say("incidents.list.count", count=len(found)) if found else say("incidents.list.nothing"))


async def _found(order: str, process: str, limit: int, unit: Any) -> list[tuple[Any, Any, Any]]:
    """Each incident with its instance and that one's drawing; '' for any order or process."""
    from oms_workflow.cli.drawing import Drawings
    from oms_workflow.cli.orders.finding import find_order
    from oms_workflow.store.board import Board
    from oms_workflow.store.standing import instances_by_id

    order_id = await find_order(unit, order) if order else ""
    found = await Board(unit).incidents(limit=ALL)
    about = await instances_by_id(unit, (one.instance for one in found))
    drawings = Drawings(unit)
    fitting = [
        one
        for one in found
        if order_id in ("", about[one.instance].order_id) and process in ("", about[one.instance].process_id)
    ]
    return [(one, about[one.instance], await drawings.of(about[one.instance])) for one in fitting[:limit]]


def _print(found: Sequence[tuple[Any, Any, Any]]) -> None:
    from oms_workflow.cli.rows import name_of

    for one, about, drawn in found:
        name = name_of(one.instance, one.incident)
        owner = drawn.owner(one.element)
        out.print(f"{name}  {drawn.short(one.element)}{f' ({owner})' if owner else ''}", style="bold", markup=False)
        out.print(f"  {moment(one.raised_at)}  {about.order_id}  {one.code}", style="dim", markup=False)
        out.print(f"  {one.message}", markup=False)
