"""Where names find their values: while compiling (`Scope`) and while evaluating (`Run`, `Frame`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.values import Value


class Run:
    """One evaluation: the variables from outside and what may be used. It is the outermost frame."""

    __slots__ = ("budget", "context", "run")

    def __init__(self, context: Mapping[str, Value], budget: Budget) -> None:
        self.context = context
        self.budget = budget
        self.run = self


class Frame:
    """The values that one construct brings into scope: parameters, iteration variables, entries, or a filtered item."""

    __slots__ = ("parent", "run", "values")

    def __init__(self, values: list[Value], parent: Frame | Run) -> None:
        self.values = values
        self.parent = parent
        self.run: Run = parent.run


AnyFrame: TypeAlias = Frame | Run
Code: TypeAlias = Callable[[AnyFrame], Value]
"""What an expression is compiled to."""


@dataclass(frozen=True, slots=True)
class Body:
    """Code that may run many times, with what one run of it costs."""

    code: Code
    weight: int  # nodes
    depth: int  # Python frames


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name may be found: `items` are depths of filtered items to ask first, then `local` or the variables.

    `local` is (depth, index), None for variables from outside.
    """

    items: tuple[int, ...]
    local: tuple[int, int] | None


class Scope:
    """The names a construct brings into scope, in the order of its frame's values; None: a filtered item."""

    __slots__ = ("names", "parent")

    def __init__(self, names: list[str] | None, parent: Scope | None) -> None:
        self.names = names
        self.parent = parent

    def find(self, name: str) -> Place:
        """Say where a name is to be looked for."""
        items: list[int] = []
        depth = 0
        scope: Scope | None = self
        while scope is not None and scope.parent is not None:  # the outermost scope stands for the run itself
            if scope.names is None:
                items.append(depth)
                if name == "item":
                    break
            elif name in scope.names:
                last = len(scope.names) - 1 - scope.names[::-1].index(name)
                return Place(tuple(items), (depth, last))
            scope, depth = scope.parent, depth + 1
        return Place(tuple(items), None)


def frame_at(frame: AnyFrame, depth: int) -> list[Value]:
    """Give the values of the frame so many constructs further out."""
    for _ in range(depth):
        assert isinstance(frame, Frame)
        frame = frame.parent
    assert isinstance(frame, Frame)
    return frame.values
