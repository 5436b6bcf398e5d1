"""`oms palette`: the activities that diagrams may ask for."""

from __future__ import annotations

import json as jsons
from pathlib import Path
from typing import Annotated

import typer

from oms_workflow.catalog.palette import entry, template
from oms_workflow.catalog.registry import discover
from oms_workflow.cli.language import language, say
from oms_workflow.cli.screen import AsJson, as_json, as_table, out
from oms_workflow.settings import settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("palette", help=say("palette.help"))(palette)


def palette(
    name: Annotated[str, typer.Argument(help=say("palette.name"))] = "",
    templates: Annotated[Path | None, typer.Option(help=say("palette.templates"))] = None,
    json: AsJson = False,
) -> None:
    """List activities, show one, or write element templates for Camunda Modeler into a folder."""
    catalog = discover(settings().activities)
    chosen = [one for key, one in catalog.items() if not name or key == name or one.family == name]
    if name and not chosen:
        raise typer.BadParameter(say("palette.unknown", name=name))
    if templates is not None:
        templates.mkdir(parents=True, exist_ok=True)
        for one in chosen:
            text = jsons.dumps(template(one, language()), ensure_ascii=False, indent=2)
            (templates / f"{one.name}.json").write_text(text + "\n", encoding="utf-8")
        out.print(say("palette.written", count=len(chosen), folder=templates))
        return
    entries = [entry(one) for one in chosen]
    if json:
        as_json(entries)
    elif len(entries) == 1:
        _print_one(entries[0])
    else:
        titles = "title_zh" if language() == "zh" else "title"
        rows = [[one["name"], one[titles], ", ".join(field["name"] for field in one["inputs"])] for one in entries]
        as_table([say("palette.activity"), say("palette.title"), say("palette.inputs")], rows)


def _print_one(one: dict[str, object]) -> None:
    out.print(f"{one['name']}  {one['title']} {one['title_zh']}", style="bold", markup=False)
    out.print(str(one["documentation"]), markup=False)
    for title, key in ((say("palette.inputs"), "inputs"), (say("palette.outputs"), "outputs")):
        fields: list[dict[str, object]] = one[key]  # type: ignore[assignment]
        rows = [
            [field["name"], field["type"], "*" if field["required"] else "", field["description"]] for field in fields
        ]
        as_table([title, "", "", ""], rows)
    errors: dict[str, str] = one["errors"]  # type: ignore[assignment]
    if errors:
        as_table([say("palette.errors"), ""], errors.items())
