"""How far a long run is: a bar on a terminal, a line now and then where there is none."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from oms_workflow.cli.language import say
from oms_workflow.cli.running.to_the_end import Far, Tell
from oms_workflow.cli.screen import err

LINE_SECONDS = 10.0


@contextmanager
def progress() -> Iterator[Tell]:
    """Give what shows how far a run is, on standard error."""
    if err.is_terminal:
        with _bar() as tell:
            yield tell
    else:
        yield _lines()


@contextmanager
def _bar() -> Iterator[Tell]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(say("run.starting", begun=0), total=None)

        def tell(far: Far) -> None:
            bar.update(task, total=far.orders, completed=far.ended, description=_where(far))

        yield tell


def _lines() -> Tell:
    last = time.monotonic()

    def tell(far: Far) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_SECONDS:
            last = time.monotonic()
            err.print(say("run.far", ended=far.ended, orders=far.orders, where=_where(far)), markup=False)

    return tell


def _where(far: Far) -> str:
    if far.begun < far.orders:
        return say("run.starting", begun=far.begun)
    if far.at is None:
        return ""
    return say("run.orders_time", at=f"{far.at.astimezone():%Y-%m-%d %H:%M}")
