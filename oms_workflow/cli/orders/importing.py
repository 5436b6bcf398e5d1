"""`oms orders import`: orders out of files. Every row is accounted for; nothing happens twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oms_workflow.cli.asking import ask_database, now, who
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, NO, AsJson, as_json, err, leave
from oms_workflow.domain.ports.imports import ErrorPolicy

if TYPE_CHECKING:
    from oms_workflow.connect.importing import OnProgress

POLICIES = tuple(policy.value for policy in ErrorPolicy)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", help=say("orders.import.help"))(import_)


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=say("orders.import.files"))],
    mapping: Annotated[Path | None, typer.Option(help=say("orders.import.mapping"))] = None,
    policy: Annotated[str, typer.Option(help=say("orders.import.policy", policies=", ".join(POLICIES)))] = POLICIES[1],
    quarantine: Annotated[Path | None, typer.Option(help=say("orders.import.quarantine"))] = None,
    opening_stock: Annotated[bool, typer.Option("--opening-stock", help=say("orders.import.opening_stock"))] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("orders.import.dry_run"))] = False,
    json: AsJson = False,
) -> None:
    """Import files; the exit code is 0 all in, 1 something was kept aside, 2 unusable, 3 database unreachable."""
    from oms_workflow.cli.orders import import_report, taking

    chosen = _policy(policy)
    _check_place(quarantine)
    at = now()
    reading = taking.open_orders(files, mapping, at=at)
    taking.require_stock(reading, wanted=opening_stock)
    with reading_progress(shown=not json) as reading.on_progress:
        if dry_run:
            done = taking.try_orders(reading, policy=chosen)
        else:
            done = ask_database(
                lambda database: taking.take_orders(
                    database, reading, at=at, by=who(""), policy=chosen, quarantine=quarantine, with_stock=opening_stock
                )
            )
    if json:
        as_json(import_report.to_json(reading, done, dry_run=dry_run))
    else:
        import_report.show(reading, done, mapping, dry_run=dry_run)
    leave(DONE if done.report.is_clean else NO)


def _policy(text: str) -> ErrorPolicy:
    word = text.strip().casefold().replace("-", "_")
    if word not in POLICIES:
        message = say("orders.import.no_policy", policy=repr(text), policies=", ".join(POLICIES))
        raise Unusable(message, code="unknown-policy")
    return ErrorPolicy(word)


def _check_place(quarantine: Path | None) -> None:
    """Find out before anything is stored whether the file for bad rows can be written."""
    if quarantine is None:
        return
    folder = quarantine.parent
    if quarantine.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise Unusable(say("orders.import.no_place", file=quarantine), code="quarantine-place")


@contextmanager
def reading_progress(*, shown: bool) -> Iterator[OnProgress]:
    """Give what shows how far the import is: a bar on a terminal, nothing anywhere else."""
    from oms_workflow.connect.importing.progress import Progress, say_nothing

    if not shown or not err.is_terminal:
        yield say_nothing
        return
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    with Bar(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err, transient=True) as bar:
        task = bar.add_task(say("orders.import.opening"), total=None)

        def tell(far: Progress) -> None:
            said = say("orders.import.progress", rows=far.rows, orders=far.orders, aside=far.quarantined)
            bar.update(task, description=said)

        yield tell
