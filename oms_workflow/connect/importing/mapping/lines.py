"""Where in a TOML text a key stands, so that a mistake in a mapping can be found. Judges nothing."""

from __future__ import annotations

import re
import tomllib

_PART = re.compile(r"""\s*(?:([A-Za-z0-9_-]+)|"((?:[^"\\]|\\.)*)"|'([^']*)')\s*""")

Path = tuple[str | int, ...]


def lines_of(text: str) -> dict[Path, int]:
    """Give the line, from 1, at which each key stands, by its path; tables of an array count from 0.

    Keys inside an inline table that spans several lines share the line of its beginning.

    Args:
        text: TOML that `tomllib.loads` accepts.
    """
    found: dict[Path, int] = {(): 1}
    table: Path = ()
    counts: dict[Path, int] = {}
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        stripped = lines[at].strip()
        if stripped.startswith("["):
            table = _table(stripped, counts)
            _note(found, table, at + 1)
            at += 1
            continue
        key, rest = _key(stripped)
        if key:
            _note(found, (*table, *key), at + 1)
            at += _span(rest, lines[at + 1 :])
        else:
            at += 1
    return found


def _note(found: dict[Path, int], path: Path, line: int) -> None:
    for length in range(1, len(path) + 1):
        found.setdefault(path[:length], line)


def _table(line: str, counts: dict[Path, int]) -> Path:
    is_array = line.startswith("[[")
    names = _names(line.lstrip("["))[0]
    path: Path = ()
    for name in names:
        path = (*path, name)
        if path in counts and path != tuple(names):
            path = (*path, counts[path])
    if is_array:
        counts[path] = counts.get(path, -1) + 1
        path = (*path, counts[path])
    return path


def _key(line: str) -> tuple[tuple[str, ...], str]:
    names, rest = _names(line)
    return (tuple(names), rest[1:]) if names and rest.startswith("=") else ((), "")


def _names(text: str) -> tuple[list[str], str]:
    names: list[str] = []
    while (part := _PART.match(text)) is not None:
        bare, quoted, literal = part.groups()
        names.append(bare if bare is not None else _unquoted(quoted) if quoted is not None else literal)
        text = text[part.end() :]
        if not text.startswith("."):
            break
        text = text[1:]
    return names, text


def _unquoted(text: str) -> str:
    value: str = tomllib.loads(f'x = "{text}"')["x"]
    return value


def _span(value: str, following: list[str]) -> int:
    """Count the lines a value takes."""
    for count in range(len(following) + 1):
        try:
            tomllib.loads("x = " + "\n".join([value, *following[:count]]))
        except tomllib.TOMLDecodeError:
            continue
        return count + 1
    return 1
