"""The few expressions generated diagrams use: numbers, names, lists, one operator. What FEEL says of these.

Written apart from `oms_workflow.feel`, so that both must agree. A missing variable is null (DMN 1.5, 10.3.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_BINARY = re.compile(r"([\w.]+) (=|!=|<=|>=|<|>|\+|-|\*) ([\w.]+)")
_ORDERED: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}

_WORDS = {"true": True, "false": False, "null": None}


class Unsure(Exception):
    """The diagram asks for something the reference has no word on; such a walk proves nothing and is left out."""


def evaluate(text: str, seen: Mapping[str, Any]) -> Any:
    """Give the value of `=...`, or the text itself."""
    if not text.startswith("="):
        return text
    text = text[1:].strip()
    if text.startswith("["):
        return [_operand(part.strip(), seen) for part in text[1:-1].split(",") if part.strip()]
    binary = _BINARY.fullmatch(text)
    if binary is None:
        return _operand(text, seen)
    left, right = _operand(binary[1], seen), _operand(binary[3], seen)
    if binary[2] in ("=", "!="):
        return (left == right) is (binary[2] == "=")
    if left is None or right is None:
        return None
    return _ORDERED[binary[2]](left, right)


def holds(text: str, seen: Mapping[str, Any]) -> bool:
    """Give the truth of a condition; one that is neither true nor false would stop the token."""
    value = evaluate(text, seen)
    if not isinstance(value, bool):
        raise Unsure(f"{text} is {value!r}")
    return value


def _operand(text: str, seen: Mapping[str, Any]) -> Any:
    if text.isdigit():
        return int(text)
    if text in _WORDS:
        return _WORDS[text]
    name, _, inner = text.partition(".")
    found = seen.get(name)
    return found.get(inner) if inner and isinstance(found, dict) else found
