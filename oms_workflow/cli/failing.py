"""What a command says when it could not do what was asked: one text and one exit code for each family of errors."""

from __future__ import annotations

import os
import sys
import tomllib
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from oms_workflow.cli.language import say
from oms_workflow.cli.screen import NO, UNREACHABLE, WRONG_USE
from oms_workflow.errors import DiagramRefused, OrderRefused, WorldUnavailable

DEFECT = 70  # EX_SOFTWARE of sysexits.h


class Unusable(Exception):
    """The input cannot be used; the message says what is wrong with it and what would be right."""

    def __init__(self, message: str, *, code: str = "unusable", **more: Any) -> None:
        super().__init__(message)
        self.code = code
        self.more = more


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What is told about an error."""

    code: str
    message: str
    exit_code: int
    more: Mapping[str, Any] = field(default_factory=dict)  # further fields with --json


def told(error: Exception) -> Failure:
    """Say what is told about an error. What has no family is a defect of ours and is written to a file."""
    return _of_family(error) or _of_settings(error) or _defect(error)


def _of_family(error: Exception) -> Failure | None:
    """The families of errors of this house."""
    match error:
        case Unusable():
            return Failure(code=error.code, message=str(error), exit_code=WRONG_USE, more=error.more)
        case DiagramRefused():
            findings = [finding.to_json() for finding in error.diagnostics]
            return Failure(code="diagram-refused", message=str(error), exit_code=NO, more={"findings": findings})
        case OrderRefused():
            return Failure(code=error.code or "order-refused", message=str(error), exit_code=NO)
        case WorldUnavailable():
            return Failure(code="unavailable", message=str(error), exit_code=UNREACHABLE)
        case OSError() if error.filename:
            reason = error.strerror or type(error).__name__
            text = say("file.unusable", file=error.filename, reason=reason)
            return Failure(code="file", message=text, exit_code=WRONG_USE)
    return None


def _of_settings(error: Exception) -> Failure | None:
    """Settings that cannot be read; known by name, because their library is not imported for every command."""
    if isinstance(error, tomllib.TOMLDecodeError):
        text = say("settings.not_toml", what=error)
    elif type(error).__name__ == "SettingsError" or getattr(error, "title", "") == "Settings":
        text = settings_problem(error)
    else:
        return None
    return Failure(code="settings", message=text, exit_code=WRONG_USE)


def _defect(error: Exception) -> Failure:
    kind = f"{type(error).__module__.partition('.')[0]}.{type(error).__name__}"
    return Failure(code="defect", message=say("defect", kind=kind, file=_kept(error)), exit_code=DEFECT)


def settings_problem(wrong: Any) -> str:
    """Name every setting that cannot be used, and why; never its value, which may be a secret."""
    if not hasattr(wrong, "errors"):
        return str(wrong)
    lines = []
    for one in wrong.errors(include_input=False, include_url=False):
        name = "_".join(map(str, one["loc"]))
        known = one["type"] == "extra_forbidden"
        lines.append(say("settings.unknown" if known else "settings.problem", name=_named(name), what=one["msg"]))
    return "\n".join(lines)


def _named(field_name: str) -> str:
    variable = f"OMS_{field_name.upper()}"
    return variable if variable in os.environ else say("settings.in_file", name=field_name, variable=variable)


def _kept(error: Exception) -> Path:
    """Write the traceback to a file that only this user can read: it may hold what the database was told."""
    path = Path(gettempdir()) / f"oms-defect-{os.getpid()}.txt"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{' '.join(sys.argv[:2])}\n")
        traceback.print_exception(error, file=file)
    return path
