"""Where in a JSON text a value stands, so that a mistake in a script can be found. Judges nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_BLANKS = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_ATOM = re.compile(r"[^,\]}\s]+")

Path = tuple[str | int, ...]


def lines_of(text: str) -> dict[Path, int]:
    """Give the line, from 1, at which each value begins, by its path of keys and indices.

    Args:
        text: JSON that `json.loads` accepts.
    """
    starts = dict(_walk(text))
    found: dict[Path, int] = {}
    line, position = 1, 0
    for path, start in starts.items():  # in the order of the text
        line += text.count("\n", position, start)
        position = start
        found[path] = line
    return found


def _walk(text: str) -> Iterator[tuple[Path, int]]:
    """Go through the text once; a stack instead of recursion, because a hostile file may be deep."""
    stack: list[tuple[Path, bool, int]] = []  # path of the container, whether it is an object, members so far
    position = _blank(text, 0)
    path: Path = ()
    while True:
        yield path, position
        position, opened = _value(text, position)
        if opened:
            stack.append((path, opened == "{", 0))
        position = _blank(text, position)
        while stack and text[position] in "]}":
            stack.pop()
            position = _blank(text, position + 1)
        if not stack:
            return
        if text[position] == ",":
            position = _blank(text, position + 1)
        container, is_object, members = stack.pop()
        stack.append((container, is_object, members + 1))
        if is_object:
            key = _STRING.match(text, position)
            assert key is not None
            path = (*container, json.loads(key.group()))
            position = _blank(text, _blank(text, key.end()) + 1)  # behind the colon
        else:
            path = (*container, members)


def _value(text: str, position: int) -> tuple[int, str]:
    """Give the place behind a value that holds nothing, or behind the bracket of one that may hold something."""
    if text[position] in "[{":
        return position + 1, text[position]
    match = (_STRING if text[position] == '"' else _ATOM).match(text, position)
    assert match is not None
    return match.end(), ""


def _blank(text: str, position: int) -> int:
    match = _BLANKS.match(text, position)
    assert match is not None
    return match.end()
