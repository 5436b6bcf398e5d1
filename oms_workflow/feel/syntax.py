"""The syntax tree of FEEL: one class per construct, holding no meaning. Chains of one precedence are flat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as Choice
from typing import TypeAlias

from oms_workflow.feel.type_syntax import TypeNode
from oms_workflow.feel.values import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out; `problem` says why an at-literal gave null."""

    value: Value
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or function."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral:
    """`{a: 1, "b": a + 1}`; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral:
    """`[a..b)`."""

    start: Node
    start_included: bool
    end: Node
    end_included: bool


@dataclass(frozen=True, slots=True)
class UnaryTest:
    """`< 10`, `= "DE"`: a comparison whose left side is the tested value."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Path:
    """`base.name`."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`base[condition]`, also by position."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call:
    """`callee(a, b)`, or by name when `names` is not None."""

    callee: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None
    position: int


@dataclass(frozen=True, slots=True)
class Negation:
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`first + a - b`, or a chain of `*` and `/`, or of `**`: from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left < right` and its likes."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Membership:
    """`value in (test, test)`; a value passes when one test does."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """`value instance of type`."""

    value: Node
    type: TypeNode


@dataclass(frozen=True, slots=True)
class Conjunction:
    """`a and b and c`."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Disjunction:
    """`a or b or c`."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """`if a then b else if c then d else e`, as branches and a rest."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in domain`, or `name in domain..end`."""

    name: str
    domain: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class Loop:
    """`for ... return body`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some ... satisfies condition`, `every ... satisfies condition`."""

    kind: Choice["some", "every"]
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter; None: any type."""

    name: str
    type: TypeNode | None


@dataclass(frozen=True, slots=True)
class FunctionLiteral:
    """`function(a, b: number) body`; `signature` is its head as written, `source` the whole, without blanks."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool
    signature: str
    source: str


Node: TypeAlias = (
    Literal
    | Name
    | ListLiteral
    | ContextLiteral
    | RangeLiteral
    | UnaryTest
    | Path
    | Filter
    | Call
    | Negation
    | Arithmetic
    | Comparison
    | Between
    | Membership
    | InstanceOf
    | Conjunction
    | Disjunction
    | Conditional
    | Loop
    | Quantified
    | FunctionLiteral
)


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """A cell of a decision table: passes when one test does, or none when `negated`; no tests: passes always (`-`)."""

    tests: tuple[Node, ...]
    negated: bool
