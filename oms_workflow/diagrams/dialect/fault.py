"""What a reader of the dialect raises when a text of the diagram cannot be meant."""

from __future__ import annotations


class DialectFault(ValueError):
    """A value of the dialect is wrong; `message` says what is expected and what was found, `fix` what to write."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
