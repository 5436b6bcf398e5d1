"""The boxed expressions of DMN as immutable data; FEEL stays text, so that a model travels as readable JSON.

`type` names an item definition or FEEL type, '' means any. `line` is the 1-based line of the element, 0 when unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field


class HitPolicy(StrEnum):
    """What a decision table does with the rules that match (DMN 1.5, 8.2.11)."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


class Aggregation(StrEnum):
    """What COLLECT makes of its list: `C+`, `C#`, `C<`, `C>`."""

    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A name with a type: a parameter, column, entry or result."""

    name: str
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralExpression:
    """FEEL text."""

    kind: Literal["literal"] = "literal"
    text: str
    type: str = ""
    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause:
    """A column of tests: the expression whose value they test."""

    text: str
    type: str = ""
    label: str = ""
    allowed: str = ""  # unary tests that every value must pass; '' means any value


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause:
    """A column of answers."""

    name: str = ""  # key in the answer when there are several outputs
    type: str = ""
    label: str = ""
    allowed: str = ""  # unary tests that every value must pass, in order of priority; '' means any value
    default: str = ""  # FEEL for the answer when no rule matches; '' means null


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row: one cell of unary tests per input, one of FEEL per output."""

    id: str = ""
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    annotation: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable:
    """Rules that turn inputs into outputs."""

    kind: Literal["table"] = "table"
    inputs: tuple[InputClause, ...] = ()
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...] = ()
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation | None = None
    type: str = ""
    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry:
    """An entry of a boxed context; without a variable it is the result."""

    variable: Variable | None = None
    value: Boxed


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedContext:
    """Named values that build on each other."""

    kind: Literal["context"] = "context"
    entries: tuple[ContextEntry, ...]
    type: str = ""
    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedList:
    """A list, one expression per item."""

    kind: Literal["list"] = "list"
    items: tuple[Boxed, ...] = ()
    type: str = ""
    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A list of contexts with the same entries, as a table."""

    kind: Literal["relation"] = "relation"
    columns: tuple[Variable, ...]
    rows: tuple[tuple[Boxed, ...], ...] = ()
    type: str = ""
    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDefinition:
    """A function; of a kind other than FEEL it has no body here and is refused."""

    kind: Literal["function"] = "function"
    parameters: tuple[Variable, ...] = ()
    body: Boxed | None = None
    language: str = "FEEL"
    type: str = ""
    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """An argument of an invocation."""

    parameter: str
    value: Boxed


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A call of a function, by named arguments."""

    kind: Literal["invocation"] = "invocation"
    function: Boxed
    bindings: tuple[Binding, ...] = ()
    type: str = ""
    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional:
    """Boxed if."""

    kind: Literal["conditional"] = "conditional"
    condition: Boxed
    then: Boxed
    otherwise: Boxed
    type: str = ""
    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedFilter:
    """The items of a list that match."""

    kind: Literal["filter"] = "filter"
    source: Boxed
    match: Boxed
    type: str = ""
    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration:
    """Boxed for, some or every, over one list."""

    kind: Literal["for", "some", "every"]
    variable: str
    source: Boxed
    body: Boxed  # what `for` returns, or what the items must satisfy
    type: str = ""
    id: str = ""
    line: int = 0


Boxed = Annotated[
    LiteralExpression
    | DecisionTable
    | BoxedContext
    | BoxedList
    | Relation
    | FunctionDefinition
    | Invocation
    | Conditional
    | BoxedFilter
    | Iteration,
    Field(discriminator="kind"),
]
"""Any of them, told apart by `kind`."""
