"""What the doctor says of one thing: how it is, why, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from oms_workflow.cli.language import say

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the doctor."""

    check: str  # stable, kebab-case
    state: State
    says: str
    fix: str = ""  # '' where nothing has to be done

    def to_json(self) -> dict[str, Any]:
        """Give the line as --json prints it."""
        return {"check": self.check, "state": self.state, "says": self.says, "fix": self.fix}


def fine(check: str, key: str, **values: object) -> Finding:
    """Say that something is as it should be."""
    return Finding(check=check, state="ok", says=say(f"doctor.{key}", **values))


def off(check: str, state: State, key: str, **values: object) -> Finding:
    """Say what is wrong, and the fix: the text of the same key with `.fix` at its end."""
    return Finding(
        check=check, state=state, says=say(f"doctor.{key}", **values), fix=say(f"doctor.{key}.fix", **values)
    )
