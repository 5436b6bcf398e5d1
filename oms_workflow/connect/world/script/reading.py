"""Scripts from JSON files, with every mistake named and placed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from oms_workflow.connect.world.script.model import Script
from oms_workflow.connect.world.script.positions import lines_of
from oms_workflow.errors import Diagnostic, DiagramRefused

CODE = "world-script"
"""The code of every finding in a script."""

_LARGEST = 5_000_000  # characters; a script is written by hand


def read_script(path: Path) -> Script:
    """Read a script from its file.

    Raises:
        DiagramRefused: With one finding for each mistake: file, line, path of the value, what is expected.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8"
        raise DiagramRefused([_finding(str(path), None, "", f"The script cannot be read: {reason}.")]) from None
    return parse_script(text, file=str(path))


def parse_script(text: str, *, file: str = "script.json") -> Script:
    """Read a script from its text; `file` is its name in findings.

    Raises:
        DiagramRefused: As `read_script` does.
    """
    if len(text) > _LARGEST:
        raise DiagramRefused([_finding(file, None, "", f"The script has more than {_LARGEST} characters.")])
    try:
        content = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as problem:
        raise DiagramRefused([_finding(file, problem.lineno, "", f"This is not JSON: {problem.msg}.")]) from None
    except (ValueError, RecursionError) as problem:
        raise DiagramRefused([_finding(file, None, "", f"This is not JSON to work with: {problem}.")]) from None
    try:
        return Script.model_validate(content)
    except ValidationError as problem:
        raise DiagramRefused(_findings(file, text, problem)) from None


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} stands twice in one object")
        found[key] = value
    return found


def _findings(file: str, text: str, problem: ValidationError) -> list[Diagnostic]:
    lines = lines_of(text)
    found = []
    for error in problem.errors(include_input=False, include_url=False):
        path = tuple(error["loc"])
        while path and path not in lines:
            path = path[:-1]  # a missing field, or a step of the model that the text does not have
        found.append(_finding(file, lines[path], _shown(error["loc"]), _said(error)))
    return found


def _said(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "There is no field of this name here."
    said = str(error["msg"]).removeprefix("Value error, ")
    return f"{said[:1].upper()}{said[1:]}."


def _shown(path: Iterable[str | int]) -> str:
    shown = ""
    for step in path:
        shown += f"[{step}]" if isinstance(step, int) else f".{step}"
    return shown.removeprefix(".")


def _finding(file: str, line: int | None, element: str, message: str) -> Diagnostic:
    fix = "See docs/world.md for what a script may say."
    return Diagnostic(code=CODE, message=message, file=file, line=line, element=element, fix=fix)
