"""The reference of scripts as Markdown, drawn from the models, so that docs/world-script.md cannot fall behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from oms_workflow.connect.world.latencies import LATENCIES
from oms_workflow.connect.world.script.model import SEEN, SEEN_BY_SYSTEM, Script, When
from oms_workflow.connect.world.script.systems import OPERATIONS

_WORDS: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    timedelta: "duration",
    datetime: "moment",
    time: "time of day",
    Any: "anything",
}


_HEAD = """# Scripts of the simulated world, field by field

Made from the code by `make docs`; how a script works is in [world.md](world.md).

A *duration* is `PT30M` or `P1DT12H`, without months and years. A *moment* has its zone: `2026-11-11T08:00:00+08:00`;
where a duration is allowed in its place, it counts from the moment the world began. Where one name is asked for, a list
of names will do."""


def reference() -> str:
    """Give the page: one table for each part of a script, the whole first, what conditions see, and the latencies."""
    return "\n\n".join([_HEAD, *(_table(model) for model in _models(Script)), _conditions(), _latencies()]) + "\n"


def _models(model: type[BaseModel]) -> list[type[BaseModel]]:
    found = [model]
    for one in found:  # grows while it is walked
        for field in one.model_fields.values():
            found += [inner for inner in _inside(field.annotation) if inner not in found]
    return found


def _inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _inside(part)


def _table(model: type[BaseModel]) -> str:
    head = f"## {model.__name__}\n\n{' '.join((model.__doc__ or '').split())}\n\n| field | value | |\n|---|---|---|"
    return "\n".join([head, *(_row(name, field) for name, field in model.model_fields.items())])


def _row(name: str, field: FieldInfo) -> str:
    bounds = [f"{sign} {getattr(one, key)}" for one in field.metadata for key, sign in _BOUNDS if hasattr(one, key)]
    value = " ".join([_shown(field.annotation), *bounds])
    default = "" if field.is_required() or _is_plain(field) else f"default {_default(field.default)}"
    notes = [field.description or "", "needed" if field.is_required() else default]
    return f"| `{name}` | {value} | {'; '.join(note for note in notes if note)} |"


_BOUNDS = (("ge", "from"), ("le", "to"))


def _is_plain(field: FieldInfo) -> bool:
    empty = field.default in (None, "", ()) or isinstance(field.default, BaseModel)
    return field.default_factory is not None or empty


def _default(value: Any) -> str:
    plain = value.value if isinstance(value, Enum) else value
    return f"`{str(plain).lower() if isinstance(plain, bool) else plain}`"


def _shown(annotation: Any) -> str:
    origin, parts = get_origin(annotation), [one for one in get_args(annotation) if one not in (type(None), Ellipsis)]
    if hasattr(annotation, "__metadata__"):
        return _shown(parts[0])
    if origin is None:
        return _shown_plain(annotation)
    match origin:
        case _ if origin is Literal:
            said = ", ".join(f"`{one}`" for one in parts)
        case _ if origin is dict:
            said = f"object of {_shown(parts[1])} by name"
        case _ if origin is tuple and len(parts) == 1:
            said = f"list of {_shown(parts[0])}"
        case _:
            said = (" and " if origin is tuple else " or ").join(_shown(one) for one in parts)
    return said


def _shown_plain(annotation: Any) -> str:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        words = [f"`{one.value}`" for one in annotation]
        return ", ".join(words) if len(words) < 5 else f"a code such as {words[0]}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return _WORDS[annotation]


def _conditions() -> str:
    names = [name for name in When.model_fields if any(name in seen for seen in SEEN.values())]
    systems = {f"fails: {system}": SEEN_BY_SYSTEM.get(system, SEEN["buyer"]) for system in OPERATIONS}
    head = (
        "## What conditions can be known\n\nA rule that asks for anything else could never hold, and is refused.\n\n"
        f"| | {' | '.join(f'`{name}`' for name in names)} |\n|---|{'---|' * len(names)}"
    )
    rows = [
        f"| {part} | {' | '.join('x' if name in seen else '' for name in names)} |"
        for part, seen in (SEEN | systems).items()
    ]
    return "\n".join([head, *rows])


def _latencies() -> str:
    rows = [f"| `{name}` | {_iso(one.low)} | {_iso(one.high)} | {one.works.value} |" for name, one in LATENCIES.items()]
    head = "## Latencies\n\n| name | shortest | longest | counted in whose hours |\n|---|---|---|---|"
    return "\n".join([head, *rows])


def _iso(span: timedelta) -> str:
    days, seconds = span.days, span.seconds
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = "".join(f"{value}{unit}" for value, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if value)
    return f"P{f'{days}D' if days else ''}{f'T{parts}' if parts else ''}"
