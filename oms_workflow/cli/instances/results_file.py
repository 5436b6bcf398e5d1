"""What a batch came to, one line of JSON for each instance: written at once, so that the batch can be taken up again.

The first line says what the batch is. A line that was torn when the machine went down is cut off and done again.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import IO, Any

from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say


class Results:
    """The lines so far: those that stood in the file, and those that are added."""

    def __init__(self, path: Path | None, about: dict[str, Any]) -> None:
        """Take up a file, or begin it; without a path nothing is written.

        Raises:
            Unusable: When the file cannot be used, or holds what another batch came to.
        """
        self.counts: Counter[tuple[str, str]] = Counter()  # (process, outcome)
        self._known: set[str] = set()
        self._file: IO[bytes] | None = None
        if path is None:
            return
        try:
            self._file = path.open("a+b")
            self._take_up(path, about)
        except OSError as error:
            raise Unusable(say("file.unreadable", file=path, reason=error.strerror), code="bad-results") from None

    def knows(self, instance: str) -> bool:
        """Say whether an instance has been answered for."""
        return instance in self._known

    def add(self, told: dict[str, Any]) -> None:
        """Take in what one instance came to."""
        self._count(told)
        self._write(told)

    def close(self) -> None:
        """Write nothing more."""
        if self._file is not None:
            self._file.close()

    def _take_up(self, path: Path, about: dict[str, Any]) -> None:
        assert self._file is not None
        self._file.seek(0)
        whole = 0
        for number, line in enumerate(self._file):
            if not line.endswith(b"\n"):
                break
            told = _read(line)
            if told is None or (number == 0 and told != about) or (number > 0 and "outcome" not in told):
                raise Unusable(say("instances.migrate.other_results", file=path), code="bad-results")
            if number > 0:
                self._count(told)
            whole += len(line)
        self._file.truncate(whole)
        if not whole:
            self._write(about)

    def _count(self, told: dict[str, Any]) -> None:
        self._known.add(told["instance"])
        self.counts[told["process"], told["outcome"]] += 1

    def _write(self, told: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
            self._file.flush()


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        told: Any = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
