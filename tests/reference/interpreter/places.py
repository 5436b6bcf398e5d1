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
    resets: dict[str, set[str]] = field(default_factory=dict)  # complex gateway -> flows it fired with, till its reset
    log: list[Done] = field(default_factory=list)  # completed activities inside that can be undone
    turns: Turns | None = None
    index: int = 0  # of an item
    todo: list[Done] = field(default_factory=list)  # of a thrower: still to be undone
    asker: Place | None = None  # of a handler: who asked for it
    thrown: int = 0  # of an event that throws several things: how many are out
    why: str = ""  # of one that is stuck, when a retry asks for it
    came: dict[str, Came] = field(default_factory=dict)  # event -> what has happened of a parallel multiple one
    ad_hoc: AdHoc | None = None

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
    completed: bool = True  # False: only what is inside can be undone


@dataclass(eq=False, slots=True)
class Came:
    """Which definitions of a parallel multiple event have happened, and what they brought."""

    positions: set[int] = field(default_factory=set)
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class AdHoc:
    """How far an ad-hoc sub-process has come."""

    begun: bool = False
    enough: bool = False  # its completion condition has held
    interrupted: bool = False
    turns: list[Node] = field(default_factory=list)  # chosen, but not begun as another one is at work


@dataclass(eq=False, slots=True)
class Wait:
    """One event somebody waits for."""

    serial: int
    place: Place
    event: Node  # drawn node that acts
    kind: str  # timer, message, signal, conditional
    drawn: dict[str, str] = field(default_factory=dict)  # the definition among those of the event
    position: int = 0
    name: str = ""
    key: str = ""
    due: datetime | None = None
    interval: timedelta | None = None
    left: int = 0  # firings after the next one
    armed: bool = True
    rung: bool = False  # a timer that rang while its instance was suspended

    @property
    def once(self) -> bool:
        """Whether it is over with the first time."""
        return self.event is self.place.node or self.event.interrupting
