"""Chance that comes out the same in every run: drawn from a seed and the name of what is asked, never from a state."""

from __future__ import annotations

import hashlib
from datetime import timedelta

_SEPARATOR = "\x1f"


def draw(seed: int, *what: str) -> float:
    """Give a number from 0 (included) to 1 (excluded) that depends on the seed and the words alone.

    >>> draw(7, "a", "b") == draw(7, "a", "b"), draw(7, "a", "b") == draw(7, "ab")
    (True, False)
    """
    return int.from_bytes(_digest(seed, what)[:7]) / 2**56


def between(low: timedelta, high: timedelta, seed: int, *what: str) -> timedelta:
    """Give a span of whole seconds from `low` to `high`."""
    seconds = int(low.total_seconds() + draw(seed, *what) * (high - low).total_seconds())
    return timedelta(seconds=seconds)


def name(prefix: str, seed: int, *what: str) -> str:
    """Give an id nobody else has: the prefix and 20 hex digits."""
    return f"{prefix}{_digest(seed, what).hex()[:20]}"


def digits(count: int, seed: int, *what: str) -> str:
    """Give that many decimal digits, as a tracking number is made of."""
    return str(int.from_bytes(_digest(seed, what)) % 10**count).zfill(count)


def _digest(seed: int, what: tuple[str, ...]) -> bytes:
    return hashlib.sha256(_SEPARATOR.join((str(seed), *what)).encode()).digest()
