"""`oms tasks complete`: gives a person's answer to the process that asked, after its form has taken it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from oms_workflow.cli.asking import ask_house, ask_store, who
from oms_workflow.cli.language import language, say
from oms_workflow.cli.screen import AsJson, as_json, out


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("complete", help=say("tasks.complete.help"))(complete)


def complete(
    task: Annotated[str, typer.Argument(metavar="TASK", help=say("tasks.task"))],
    values: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help=say("set.help"))] = None,
    data: Annotated[Path | None, typer.Option(metavar="FILE", help=say("data.help"))] = None,
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Finish an open task."""
    from oms_workflow.cli.answering import read_values
    from oms_workflow.cli.choosing import choose_task
    from oms_workflow.cli.opening import processes_folder
    from oms_workflow.cli.rows import name_of
    from oms_workflow.diagrams.forms import read_form
    from oms_workflow.settings import settings

    found: Any = ask_store(lambda unit: choose_task(unit, task))
    form = read_form(processes_folder(settings()), found.form) if found.form else None
    answer = read_values(values or [], data, form)
    name = name_of(found.instance, found.token)
    view = ask_house(
        lambda house: house.house.operator.complete(found.instance, found.token, answer, by=who(by)),
    )
    told = {"task": name, "instance": found.instance, "element": found.element, "by": who(by), **after(view)}
    if json:
        as_json(told)
        return
    title = "" if form is None else f" ({form.title_zh if language() == 'zh' else form.title})"
    out.print(say("tasks.complete.done", task=f"{name}{title}"), markup=False)
    print_after(told)


def after(view: dict[str, Any]) -> dict[str, Any]:
    """Give where an instance is after something was done to it."""
    nodes = [{"element": one["element"], "name": one["name"], "state": one["state"]} for one in view["tokens"]]
    return {"status": view["status"], "nodes": nodes}


def print_after(told: dict[str, Any]) -> None:
    """Say where the instance is now."""
    from oms_workflow.cli.wording import in_language, word

    where = ", ".join(dict.fromkeys(in_language(one["name"] or one["element"]) for one in told["nodes"]))
    out.print(say("now_at", status=word(told["status"]), where=where or "-"), style="dim", markup=False)
