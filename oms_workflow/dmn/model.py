"""A decision model as it was drawn: one file, with its decisions, inputs, functions and types. Reads and runs nothing.

References are `#id` within the file and `namespace#id` into another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from oms_workflow.dmn.expressions import Boxed, FunctionDefinition, Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionItem:
    """The type of a function."""

    parameters: tuple[Variable, ...] = ()
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition:
    """A type with a name; also one component of such a type."""

    name: str
    type: str = ""  # what it is made from; '' when it has components
    is_collection: bool = False
    allowed: str = ""  # unary tests for a value, or for each item of a collection
    constraint: str = ""  # unary tests for the value as a whole (DMN 1.5)
    components: tuple[ItemDefinition, ...] = ()
    function: FunctionItem | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Another model whose elements are known here as `name.element`, or by their own names when `name` is ''."""

    name: str
    namespace: str
    kind: Literal["dmn", "other"] = "dmn"
    location: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData:
    """A value that comes from outside."""

    id: str
    name: str
    type: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A value that is worked out from others."""

    id: str
    name: str
    type: str = ""
    logic: Boxed | None = None  # None: not decided yet, gives null
    information: tuple[str, ...] = ()  # references to decisions and input data
    knowledge: tuple[str, ...] = ()  # references to business knowledge models and decision services
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessKnowledge:
    """A function that decisions share."""

    id: str
    name: str
    type: str = ""
    logic: FunctionDefinition | None = None
    knowledge: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService:
    """Decisions that are asked together, as a function of their inputs."""

    id: str
    name: str
    type: str = ""
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionModel:
    """One DMN file."""

    id: str
    name: str
    namespace: str
    file: str = ""  # name of the file it was read from, for messages
    imports: tuple[Import, ...] = ()
    items: tuple[ItemDefinition, ...] = ()
    inputs: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    knowledge: tuple[BusinessKnowledge, ...] = ()
    services: tuple[DecisionService, ...] = ()
