"""Values on their way to and from payloads: the same bytes as Temporal's own JSON converter gives, for less.

Temporal's converter copies every dataclass deeply before it writes it, and looks up its types anew whenever it reads
one: more than a third of a workflow's own CPU time. What it does with other values, and what it refuses, stays its own.
"""

from __future__ import annotations

import dataclasses
import json
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    AdvancedJSONEncoder,
    CompositePayloadConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)

from oms_workflow.temporal import border


class ShallowEncoder(AdvancedJSONEncoder):
    """Writes dataclasses field by field; the encoder itself goes on into what the fields hold."""

    def default(self, o: Any) -> Any:
        """Give something that JSON has for a value it does not have."""
        if dataclasses.is_dataclass(o) and not isinstance(o, type):
            return {field.name: getattr(o, field.name) for field in dataclasses.fields(o)}
        return super().default(o)


class PlainJson(JSONPlainPayloadConverter):
    """Reads what crosses our own border by readers that are made once; all else as Temporal does."""

    def __init__(self) -> None:
        super().__init__(encoder=ShallowEncoder)

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """Give the value in a payload.

        Raises:
            RuntimeError: When it is not JSON, or does not have the fields it has to have.
        """
        if type_hint is dict:  # answers of activities
            return _context(payload.data)
        reader = _reader(type_hint) if type_hint is not None else None
        if reader is None:
            return super().from_payload(payload, type_hint)
        try:
            return reader.validate_json(payload.data, strict=True)
        except ValidationError as error:
            raise RuntimeError(f"This is no {type_hint.__name__}: {_reasons(error)}") from None  # type: ignore[union-attr]


class OmsPayloadConverter(CompositePayloadConverter):
    """Temporal's converters, with ours in place of the one for JSON."""

    def __init__(self) -> None:
        ours = PlainJson()
        usual = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(ours if one.encoding == ours.encoding else one for one in usual))


def _context(data: bytes) -> dict[str, Any]:
    try:
        found: object = json.loads(data)
    except json.JSONDecodeError:
        raise RuntimeError("This is no JSON") from None
    if not isinstance(found, dict):
        raise TypeError(f"Expected a dict, but this is a {type(found).__name__}")
    return found


@lru_cache(maxsize=256)
def _reader(kind: type) -> TypeAdapter[Any] | None:
    """The reader of a type of our border; None for every other type."""
    if getattr(kind, "__module__", "") != border.__name__ or not dataclasses.is_dataclass(kind):
        return None
    return TypeAdapter(kind)


def _reasons(error: ValidationError) -> str:
    """What is wrong and where, without the values, which do not belong into a log."""
    return "; ".join(
        f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
        for one in error.errors(include_input=False, include_url=False)
    )
