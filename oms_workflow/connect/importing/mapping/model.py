"""A mapping that is ready to be used: every expression compiled, every name resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from oms_workflow.connect.importing.codes import Treatment
from oms_workflow.connect.importing.mapping.lines import Path as KeyPath
from oms_workflow.connect.importing.mapping.shape import FileShape, MappingShape
from oms_workflow.connect.importing.mapping.targets import Target
from oms_workflow.connect.importing.values.numbers import NumberFormat
from oms_workflow.feel import Expression


class Column(NamedTuple):
    """A column of one of the files. The file is named by its alias, its name in the mapping."""

    alias: str
    name: str

    def __str__(self) -> str:
        return f"{self.alias}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the value of a field comes from, and what is done to it."""

    target: Target
    path: KeyPath  # its place in the mapping file
    base: str  # alias of the file whose row is looked at
    columns: tuple[Column, ...] = ()
    joined_by: str = " "
    constant: str | Decimal | bool | None = None
    expression: Expression | None = None
    default: str = ""
    clean: tuple[str, ...] = ()
    table: Mapping[str, str] | None = None  # folded text -> translation
    table_name: str = ""
    other: Literal["keep", "empty"] | None = None
    times: tuple[str, ...] = ()
    midnight: Literal["start", "end"] = "start"
    numbers: NumberFormat = field(default_factory=NumberFormat)
    empty: frozenset[str] = frozenset()
    width: int | None = None
    expected: bool = False
    valid: Expression | None = None

    @property
    def shown(self) -> str:
        """The column for findings; '' when it is no single column."""
        return self.columns[0].name if len(self.columns) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """How a file is looked up: the row that holds the key, and the columns that match."""

    alias: str
    base: str  # alias of the file whose rows refer to it
    columns: tuple[str, ...]  # of `base`
    missing: Treatment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A rule that leaves orders out."""

    when: Expression
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMapping:
    """How files of one kind become orders."""

    file: str  # name of the mapping file, for findings
    text: str = field(repr=False)
    shape: MappingShape = field(repr=False)
    main: str  # alias of the file whose rows are orders
    sources: Mapping[str, Mapping[str, Source]] = field(repr=False)  # by section and field
    steps: Mapping[str, Source] = field(repr=False)  # history.times
    facts: Mapping[str, Source] = field(repr=False)  # history.facts
    look_ups: tuple[LookUp, ...]  # one that hangs on another look-up comes after it
    conditions: Mapping[str, Expression] = field(repr=False)  # payments, refunds -> `when`
    skips: tuple[Skip, ...]
    zone: ZoneInfo
    key_lines: Mapping[KeyPath, int] = field(repr=False)

    def section(self, name: str) -> Mapping[str, Source]:
        """Give the fields of a section that are filled."""
        return self.sources.get(name, {})

    def base_of(self, section: str) -> str:
        """Give the alias of the file whose rows fill a section."""
        return base_of(self.shape, section, self.main)

    def file_shape(self, alias: str) -> FileShape:
        """Give what the mapping says about a file."""
        return self.shape.files[alias]

    def children(self) -> tuple[str, ...]:
        """Give the aliases of files whose rows belong to orders."""
        return tuple(alias for alias, one in self.shape.files.items() if one.rows_of or one.inside)

    def line_of(self, path: KeyPath) -> int:
        """Give the line at which a key of the mapping stands, or the nearest one above it."""
        while path not in self.key_lines:
            path = path[:-1]
        return self.key_lines[path]

    def number_format(self, alias: str) -> NumberFormat:
        """Give the way numbers are written in a file."""
        return number_format(self.shape, alias)

    @property
    def empty(self) -> frozenset[str]:
        """Texts that stand for nothing in every column."""
        return frozenset(self.shape.empty)


def base_of(shape: MappingShape, section: str, main: str) -> str:
    """Give the alias of the file whose rows fill a section."""
    rows = {
        "lines": shape.lines.rows,
        "payments": shape.payments.rows if shape.payments else "",
        "refunds": shape.refunds.rows if shape.refunds else "",
    }
    if section == "stock" and shape.stock is not None:
        return shape.stock.rows or base_of(shape, "lines", main)
    return rows.get(section, "") or main


def number_format(shape: MappingShape, alias: str) -> NumberFormat:
    """Give the way numbers are written in a file."""
    file, general = shape.files[alias], shape.numbers
    thousands = general.thousands if file.thousands is None else file.thousands
    return NumberFormat(file.decimal or general.decimal, thousands, general.symbols)
