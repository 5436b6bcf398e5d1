"""`oms doctor`: everything the product needs, looked at once: how it is, why, and what to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import typer
from rich.text import Text

from oms_workflow.cli.doctor.finding import Finding, fine
from oms_workflow.cli.failing import told
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, NO, AsJson, as_json, as_table, leave, out
from oms_workflow.settings import Settings

COLOURS = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", help=say("doctor.help"))(doctor)


def doctor(json: AsJson = False) -> None:
    """Look at everything; the exit code is 1 when something is missing or misconfigured."""
    found = asyncio.run(_all())
    if json:
        as_json({"findings": [one.to_json() for one in found], "sound": not _failed(found)})
    else:
        _print(found)
    leave(NO if _failed(found) else DONE)


def _failed(found: list[Finding]) -> bool:
    return any(one.state == "fail" for one in found)


async def _all() -> list[Finding]:
    from oms_workflow.cli.doctor import cluster, diagrams, laptop, shop

    found = list(laptop.python())
    settings, wrong = _settings()
    found.append(wrong)
    if settings is None:
        return found
    rooms: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        laptop.home,
        laptop.keys,
        diagrams.packages,
        diagrams.processes,
        laptop.temporal_program,
    )
    for room in rooms:
        found += await asyncio.to_thread(lambda room=room: list(room(settings)))  # type: ignore[misc]
    outside: tuple[Callable[[Settings], AsyncIterator[Finding]], ...] = (shop.database, cluster.temporal)
    for ask in outside:
        found += [one async for one in ask(settings)]
    return found


def _settings() -> tuple[Settings | None, Finding]:
    from oms_workflow.settings import settings

    try:
        chosen = settings()
    except Exception as error:  # told by its family, as any other command tells it
        failure = told(error)
        fix = say("doctor.settings.fix")
        return None, Finding(check="settings", state="fail", says=failure.message, fix=fix)
    given = sorted(chosen.model_fields_set)
    return chosen, fine("settings", "settings" if given else "settings.none", names=", ".join(given))


def _print(found: list[Finding]) -> None:
    rows = []
    for one in found:
        says = Text(one.says)
        if one.fix:
            says.append(f"\n-> {one.fix}", style=COLOURS[one.state])
        rows.append([Text(say(f"doctor.state.{one.state}"), style=COLOURS[one.state]), one.check, says])
    as_table(("", "", ""), rows)
    counts = {state: sum(1 for one in found if one.state == state) for state in COLOURS}
    out.print()
    out.print(say("doctor.sum", **counts), style="bold")
