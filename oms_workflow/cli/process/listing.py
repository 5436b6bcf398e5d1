"""`oms process list`: the version of each process that new instances start with, and how many run."""

from __future__ import annotations

from typing import Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, is_wide, out, titles
from oms_workflow.cli.wording import in_language, iso, moment

STATUSES = ("running", "completed", "failed", "terminated", "wedged")


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("list", help=say("process.list.help"))(list_)


def list_(json: AsJson = False) -> None:
    """List deployed processes."""

    async def asked(unit: Any) -> tuple[Any, dict[tuple[str, str], int]]:
        from oms_workflow.store.instances import Instances
        from oms_workflow.store.process_versions import ProcessVersions

        return await ProcessVersions(unit).all(), await Instances(unit).counts()

    versions, counts = ask_store(asked)
    latest = {one.process_id: one for one in versions}
    told = [entry(one, counts) for one in latest.values()]
    if json:
        as_json({"processes": told})
    elif told:
        wide = is_wide()
        rows = [
            [
                one.process_id,
                one.version,
                row["instances"]["running"] + row["instances"]["wedged"],
                sum(row["instances"].values()),
                *([moment(one.deployed_at), one.deployed_by] if wide else []),
                in_language(one.name),
            ]
            for one, row in zip(latest.values(), told, strict=True)
        ]
        more = ("deployed", "by") if wide else ()
        as_table(titles("process", "version#", "running#", "in_all#", *more, "name"), rows)
    else:
        out.print(say("process.list.nothing"))


def entry(one: Any, counts: dict[tuple[str, str], int]) -> dict[str, Any]:
    """Give one version as --json prints it, with how many instances of its process there are."""
    return {
        "process": one.process_id,
        "name": one.name,
        "version": one.version,
        "version_tag": one.version_tag,
        "sha256": one.sha256,
        "file": one.file,
        "deployed_at": iso(one.deployed_at),
        "deployed_by": one.deployed_by,
        "instances": {status: counts.get((one.process_id, status), 0) for status in STATUSES},
    }
