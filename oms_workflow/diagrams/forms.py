"""Forms of user tasks: JSON Schema files in `forms/`, and answers checked against them. Draws no form.

The part of JSON Schema (2020-12) that a form may use is the table of `CHECKS`: one flat object of named fields. A
keyword beyond it is refused when the form is read, because ignoring it would let wrong answers pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from oms_workflow.errors import Diagnostic, DiagramRefused

FOLDER = "forms"
LARGEST = 1_000_000  # bytes; the shipped forms have one thousand


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a field."""

    value: Any
    title: str
    title_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing a form asks for."""

    name: str
    type: str  # string, number, integer, boolean
    title: str
    title_zh: str
    required: bool
    options: tuple[Option, ...]  # empty: anything of the type
    rules: Mapping[str, Any]  # keywords of CHECKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a person is asked when a user task is done."""

    id: str
    title: str
    title_zh: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """Give one field; None when the form has none of this name."""
        return next((one for one in self.fields if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one field of an answer."""

    field: str
    code: str  # missing, unknown, type, choice, or the keyword that is broken
    message: str


def read_form(folder: Path, name: str) -> Form | None:
    """Read the form of a user task; None when the folder has none of this name.

    Args:
        folder: The folder of diagrams; forms are in `forms/` below it.

    Raises:
        DiagramRefused: When the file is no form that could be checked.
    """
    if not re.fullmatch(r"[\w.-]+", name):
        return None
    path = folder / FOLDER / f"{name}.json"
    if not path.is_file():
        return None
    try:
        raw = path.read_bytes()[: LARGEST + 1]
        told = json.loads(raw.decode("utf-8"), parse_float=Decimal)
        return _form(name, told)
    except (OSError, ValueError, RecursionError) as error:
        found = Diagnostic(
            code="bad-form",
            message=str(error),
            file=str(path),
            line=getattr(error, "lineno", 1),
            fix="A form is one JSON Schema object with flat fields; see processes/forms for examples.",
        )
        raise DiagramRefused([found]) from error


def problems(form: Form, answer: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Say what is wrong with an answer, field by field in the order of the form; () when it may be sent."""
    found = [problem for field in form.fields for problem in _of_field(field, answer)]
    names = [field.name for field in form.fields]
    for name in answer:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"It asks for: {', '.join(names)}."
            found.append(Problem(field=name, code="unknown", message=f"The form {form.id!r} has no such field. {hint}"))
    return tuple(found)


def from_text(field: Field | None, text: str) -> Any:
    """Read a value as it is typed on a command line: by the type of its field, else as JSON where it is JSON.

    What does not fit the type stays text, so that `problems` names it.
    """
    kind = field.type if field is not None else ""
    if kind == "string":
        return text
    if kind in ("number", "integer"):
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text
        return number if number.is_finite() else text
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return text


def _of_field(field: Field, answer: Mapping[str, Any]) -> Iterator[Problem]:
    value = answer.get(field.name)
    if value is None:
        if field.required:
            yield Problem(field=field.name, code="missing", message=f"It has to be filled in: {_wanted(field)}.")
        return
    if not TYPES[field.type](value):
        yield Problem(field=field.name, code="type", message=f"Expected {_wanted(field)}, found {value!r}.")
    elif field.options and value not in [option.value for option in field.options]:
        yield Problem(field=field.name, code="choice", message=f"Expected {_wanted(field)}, found {value!r}.")
    else:
        for keyword, limit in field.rules.items():
            if not CHECKS[keyword][0](value, limit):
                message = f"Expected {CHECKS[keyword][1].format(limit)}, found {value!r}."
                yield Problem(field=field.name, code=keyword, message=message)


def _wanted(field: Field) -> str:
    if field.options:
        return "one of " + ", ".join(repr(option.value) for option in field.options)
    return {"string": "a text", "number": "a number", "integer": "a whole number", "boolean": "true or false"}[
        field.type
    ]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and value == int(value),
    "boolean": lambda value: isinstance(value, bool),
}

CHECKS: dict[str, tuple[Callable[[Any, Any], bool], str]] = {
    "minimum": (lambda value, limit: value >= limit, "at least {}"),
    "maximum": (lambda value, limit: value <= limit, "at most {}"),
    "exclusiveMinimum": (lambda value, limit: value > limit, "more than {}"),
    "exclusiveMaximum": (lambda value, limit: value < limit, "less than {}"),
    "minLength": (lambda value, limit: len(value) >= limit, "at least {} characters"),
    "maxLength": (lambda value, limit: len(value) <= limit, "at most {} characters"),
}
"""Keywords that limit a value: whether it keeps them, and what they ask for."""

_TOLD_ONLY = frozenset({"title", "description", "default", "type", "oneOf", "enum", "$comment", "examples"})
_FORM_KEYS = frozenset({"$schema", "$id", "title", "description", "type", "properties", "required", "$comment"})


def _form(name: str, told: Any) -> Form:
    if not isinstance(told, dict) or told.get("type") != "object" or not isinstance(told.get("properties"), dict):
        raise ValueError('A form is {"type": "object", "properties": {...}}.')
    _no_others(told, _FORM_KEYS, "the form")
    required = told.get("required", [])
    unknown = [one for one in required if one not in told["properties"]]
    if unknown:
        raise ValueError(f"'required' names {unknown[0]!r}, which is no field of the form.")
    return Form(
        id=name,
        title=str(told.get("title", name)),
        title_zh=str(told.get("x-title-zh", told.get("title", name))),
        fields=tuple(_field(key, value, key in required) for key, value in told["properties"].items()),
    )


def _field(name: str, told: Any, required: bool) -> Field:
    if not isinstance(told, dict) or told.get("type") not in TYPES:
        raise ValueError(f"Field {name!r} has a 'type' of {', '.join(TYPES)}.")
    _no_others(told, _TOLD_ONLY | set(CHECKS), f"field {name!r}")
    title = str(told.get("title", name))
    return Field(
        name=name,
        type=told["type"],
        title=title,
        title_zh=str(told.get("x-title-zh", title)),
        required=required,
        options=_options(name, told),
        rules={keyword: told[keyword] for keyword in CHECKS if keyword in told},
    )


def _options(name: str, told: Mapping[str, Any]) -> tuple[Option, ...]:
    if "enum" in told:
        return tuple(Option(value=one, title=str(one), title_zh=str(one)) for one in told["enum"])
    choices: Sequence[Any] = told.get("oneOf", ())
    if any(not isinstance(one, dict) or "const" not in one for one in choices):
        raise ValueError(f"Field {name!r}: every entry of 'oneOf' has a 'const'.")
    return tuple(
        Option(
            value=one["const"],
            title=str(one.get("title", one["const"])),
            title_zh=str(one.get("x-title-zh", one.get("title", one["const"]))),
        )
        for one in choices
    )


def _no_others(told: Mapping[str, Any], known: frozenset[str] | set[str], where: str) -> None:
    for key in told:
        if key not in known and not key.startswith("x-"):
            raise ValueError(f"{key!r} in {where} is not checked by this program, so it must not be relied on.")
