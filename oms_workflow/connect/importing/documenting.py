"""Makes docs/importing-reference.md from what the importer uses. Writes no file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from oms_workflow.connect.importing.codes import CHECKS, Check
from oms_workflow.connect.importing.mapping import shape
from oms_workflow.connect.importing.mapping.targets import TARGETS, Target
from oms_workflow.connect.importing.records import record
from oms_workflow.connect.importing.values.cleaning import STEPS

_INTRODUCTION = """\
# What a mapping may say

This page is made from the tables the importer uses. [Importing orders](importing.md) explains how they go together.
"""

_TABLES: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("At the top", "", shape.MappingShape),
    ("`[files.NAME]`", "One table for each file.", shape.FileShape),
    ("`[numbers]`", "", shape.NumberShape),
    ("A field", 'Every field is a column (`sku = "product_id"`) or a table with these keys.', shape.FieldShape),
    ("`[lines]`", "Besides its fields.", shape.LinesShape),
    ("`[payments]` and `[refunds]`", "Besides their fields.", shape.AmountsShape),
    ("`[history]`", "Besides its fields.", shape.HistoryShape),
    ("`[stock]`", "Besides its fields.", shape.StockShape),
    ("`same_region` and `elsewhere`", "In `[stock]`.", shape.LaneShape),
    ("`[[skip]]`", "", shape.SkipShape),
)


def reference_page() -> str:
    """Give docs/importing-reference.md."""
    parts = [_INTRODUCTION, "## Settings\n"]
    for title, words, model in _TABLES:
        rows = [
            (f"`{field.alias or name}`", field.description or "", _default(field)) for name, field in _settings(model)
        ]
        parts += [f"### {title}\n", *([f"{words}\n"] if words else []), _table(("key", "means", "unless said"), rows)]
    parts.append("## Fields\n\n*Vital*: what cannot be read keeps the order aside, whatever `[checks]` says.\n")
    for section, targets in TARGETS.items():
        parts += [f"### `[{section}]`\n", _table(("field", "takes", ""), map(_target, targets.values()))]
    parts += [
        "## Steps of `clean`\n",
        _table(("step", "does"), ((f"`{name}`", says) for name, (_, says) in STEPS.items())),
    ]
    parts += ["## Checks\n", _table(("code", "finds", "mend", "treated", "or"), map(_check, CHECKS.values()))]
    parts += ["## Limits\n", _limits()]
    return "\n".join(parts)


def _settings(model: type[BaseModel]) -> Iterable[tuple[str, Any]]:
    return ((name, field) for name, field in model.model_fields.items() if name != "fields" and field.description)


def _default(field: Any) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    if value in (None, "", (), {}) or isinstance(value, BaseModel):
        return ""
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def _target(target: Target) -> tuple[str, str, str]:
    needed = "**needed**; " if target.required else "vital; " if target.vital else ""
    words = f": {', '.join(f'`{word}`' for word in target.words)}" if target.words else ""
    personal = "; personal" if target.is_personal else ""
    return f"`{target.name}`", f"{target.kind.value}{words}", f"{needed}{target.says}{personal}".rstrip("; ")


def _check(check: Check) -> tuple[str, str, str, str, str]:
    others = ", ".join(sorted(one.value for one in check.allowed - {check.treatment}))
    return f"`{check.code}`", check.says, check.mend, check.treatment.value, others


def _limits() -> str:
    return (
        f"* a row: {record.MAX_CHARACTERS:,} characters, {record.MAX_LINES:,} lines (quoted), {record.MAX_COLUMNS:,} "
        f"columns, JSON {record.MAX_DEPTH} objects deep\n"
        "* a file and a number of files: none; rows wait on disk, not in memory\n"
    )


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [_line(heads), "|" + "---|" * len(heads)]
    return "\n".join([*lines, *map(_line, rows)]) + "\n"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
