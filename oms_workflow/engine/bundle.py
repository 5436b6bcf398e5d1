"""Everything one instance needs to run, as one value that travels in its history: processes, decisions, calendars.

A bundle packs to a few kilobytes and is known by the hash of its content, so a running order depends on no file and no
registry (DESIGN 1.6). The packed form is kept for ever: fields are only ever added, with a default.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from oms_workflow.bpmn.calendar import Calendar
from oms_workflow.bpmn.model import Definition
from oms_workflow.dmn.model import DecisionModel

LARGEST = 64 * 1024 * 1024  # bytes of JSON; a packed text that grows beyond is no bundle of ours
TAG = "kind"  # tells the members of a union apart, so it is written even where it has its default


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """One process with everything it may ask for or call."""

    process_id: str
    definitions: tuple[Definition, ...]  # the process itself, every process it calls, then those called by version tag
    decisions: tuple[DecisionModel, ...] = ()
    calendars: tuple[Calendar, ...] = ()

    @property
    def definition(self) -> Definition:
        """The definition of the process itself."""
        return next(one for one in self.definitions if one.id == self.process_id)

    def find(self, process: str, version_tag: str = "") -> Definition | None:
        """Give a process that came along, by its tag where one is named; None when there is none such."""
        mine = (one for one in self.definitions if one.id == process)
        return next((one for one in mine if not version_tag or one.version_tag == version_tag), None)


def pack(bundle: Bundle) -> bytes:
    """Give the bundle as compressed JSON, without what has its default."""
    return zlib.compress(_canonical(bundle), level=9)


def travelling(packed: bytes) -> bytes:
    """Give a packed bundle without what only readers of the diagram need; the engine looks at none of it.

    It goes into the history of every instance and of every called process; the whole one stays in the database.

    Raises:
        ValueError: When the bytes are no packed bundle.
    """
    whole = unpack(packed)
    return pack(replace(whole, definitions=tuple(bare(definition) for definition in whole.definitions)))


def bare(definition: Definition) -> Definition:
    """Give a process without what only readers of its diagram need."""
    return replace(
        definition,
        file="",
        nodes=tuple(replace(node, documentation="", line=0) for node in definition.nodes),
        flows=tuple(replace(flow, name="", line=0) for flow in definition.flows),
    )


def sha256(bundle: Bundle) -> str:
    """Give the hash of the content, in hexadecimal; the same on every machine and Python version."""
    return hashlib.sha256(_canonical(bundle)).hexdigest()


@lru_cache(maxsize=128)
def unpack(packed: bytes) -> Bundle:
    """Give the bundle that was packed; made once for each content.

    Raises:
        ValueError: When the bytes are no packed bundle.
    """
    try:
        text = zlib.decompressobj().decompress(packed, LARGEST)
    except zlib.error as error:
        raise ValueError(f"these {len(packed)} bytes are no packed bundle: {error}") from error
    if len(text) >= LARGEST:
        raise ValueError(f"the bundle has more than {LARGEST:,} bytes")
    return _adapter().validate_json(text)


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Bundle]:
    return TypeAdapter(Bundle)


def _canonical(bundle: Bundle) -> bytes:
    return json.dumps(_plain(bundle), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            name: _plain(inner)
            for name, default in _fields(type(value))
            if (inner := getattr(value, name)) != default or name == TAG
        }
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if value is None or type(value) in (str, int, bool, float):
        return value
    return to_jsonable_python(value)


@lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    """Name and default of each field; MISSING, which equals nothing, where there is no default."""
    return tuple(
        (field.name, field.default_factory() if field.default_factory is not MISSING else field.default)
        for field in fields(kind)
    )
