"""The syntax tree of types (DMN 1.5, 10.3.1.2, rule 52)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class NamedType:
    """`number`, `date and time`, `tOrder`."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    """`list<number>`."""

    of: TypeNode


@dataclass(frozen=True, slots=True)
class RangeType:
    """`range<number>`."""

    of: TypeNode


@dataclass(frozen=True, slots=True)
class ContextType:
    """`context<a: number>`."""

    entries: tuple[tuple[str, TypeNode], ...]


@dataclass(frozen=True, slots=True)
class FunctionType:
    """`function<number, number> -> number`."""

    parameters: tuple[TypeNode, ...]
    result: TypeNode


TypeNode: TypeAlias = NamedType | ListType | RangeType | ContextType | FunctionType
