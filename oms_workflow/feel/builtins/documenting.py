"""The page of the FEEL library: every function with its parameters and what it gives. Read from the code alone."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from oms_workflow.feel.builtins.library import FAMILIES, LIBRARY, REFUSED
from oms_workflow.feel.builtins.signature import DAYS, DURATIONS, Builtin, Overload, Parameter

HEAD = """# The functions of FEEL

Generated from the code; what is not listed here does not exist. *Camunda 8* marks what the engine of that name adds to
DMN 1.5. A `?` may be left out, `...` takes any number of arguments. Arguments may be given by name: `round up(n: 2.5,
scale: 0)`. A value of a kind that is not listed gives null, and a note that says so.
"""
SHORT = {
    frozenset(DURATIONS): "duration",
    frozenset(DAYS): "date or date and time",
    frozenset({"number", "text", "date", "time", "date and time", *DURATIONS}): "any point",
    frozenset({"number", *DURATIONS}): "number or duration",
}


def functions_page() -> str:
    """Give the page."""
    parts = [HEAD]
    for family in FAMILIES:
        parts += [f"## {_title(family)}\n", _table(sorted(_of(family), key=lambda one: one.name))]
    refused = "\n".join(f"| `{name}()` | {reason} |" for name, reason in REFUSED.items())
    external = "it is code of another language, which cannot be replayed. Write it in FEEL, or use an activity."
    refused += f"\n| `function(...) external ...` | {external} |"
    return "\n".join([*parts, f"## Refused\n\n| function | reason |\n|---|---|\n{refused}\n"])


def _title(family: ModuleType) -> str:
    return (family.__doc__ or "").partition("\n")[0].rstrip(".").partition(" (DMN")[0].partition(":")[0]


def _of(family: ModuleType) -> list[Builtin]:
    """The functions whose first signature a module adds."""
    return [one for one in LIBRARY.values() if one.overloads[0].implementation.__module__ == family.__name__]


def _table(functions: Iterable[Builtin]) -> str:
    rows = [f"| {_signature(one, way)} | {_meaning(one, way)} |" for one in functions for way in one.overloads]
    return "\n".join(["| function | gives |", "|---|---|", *rows, ""])


def _signature(function: Builtin, way: Overload) -> str:
    return f"`{function.name}({', '.join(map(_parameter, way.parameters))})`"


def _parameter(parameter: Parameter) -> str:
    mark = "..." if parameter.variadic else "?" if parameter.optional else ""
    kinds = SHORT.get(parameter.kinds) or " or ".join(sorted(parameter.kinds)) or "any"
    return f"{parameter.names[0]}{mark}: {kinds}"


def _meaning(function: Builtin, way: Overload) -> str:
    """The first line of its docstring; a second way to call it says what the first does."""
    words = (way.implementation.__doc__ or function.overloads[0].implementation.__doc__ or "").partition("\n")[0]
    return words.strip().replace("|", "\\|")
