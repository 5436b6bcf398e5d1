"""`oms process deploy`: makes diagrams the versions that new orders start with. Running orders stay as they are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from oms_workflow.cli.asking import ask_database, now, who
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, NO, AsJson, as_json, as_table, leave, out, titles
from oms_workflow.cli.wording import in_language, word


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("deploy", help=say("process.deploy.help"))(deploy)


def deploy(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help=say("process.deploy.paths"))],
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Check the files as one collection, and deploy every process in them, or none."""
    from oms_workflow.catalog.registry import discover
    from oms_workflow.cli.lint import exit_code
    from oms_workflow.diagrams.collection import read_collection
    from oms_workflow.settings import settings

    at = now()
    read = read_collection(paths, year=at.year, catalog=discover(settings().activities), strict_references=True)
    if read.errors:
        _refused(read, json)
        leave(exit_code(read))
    if not read.definitions:
        out.print(say("process.deploy.nothing")) if not json else as_json({"processes": []})
        leave(NO)

    async def asked(database: Any) -> Any:
        from oms_workflow.cli.deploying import deploy_all

        return await deploy_all(database, read, by=who(by), at=at)

    told = [_entry(one, at) for one in ask_database(asked)]
    if json:
        as_json({"processes": told})
    else:
        _print(told)
    leave(DONE)


def _entry(one: Any, at: datetime) -> dict[str, Any]:
    return {
        "process": one.process_id,
        "name": one.name,
        "version": one.version,
        "version_tag": one.version_tag,
        "sha256": one.sha256,
        "file": one.file,
        "is_new": one.deployed_at == at,
    }


def _print(told: list[dict[str, Any]]) -> None:
    rows = [
        [one["process"], one["version"], word("new" if one["is_new"] else "unchanged"), in_language(one["name"])]
        for one in told
    ]
    as_table(titles("process", "version#", "state", "name"), rows)
    out.print(say("process.deploy.done", new=sum(bool(one["is_new"]) for one in told)), style="dim")


def _refused(read: Any, json: bool) -> None:
    if json:
        findings = [found.to_json() for found in read.errors]
        as_json({"error": "diagram-refused", "message": say("process.deploy.refused"), "findings": findings})
        return
    for found in read.errors:
        out.print(str(found), style="red", markup=False)
    out.print(say("process.deploy.refused"))
