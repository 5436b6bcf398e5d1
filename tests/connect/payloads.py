"""Recorded bodies of real systems. They lie beside the checkout and are no part of the project."""

from __future__ import annotations

from tests.beside import BESIDE, needs

FOLDER = BESIDE / "payloads"

needs_payloads = needs(FOLDER)


def recorded(name: str) -> bytes:
    """Give the bytes of a recorded body."""
    return (FOLDER / name).read_bytes()
