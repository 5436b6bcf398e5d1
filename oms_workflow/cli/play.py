"""`oms play`: one walk through diagrams in memory."""

from __future__ import annotations

import json as jsons
from pathlib import Path
from typing import Annotated, Any

import typer

from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, NO, AsJson, as_json, as_table, leave, out
from oms_workflow.play import PlayResult, WalkRefused
from oms_workflow.play import play as play_walk


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("play", help=say("play.help"))(play)


def play(
    diagrams: Annotated[list[Path], typer.Argument(metavar="DIAGRAM...", help=say("play.diagrams"))],
    walk: Annotated[Path | None, typer.Option(help=say("play.walk"))] = None,
    json: AsJson = False,
) -> None:
    """Play a walk; the exit code is 1 when something was not as the walk expected."""
    told = _read(walk)
    try:
        result = play_walk(diagrams, told)
    except WalkRefused as refused:
        raise typer.BadParameter(str(refused)) from None
    if json:
        as_json(result.to_json())
    else:
        _print(result)
    leave(NO if any(result.checks) else DONE)


LARGEST_WALK = 4_000_000  # bytes; a walk is written by a person


def _read(walk: Path | None) -> dict[str, Any]:
    if walk is None:
        return {"start": {}}
    try:
        raw = walk.read_bytes() if walk.stat().st_size <= LARGEST_WALK else None
        if raw is None:
            raise typer.BadParameter(say("data.too_large", file=walk, most=LARGEST_WALK))
        told = jsons.loads(raw.decode("utf-8"))
    except OSError as error:
        raise typer.BadParameter(say("file.unreadable", file=walk, reason=error.strerror)) from None
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(say("file.not_json", file=walk, reason=error)) from None
    if not isinstance(told, dict):
        raise typer.BadParameter(say("play.not_a_walk", file=walk))
    return told


def _print(result: PlayResult) -> None:
    several = len({record["instance"] for record in result.records}) > 1
    rows = [
        [
            record["at"][5:19].replace("T", " "),
            *([record["instance"]] if several else []),
            record["element"],
            record["kind"].replace("_", " "),
            ", ".join(f"{key} {value}" for key, value in record.get("detail", {}).items() if value not in ("", [])),
        ]
        for record in result.records
        if record["kind"] != "flow_taken"
    ]
    as_table([say("at"), *(["#"] if several else []), say("element"), say("happened"), ""], rows)
    out.print()
    out.print(say("play.status", status=result.status))
    for name, found in ((say("play.open"), result.open), (say("play.waiting"), result.waiting)):
        if found:
            out.print(f"{name}: " + ", ".join(f"{one['element']} ({one['kind']})" for one in found), markup=False)
    for incident in result.incidents:
        out.print(f"{say('incident')}: {incident['element']}: {incident['message']}", style="red", markup=False)
    for number, lines in enumerate(result.checks, start=1):
        for line in lines:
            out.print(say("play.check", number=number, line=line), style="red", markup=False)
