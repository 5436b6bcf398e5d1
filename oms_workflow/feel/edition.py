"""Which edition of FEEL, and of the engine above it, an evaluation follows.

An order in flight evaluates its expressions again whenever its history is replayed. A correction that gave another
answer than the one the order went on with would stop it for good. So every instance is told the newest edition when it
starts and keeps it to its end, called processes included, and a correction asks for it:

    if budget.edition < 4:
        return what_was_given_before(...)

A correction raises `NEWEST` once for each release. Answers of earlier editions stay: `tests/feel/test_editions.py`.
Grammar has no editions: a text that was FEEL must go on meaning the same, and only what was refused may become FEEL.
"""

from __future__ import annotations

NEWEST = 3
"""Also the number of the engine's behaviour (`temporal.workflow.ENGINE_VERSION`); 1 and 2 knew no other answers."""

CYCLE = 3  # the function `cycle`
