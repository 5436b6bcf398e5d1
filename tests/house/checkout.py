"""What the checkout holds: its files, its Python modules, its pages. Reads only."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("oms_workflow", "activities", "workers", "processes")
NOT_OURS = {"__pycache__", "var", "build", "dist", "node_modules"}


@lru_cache(maxsize=1)
def files() -> tuple[str, ...]:
    """Give every file of the project, relative to the checkout; in an unpacked archive, whatever lies there."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
        return tuple(sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file()))
    return tuple(sorted(_walk(ROOT)))


def package_files() -> set[str]:
    """Give every file that lies in a package, whether or not it is tracked: what an installed product must have."""
    return {name for package in PACKAGES for name in lying_in(package)}


def lying_in(folder: str) -> tuple[str, ...]:
    """Give every file in a folder of the checkout, whether or not it is tracked."""
    return tuple(_walk(ROOT / folder))


def modules() -> Iterator[tuple[str, str]]:
    """Give (path, text) of every Python file."""
    for name in files():
        if name.endswith(".py"):
            yield name, (ROOT / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """Give (path, syntax tree) of every Python file."""
    return tuple((name, ast.parse(text)) for name, text in modules())


def pages() -> Iterator[tuple[str, str]]:
    """Give (path, text) of every page."""
    for name in files():
        if name.endswith(".md"):
            yield name, (ROOT / name).read_text(encoding="utf-8")


def _walk(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and not any(part in NOT_OURS or part.startswith(".") for part in parts):
            yield "/".join(parts)
