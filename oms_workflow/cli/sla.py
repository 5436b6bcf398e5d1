"""`oms sla`: deadlines of nodes: which are open, which were warned of, which were missed, and who answers for them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import typer
from rich.text import Text

from oms_workflow.cli.asking import ask_store, now
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, is_wide, out, titles
from oms_workflow.cli.sla_risks import show_risks
from oms_workflow.cli.wording import moment, short_moment, span, unknown


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.callback()(lambda: None)
    group.command("list", help=say("sla.list.help"))(list_)
    app.add_typer(group, name="sla", help=say("sla.help"))


def list_(
    breached: Annotated[bool, typer.Option("--breached", help=say("sla.list.breached"))] = False,
    at_risk: Annotated[bool, typer.Option("--at-risk", help=say("sla.list.at_risk"))] = False,
    everything: Annotated[bool, typer.Option("--all", help=say("sla.list.all"))] = False,
    order: Annotated[str, typer.Option(help=say("orders.order"))] = "",
    process: Annotated[str, typer.Option(help=say("process.id"))] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=say("limit"))] = 50,
    json: AsJson = False,
) -> None:
    """List deadlines, the next one due first; or promises that will probably be missed."""
    if at_risk:
        if breached or everything or process:
            raise Unusable(say("sla.list.at_risk_alone"), code="not-together")
        show_risks(order, limit, json)
        return
    found = ask_store(partial(_found, order, process, breached, everything, limit))
    if json:
        from oms_workflow.cli.rows import deadline

        as_json({"deadlines": [deadline(*one) for one in found], "at_risk": []})
    elif found:
        _print(found)
    else:
        out.print(say("sla.list.nothing" if everything else "sla.list.nothing_open"))


async def _found(
    order: str, process: str, breached: bool, everything: bool, limit: int, unit: Any
) -> list[tuple[Any, Any, Any]]:
    """Each deadline with its instance and its diagram."""
    from oms_workflow.cli.drawing import Drawings
    from oms_workflow.cli.orders.finding import find_order
    from oms_workflow.store.process_versions import ProcessVersions
    from oms_workflow.store.standing import DeadlineQuery, deadlines

    known = {one.process_id for one in await ProcessVersions(unit).all()} if process else set()
    if process and process not in known:
        raise Unusable(unknown("process.unknown", process, sorted(known)), code="unknown-process")
    query = DeadlineQuery(
        order_id=await find_order(unit, order) if order else "",
        process_id=process,
        breached=breached,
        with_ended=everything,
    )
    drawings = Drawings(unit)
    found = await deadlines(unit, query, at=now(), limit=limit)
    return [(item, about, await drawings.of(about)) for item, about in found]


def _print(found: Sequence[tuple[Any, Any, Any]]) -> None:
    wide, at = is_wide(), now()
    rows = []
    for item, about, drawn in found:
        owner = " > ".join(filter(None, (item.owner or drawn.owner(item.element), item.escalated_to)))
        due = moment(item.due) if wide else short_moment(item.due)
        rows.append([about.order_id, drawn.short(item.element), owner, due or say("sla.paused"), _state(item, at)])
    as_table(titles("order", "at_node", "owner", "due", "state"), rows)


def _state(item: Any, at: Any) -> Text:
    if item.ended_at is not None:
        missed = item.breached_at is not None
        return Text(say("sla.ended_late" if missed else "sla.ended"), style="yellow" if missed else "dim")
    if item.breached_at is not None or (item.due is not None and item.due <= at):
        since = item.breached_at or item.due
        return Text(say("sla.late", span=span(at - since)), style="red")
    if item.paused:
        return Text(say("sla.paused"), style="dim")
    if item.warned_at is not None:
        return Text(say("sla.warned"), style="yellow")
    return Text(say("sla.left", span=span(item.due - at)) if item.due else "")
