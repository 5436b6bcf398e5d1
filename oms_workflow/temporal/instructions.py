"""What people tell running instances to do, as updates carry it into histories: fields are only ever added."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """Who says it, why, and, only looked at where time is being skipped, when (ISO 8601)."""

    by: str = ""
    reason: str = ""
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class Suspend(Instruction):
    """Nothing is to move any more."""


@dataclass(frozen=True, kw_only=True)
class Resume(Instruction):
    """What came meanwhile is to be acted on, and everything is to move again."""


@dataclass(frozen=True, kw_only=True)
class Skip(Instruction):
    """A token is to go on without the work of its node."""

    token: int


@dataclass(frozen=True, kw_only=True)
class Repeat(Instruction):
    """A node is to begin once more: instead of a token that waits there, or in addition, in a scope."""

    element: str
    token: int = 0
    scope: int = 0


@dataclass(frozen=True, kw_only=True)
class CancelBranch(Instruction):
    """A token is to go, with everything inside it."""

    token: int
