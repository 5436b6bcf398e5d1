"""What one evaluation may still use, and what it has to say about its nulls. Shared by all parts of one evaluation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from oms_workflow.feel.edition import NEWEST
from oms_workflow.feel.errors import FeelLimitExceeded
from oms_workflow.feel.limits import CHARACTERS_A_STEP, MAX_CHARACTERS, MAX_FRAMES, MAX_ITEMS, MAX_NOTES, MAX_STEPS


class Budget:
    """Counts steps and depth, and gathers notes."""

    __slots__ = ("at", "edition", "frames", "notes", "steps")

    def __init__(self, at: datetime | None = None, notes: list[str] | None = None, edition: int = NEWEST) -> None:
        self.at = at  # the clock for now() and today(); None: they give null
        self.notes = notes  # None: nobody wants to know
        self.edition = edition  # whose answers are given; see `edition.py`
        self.steps = MAX_STEPS
        self.frames = MAX_FRAMES

    def spend(self, steps: int) -> None:
        """Count work done or about to be done.

        Raises:
            FeelLimitExceeded: When the evaluation has used up its steps.
        """
        self.steps -= steps
        if self.steps < 0:
            raise FeelLimitExceeded("The expression takes too many steps. Loop over fewer items, or split the work.")

    def enter(self, frames: int) -> None:
        """Go into the body of a function; `leave` must follow.

        Raises:
            FeelLimitExceeded: When functions call each other too deeply.
        """
        self.frames -= frames
        if self.frames < 0:
            self.frames += frames
            raise FeelLimitExceeded("Functions call each other too deeply. Use a loop instead of recursion.")

    def leave(self, frames: int) -> None:
        """Come back from the body of a function."""
        self.frames += frames

    def text(self, value: str) -> str:
        """Pass on a text that was just made, within its limit."""
        self.characters(len(value))
        return value

    def characters(self, count: int) -> None:
        """Say that a text of this length is being made."""
        if count > MAX_CHARACTERS:
            raise FeelLimitExceeded(f"A text grows beyond {MAX_CHARACTERS:,} characters.")
        self.spend(count // CHARACTERS_A_STEP)

    def items(self, value: list[object]) -> list[object]:
        """Pass on a list that was just made, within its limit."""
        self.room(len(value))
        return value

    def room(self, count: int) -> None:
        """Say that a list or context of this many items is being made."""
        if count > MAX_ITEMS:
            raise FeelLimitExceeded(f"A list grows beyond {MAX_ITEMS:,} items.")
        self.spend(count)

    def null(self, reason: str, *details: object) -> Any:
        """Give null and keep the reason; typed so that it can be returned as anything."""
        self.note(reason, *details)
        return None

    def note(self, reason: str, *details: object) -> None:
        """Keep a reason, with `{}` filled from `details`; never put values of the data into it."""
        if self.notes is not None and len(self.notes) < MAX_NOTES:
            note = reason.format(*details) if details else reason
            if note not in self.notes:
                self.notes.append(note)
