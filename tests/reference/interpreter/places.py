"""What the reference interpreter remembers: presences at nodes, what they wait for, what can be undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.reference.drawn import Node, Scope


@dataclass(eq=False, slots=True)
class Place:
    """A presence at a node. The process, a running sub-process and the body of a loop are places with others inside."""

    serial: int
    node: Node
    around: Place | None
    level: Scope  # where `node` is drawn
    role: str = "plain"  # body and item: of a loop; undo: a sub-process whose completed work is being undone
    local: dict[str, Any] = field(default_factory=dict)
    state: str = "going"  # open: waits for its work; stuck: waits for a person; undoing: waits for handlers
    alive: bool = True
    inside: list[Place] = field(default_factory=list)
    marks: Counter[str] = field(default_factory=Counter)  # flow id -> tokens on it that wait at a join
    log: list[Done] = field(default_factory=list)  # completed activities inside that can be undone
    turns: Turns | None = None
    index: int = 0  # of an item
    todo: list[Done] = field(default_factory=list)  # of a thrower: still to be undone
    asker: Place | None = None  # of a handler: who asked for it

    def seen(self) -> dict[str, Any]:
        """Give the variables visible here; inner ones hide outer ones."""
        outer = self.around.seen() if self.around is not None else {}
        return outer | self.local

    def above(self) -> Iterator[Place]:
        """Give this place and those around it."""
        here: Place | None = self
        while here is not None:
            yield here
            here = here.around


@dataclass(eq=False, slots=True)
class Turns:
    """How far a loop has come."""

    items: list[Any] | None
    count: int  # -1: not known beforehand
    started: int = 0
    done: int = 0
    gathered: dict[int, Any] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Done:
    """A completed activity that can be undone: by its handler, or by undoing what completed inside it."""

    node: Node
    level: Scope
    local: dict[str, Any]
    inner: list[Done] | None


@dataclass(eq=False, slots=True)
class Wait:
    """One event somebody waits for."""

    serial: int
    place: Place
    event: Node  # drawn node that acts
    kind: str  # timer, message, signal, conditional
    name: str = ""
    key: str = ""
    due: datetime | None = None
    interval: timedelta | None = None
    left: int = 0  # firings after the next one
    armed: bool = True

    @property
    def once(self) -> bool:
        """Whether it is over with the first time."""
        return self.event is self.place.node or self.event.interrupting
