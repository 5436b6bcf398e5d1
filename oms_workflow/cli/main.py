"""`oms`: the command line. Puts the groups together; an error a person can act on becomes a text and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import typer
from pydantic import ValidationError

from oms_workflow.cli import lint, palette, play
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, NO, UNREACHABLE, WRONG_USE, as_json, err
from oms_workflow.errors import DiagramRefused, OrderRefused, WorldUnavailable

INTERRUPTED = 130  # what shells expect after Ctrl-C

app = typer.Typer(
    name="oms",
    help=say("oms.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (lint, play, palette):
    group.register(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(run(given))


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code: 0 done, 1 the answer is no, 2 unusable input, 3 unreachable."""
    try:
        typer.main.get_command(app).main(list(arguments), prog_name="oms")
    except SystemExit as ended:  # typer's own way to end, usage errors told included
        return ended.code if isinstance(ended.code, int) else DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except (DiagramRefused, OrderRefused, WorldUnavailable, ValidationError) as error:
        return _answer(arguments, error)
    return DONE


def _answer(arguments: Sequence[str], error: Exception) -> int:
    match error:
        case DiagramRefused():
            findings = [finding.to_json() for finding in error.diagnostics]
            return _tell(arguments, "diagram-refused", str(error), NO, findings=findings)
        case OrderRefused():
            return _tell(arguments, error.code or "order-refused", str(error), NO)
        case ValidationError():
            return _tell(arguments, "settings", _settings_problem(error), WRONG_USE)
        case _:
            return _tell(arguments, "unavailable", str(error), UNREACHABLE)


def _tell(arguments: Sequence[str], code: str, message: str, exit_code: int, **more: Any) -> int:
    if "--json" in arguments:
        as_json({"error": code, "message": message, **more})
    else:
        err.print(message, markup=False)
    return exit_code


def _settings_problem(wrong: ValidationError) -> str:
    lines = [
        say("settings.problem", name=f"OMS_{'_'.join(map(str, one['loc'])).upper()}", what=one["msg"])
        for one in wrong.errors(include_input=False)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
