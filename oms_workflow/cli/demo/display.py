"""What the demo shows while it runs: every order and the node it is at, on a terminal; endings as lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from oms_workflow.cli.language import language, say
from oms_workflow.cli.running.to_the_end import Far
from oms_workflow.cli.screen import err, titles

REFRESHES = 4  # a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One order as the demo shows it."""

    order: str
    story: str  # English and 中文
    status: str
    has_ended: bool
    nodes: tuple[str, ...]  # where it is
    late: int
    incidents: int


class Screen(Protocol):
    """Where the demo shows how far it is."""

    def far(self, far: Far) -> None:
        """Take how far all orders are."""
        ...

    def show(self, lines: Sequence[Line]) -> None:
        """Take where each order is."""
        ...


@contextmanager
def display(*, shown: bool) -> Iterator[Screen]:
    """Give a screen on standard error: a live table where there is a terminal, lines where there is none."""
    if not shown or not err.is_terminal:
        yield _Lines(shown=shown)
        return
    with Live(console=err, refresh_per_second=REFRESHES, transient=True) as live:
        yield _Table(live)


class _Table:
    def __init__(self, live: Live) -> None:
        self._live = live
        self._far: Far | None = None
        self._lines: Sequence[Line] = ()

    def far(self, far: Far) -> None:
        self._far = far
        self._draw()

    def show(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._draw()

    def _draw(self) -> None:
        table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
        order, story, where = titles("order", "story", "now")
        table.add_column(order, no_wrap=True)
        table.add_column(story, no_wrap=True, ratio=1)
        table.add_column(where, no_wrap=True, ratio=1)
        for line in self._lines:
            table.add_row(line.order, in_language(line.story), _where(line))
        self._live.update(Group(*self._head(), table))

    def _head(self) -> list[RenderableType]:
        far = self._far
        if far is None or far.at is None:
            return [Text(say("run.starting", begun=0 if far is None else far.begun), style="bold"), Text()]
        at = f"{far.at.astimezone():%Y-%m-%d %H:%M}"
        return [Text(say("demo.far", ended=far.ended, orders=far.orders, at=at), style="bold"), Text()]


class _Lines:
    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._told: set[str] = set()

    def far(self, far: Far) -> None:
        """Endings say it."""

    def show(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if self._shown and line.has_ended and line.order not in self._told:
                self._told.add(line.order)
                text = say("demo.ended", order=line.order, status=line.status, story=in_language(line.story))
                err.print(text, markup=False, soft_wrap=True)


def in_language(story: str) -> str:
    """Give the half of a story's line that is in the language of this run: English goes first, 中文 follows."""
    start = next((place for place, sign in enumerate(story) if "\u4e00" <= sign <= "\u9fff"), len(story))
    while 0 < start < len(story) and story[start - 1] not in " .":
        start -= 1  # a latin word such as VIP may begin the Chinese half
    english, chinese = story[:start].strip(), story[start:].strip()
    return (chinese or english) if language() == "zh" else (english or chinese)


def _where(line: Line) -> Text:
    if line.has_ended:
        return Text(line.status, style="green")
    nodes = ", ".join(line.nodes) or line.status
    style = "red" if line.incidents else "yellow" if line.late else ""
    return Text(nodes, style=style)
