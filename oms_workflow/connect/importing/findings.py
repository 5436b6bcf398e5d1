"""What is wrong with a mapping or with a file as a whole: gathered, so that all of it is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from oms_workflow.errors import Diagnostic, DiagramRefused, Severity

KeyPath = tuple[str | int, ...]


def shown_path(path: Iterable[str | int]) -> str:
    """Write a path of keys as people do: `skip[1].when`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give the fix for a misspelt word: the nearest known one, or all of them."""
    words = list(known)
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]!r}?"
    listed = ", ".join(words[:30]) + (", ..." if len(words) > 30 else "")
    return f"Use one of: {listed}." if words else ""


class Findings:
    """Findings about one mapping file."""

    def __init__(self, file: str, key_lines: Mapping[KeyPath, int]) -> None:
        self.file = file
        self.found: list[Diagnostic] = []
        self._lines = key_lines

    def add(self, path: KeyPath, code: str, message: str, fix: str = "") -> None:
        """Note what is wrong with a key."""
        at = path
        while at and at not in self._lines:
            at = at[:-1]
        line = self._lines.get(at)
        self.found.append(
            Diagnostic(code=code, message=message, file=self.file, line=line, element=shown_path(path), fix=fix)
        )

    def refuse_if_any(self) -> None:
        """Stop here when something was found.

        Raises:
            DiagramRefused: With everything found, from top to bottom.
        """
        if self.found:
            raise DiagramRefused(sorted(self.found, key=lambda one: one.line or 0))


def about_file(code: str, message: str, file: str, line: int | None = None, **more: Any) -> Diagnostic:
    """Make a finding about an input file as a whole."""
    return Diagnostic(code=code, message=message, file=file, line=line, **({"severity": Severity.ERROR} | more))
