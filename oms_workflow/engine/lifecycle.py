"""The states of a token at a node and the moves between them. A table to look up; nothing branches on it twice.

A token is born ACTIVATING when it enters a node, works or waits while ACTIVE, gathers results while COMPLETING, and is
gone when COMPLETED or TERMINATED. INCIDENT is a stop for a person, and remembers nothing: what was being done when it
was reached stands in the incident (`phase`).
"""

from __future__ import annotations

from enum import StrEnum


class TokenState(StrEnum):
    """Where a token is in the life of its node."""

    ACTIVATING = "activating"
    ACTIVE = "active"
    COMPLETING = "completing"
    COMPLETED = "completed"
    TERMINATING = "terminating"
    TERMINATED = "terminated"
    INCIDENT = "incident"


MOVES: dict[TokenState, frozenset[TokenState]] = {
    TokenState.ACTIVATING: frozenset(
        {TokenState.ACTIVE, TokenState.COMPLETING, TokenState.INCIDENT, TokenState.TERMINATING}
    ),
    TokenState.ACTIVE: frozenset({TokenState.COMPLETING, TokenState.INCIDENT, TokenState.TERMINATING}),
    TokenState.COMPLETING: frozenset({TokenState.COMPLETED, TokenState.INCIDENT, TokenState.TERMINATING}),
    TokenState.INCIDENT: frozenset(
        {TokenState.ACTIVATING, TokenState.ACTIVE, TokenState.COMPLETING, TokenState.TERMINATING}
    ),
    TokenState.TERMINATING: frozenset({TokenState.TERMINATED}),
    TokenState.COMPLETED: frozenset(),
    TokenState.TERMINATED: frozenset(),
}
"""Allowed moves: state -> states that may follow. Final states have none."""


class IllegalMove(Exception):
    """The engine tried a move the table does not have: a defect of the engine, never of a diagram."""


def illegal(now: TokenState, then: TokenState) -> IllegalMove:
    """Say which move was tried that the table does not have."""
    return IllegalMove(f"a token that is {now} cannot become {then}")
