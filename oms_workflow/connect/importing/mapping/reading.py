"""From a mapping file to a mapping: everything that is wrong with it is told at once, with place and fix."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from oms_workflow.connect.importing.findings import Findings, KeyPath, did_you_mean
from oms_workflow.connect.importing.mapping.compiling import Compiler
from oms_workflow.connect.importing.mapping.joins import look_ups_of, mains_of
from oms_workflow.connect.importing.mapping.lines import lines_of
from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.mapping.rules_files import check_files
from oms_workflow.connect.importing.mapping.rules_whole import check_whole
from oms_workflow.connect.importing.mapping.shape import MappingShape

LARGEST = 262_144  # characters; a mapping is written by hand

NOT_READABLE, NOT_TOML, BAD_KEY = "mapping-unreadable", "mapping-not-toml", "mapping-key"

_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


def read_mapping(path: Path) -> ImportMapping:
    """Read a mapping from its file.

    Raises:
        DiagramRefused: With every finding: file, line, key, what is wrong and how to mend it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8"
        findings = Findings(str(path), {})
        findings.add((), NOT_READABLE, f"The mapping cannot be read: {reason}.", "Check the path and the encoding.")
        findings.refuse_if_any()
        raise AssertionError("unreachable") from problem
    return parse_mapping(text, file=str(path))


def parse_mapping(text: str, *, file: str = "mapping.toml") -> ImportMapping:
    """Read a mapping from its text; `file` is its name in findings.

    Raises:
        DiagramRefused: As `read_mapping` does.
    """
    content = _toml(text, file)
    key_lines = lines_of(text)
    findings = Findings(file, key_lines)
    shape = _shape(content, findings)
    check_files(shape.files, findings)
    mains = mains_of(shape.files)
    findings.refuse_if_any()
    look_ups = look_ups_of(shape.files)
    compiler = Compiler(shape, mains[0], look_ups, findings)
    sources = compiler.sections()
    steps, facts = compiler.history()
    conditions, skips = compiler.conditions(), compiler.skips()
    check_whole(shape, sources, mains[0], findings)
    findings.refuse_if_any()
    return ImportMapping(
        file=file,
        text=text,
        shape=shape,
        main=mains[0],
        sources=sources,
        steps=steps,
        facts=facts,
        look_ups=look_ups,
        conditions=conditions,
        skips=skips,
        zone=ZoneInfo(shape.time_zone),
        key_lines=key_lines,
    )


def _toml(text: str, file: str) -> dict[str, Any]:
    findings = Findings(file, {})
    if len(text) > LARGEST:
        findings.add((), NOT_READABLE, f"The mapping has more than {LARGEST:,} characters.", "Split it.")
        findings.refuse_if_any()
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        where = _WHERE.search(str(problem))
        why = _WHERE.sub("", str(problem))
        line = int(where.group(1) or text.count("\n") + 1) if where else None
        fix = "Texts need quotes; a key stands once; see https://toml.io."
        located = Findings(file, {(): line} if line else {})
        located.add((), NOT_TOML, f"This is no TOML: {why}.", fix)
        located.refuse_if_any()
        raise AssertionError("unreachable") from problem


def _shape(content: dict[str, Any], findings: Findings) -> MappingShape:
    try:
        return MappingShape.model_validate(content)
    except ValidationError as problem:
        for error in problem.errors(include_input=False, include_url=False):
            path: KeyPath = tuple(error["loc"])
            written = tuple(step for step in path if step not in ("fields", "from_"))
            findings.add(written, BAD_KEY, _said(error), _fix(error, path))
        findings.refuse_if_any()
        raise AssertionError("unreachable") from problem


def _said(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return f"There is no key {error['loc'][-1]!r} here."
    if error["type"] == "missing":
        return "This key is needed."
    said = str(error["msg"]).removeprefix("Value error, ")
    return f"{said[:1].upper()}{said[1:]}."


def _fix(error: Mapping[str, Any], path: KeyPath) -> str:
    if error["type"] != "extra_forbidden":
        return "See docs/importing.md for what a mapping may say."
    model = _model_at(path[:-1])
    return did_you_mean(str(path[-1]), keys_of(model)) if model else ""


def keys_of(model: type[BaseModel]) -> list[str]:
    """Give the keys a table may have, as they are written."""
    return [field.alias or name for name, field in model.model_fields.items() if name != "fields"]


def _model_at(path: KeyPath) -> type[BaseModel] | None:
    """Find what describes the table at a path."""
    kind: Any = MappingShape
    for step in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
            kind = fields.get(str(step))
            if kind is None:
                return None
        else:
            arguments = [one for one in get_args(kind) if one is not Ellipsis]
            kind = arguments[-1] if arguments else None
        kind = _without_none(kind)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        return next((one for one in get_args(kind) if one is not type(None)), None)
    return kind
