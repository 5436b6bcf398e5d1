"""Recorded bodies of real systems. They lie beside the checkout and are no part of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "payloads"

needs_payloads = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"recorded bodies of real systems are not beside the checkout ({FOLDER})"
)


def recorded(name: str) -> bytes:
    """Give the bytes of a recorded body."""
    return (FOLDER / name).read_bytes()
