"""What people tell running instances to do, as updates carry it into histories: fields are only ever added."""

from __future__ import annotations

from dataclasses import dataclass, field


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


@dataclass(frozen=True, kw_only=True)
class Migrate(Instruction):
    """The instance is to go on in another version. The packed bundle travels beside it as an argument of its own."""

    sha256: str  # of that bundle
    version: int
    from_version: int
    source: str  # fingerprint of the definition it must be running now
    elements: dict[str, str | None] = field(default_factory=dict)
