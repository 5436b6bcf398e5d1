"""`oms`: the command line. An error a person can act on becomes a text and an exit code; nobody sees a traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.exceptions import TyperException

from oms_workflow.cli.failing import Unusable, told
from oms_workflow.cli.groups import Commands
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, as_json, err

INTERRUPTED = 130  # what shells expect after Ctrl-C
READER_GONE = 141  # what shells expect when `oms ... | head` ends

app = typer.Typer(
    name="oms",
    cls=Commands,
    help=say("oms.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback()(lambda: None)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without 中文 shows signs instead of ending us
    sys.exit(run(given))


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code.

    0 done, 1 the answer is no, 2 unusable command or input, 3 a system does not answer, 70 a defect of ours.
    """
    try:
        _require_text(arguments)
        code = typer.main.get_command(app).main(list(arguments), prog_name="oms", standalone_mode=False)
        return code if isinstance(code, int) else DONE
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else DONE
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter's last flush fails
        return READER_GONE
    except TyperException as usage:
        return _usage(arguments, usage)
    except Exception as error:  # the last stop: every error is told by its family, see `failing`
        failure = told(error)
        if "--json" in arguments:
            as_json({"error": failure.code, "message": failure.message, **failure.more})
        else:
            err.print(failure.message, markup=False, soft_wrap=not err.is_terminal)
        return failure.exit_code


def _require_text(arguments: Sequence[str]) -> None:
    """Refuse bytes that are no text in the terminal's encoding: no database and no file takes them."""
    for argument in arguments:
        if not argument.isascii() and argument.encode("utf-8", "replace").decode("utf-8") != argument:
            raise Unusable(say("arguments.unreadable", argument=ascii(argument)), code="usage")


def _usage(arguments: Sequence[str], usage: Any) -> int:
    """A command that cannot be used as it was typed; typer tells where its help is."""
    if not usage.format_message():  # `oms` alone: the help was asked for
        return int(usage.exit_code)
    if "--json" in arguments:
        as_json({"error": "usage", "message": usage.format_message()})
    else:
        usage.show()
    return int(usage.exit_code)


if __name__ == "__main__":
    main()
