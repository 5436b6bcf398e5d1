"""Values that a person gives on the command line: `--set name=value`, or a JSON file, or both."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.diagrams.forms import Form, from_text, problems

LARGEST = 1_000_000  # bytes; a process carries a few values, never documents


def read_values(pairs: Sequence[str], data: Path | None, form: Form | None = None) -> dict[str, Any]:
    """Give the values of `--data` with those of `--set` on top, checked against the form if there is one.

    Raises:
        Unusable: When one cannot be read, or the form asks for something else; every wrong field is named.
    """
    values = dict(_from_file(data)) if data is not None else {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip():
            raise Unusable(say("set.bad", pair=repr(pair)), code="bad-set")
        field = form.field(name.strip()) if form is not None else None
        values[name.strip()] = from_text(field, text)
    if form is not None:
        _require(form, values)
    return values


def _require(form: Form, values: Mapping[str, Any]) -> None:
    found = problems(form, values)
    if found:
        lines = [say("form.refused", form=form.id), *(f"  {one.field}: {one.message}" for one in found)]
        told = [{"field": one.field, "code": one.code, "message": one.message} for one in found]
        raise Unusable("\n".join(lines), code="form-refused", fields=told)


def _from_file(path: Path) -> Mapping[str, Any]:
    try:
        raw = path.read_bytes()[: LARGEST + 1]
        if len(raw) > LARGEST:
            raise Unusable(say("data.too_large", file=path, most=LARGEST), code="bad-data")
        told = json.loads(raw.decode("utf-8"), parse_float=Decimal, parse_constant=_no_constant)
    except OSError as error:
        raise Unusable(say("file.unreadable", file=path, reason=error.strerror), code="bad-data") from None
    except (ValueError, RecursionError) as error:
        raise Unusable(say("file.not_json", file=path, reason=error), code="bad-data") from None
    if not isinstance(told, dict):
        raise Unusable(say("data.no_object", file=path), code="bad-data")
    return told


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
