"""How a built-in function says what it takes, and how arguments are fitted to that (DMN 1.5, 10.3.2.13)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.chronology import at_midnight
from oms_workflow.feel.limits import CHARACTERS_A_STEP, STEPS_A_CALL
from oms_workflow.feel.types import FunctionType
from oms_workflow.feel.values import FeelFunction, Value, kind_of
from oms_workflow.feel.wide import WideDate

Implementation = TypeVar("Implementation", bound=Callable[..., Any])
MISFIT: Any = object()
DURATIONS = ("days and time duration", "years and months duration")
DAYS = ("date", "date and time")
ALIASES = {"duration": DURATIONS, "day": DAYS, "any": ()}
SIGNATURE = re.compile(r"([a-z0-9 ]+)\((.*)\)")
PARAMETER = re.compile(r"([A-Za-z0-9 /]+?)(\.\.\.|\?)?: ([a-z |]+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a built-in function."""

    names: tuple[str, ...]  # the standard's name first
    kinds: frozenset[str]  # empty: any value
    nullable: bool
    optional: bool  # null stands for "left out"
    variadic: bool

    def fit(self, value: Value, *, convert: bool) -> Value:
        """Give the value as the function takes it, `MISFIT` when it does not."""
        if value is None:
            return value if self.nullable else MISFIT
        if not self.kinds:
            return value
        kind = kind_of(value)
        if kind in self.kinds:
            return value
        return self._converted(value) if convert else MISFIT

    def _converted(self, value: Value) -> Value:
        """Apply the implicit conversions of DMN 1.5, 10.3.2.9.4."""
        if isinstance(value, list):
            return value[0] if len(value) == 1 and kind_of(value[0]) in self.kinds else MISFIT
        if "list" in self.kinds:
            return [value]
        if "date and time" in self.kinds and type(value) in (date, WideDate):
            return at_midnight(value)
        return MISFIT


class Overload:
    """One signature with its implementation."""

    __slots__ = ("_fixed", "_required", "implementation", "parameters", "variadic")

    def __init__(self, parameters: tuple[Parameter, ...], implementation: Callable[..., Value]) -> None:
        self.parameters = parameters
        self.implementation = implementation
        self.variadic = bool(parameters) and parameters[-1].variadic  # the last one takes any number of arguments
        self._fixed = len(parameters) - self.variadic
        self._required = sum(not parameter.optional for parameter in parameters)

    def takes(self, count: int) -> bool:
        """Say whether it can be called with this many arguments."""
        return self._required <= count and (self.variadic or count <= self._fixed)

    def bind(self, arguments: Sequence[Value], *, convert: bool) -> list[Value] | None:
        """Give the arguments as the implementation takes them; None when they do not fit."""
        if not self.takes(len(arguments)):
            return None
        values: list[Value] = []
        for index, argument in enumerate(arguments):
            value = self.parameters[min(index, len(self.parameters) - 1)].fit(argument, convert=convert)
            if value is MISFIT:
                return None
            values.append(value)
        return [*values[: self._fixed], values[self._fixed :]] if self.variadic else values

    def arrange(self, arguments: dict[str, Value]) -> list[Value] | None:
        """Give named arguments in order, null for those left out; None when a name is unknown."""
        left = dict(arguments)
        ordered = []
        for parameter in self.parameters:
            name = next((name for name in parameter.names if name in left), None)
            ordered.append(left.pop(name) if name else None)
        return None if left or self.variadic else ordered


@dataclass(frozen=True, slots=True, eq=False)
class Builtin(FeelFunction):
    """A function of the FEEL library."""

    name: str
    overloads: list[Overload]
    since: int = 1  # edition that has it first; before that there is no such function

    @property
    def signature(self) -> str:
        """The function with the parameters of its first signature."""
        return f"{self.name}({', '.join(parameter.names[0] for parameter in self.overloads[0].parameters)})"

    def known_to(self, budget: Budget) -> bool:
        """Say whether the edition of an evaluation has the function."""
        return self.since <= budget.edition

    def call(self, arguments: Sequence[Value], budget: Budget) -> Value:
        """Run the first signature the arguments fit, if need be after implicit conversions."""
        for convert in (False, True):
            for overload in self.overloads:
                values = overload.bind(arguments, convert=convert)
                if values is not None:
                    return _run(overload, values, budget)
        kinds = ", ".join(kind_of(argument) for argument in arguments)
        return budget.null("{} cannot be called with ({})", self.signature, kinds)

    def call_named(self, arguments: dict[str, Value], budget: Budget) -> Value:
        """Run the first signature that has parameters of these names and that their values fit."""
        for convert in (False, True):
            for overload in self.overloads:
                ordered = overload.arrange(arguments)
                values = overload.bind(ordered, convert=convert) if ordered is not None else None
                if values is not None:
                    return _run(overload, values, budget)
        given = ", ".join(f"{name}: {kind_of(value)}" for name, value in arguments.items())
        return budget.null("{} cannot be called with ({})", self.signature, given)

    def conforms_to(self, wanted: FunctionType, budget: Budget) -> bool:
        """Compare the number of parameters; their types are checked by each call."""
        return any(overload.takes(len(wanted.parameters)) for overload in self.overloads)


REGISTRY: dict[str, Builtin] = {}
"""The library, filled by `builtin`; read it from `builtins.library`, which imports every family."""


def builtin(signature: str, since: int = 1) -> Callable[[Implementation], Implementation]:
    """Add one signature to the library: `substring(string: text, start position: number, length?: number)`.

    A parameter is `name: kind | kind`; `name?` may be left out, `name...` takes any number, `name/other` has a second
    name, kind `null` lets null through. The implementation takes the budget first. `since`: first edition with it.
    """
    match = SIGNATURE.fullmatch(signature)
    assert match, signature
    parameters = tuple(_parameter(text.strip()) for text in match[2].split(",") if text.strip())

    def add(implementation: Implementation) -> Implementation:
        function = REGISTRY.setdefault(match[1], Builtin(match[1], [], since))
        function.overloads.append(Overload(parameters, implementation))
        return implementation

    return add


def _parameter(text: str) -> Parameter:
    match = PARAMETER.fullmatch(text)
    assert match, text
    kinds = [kind.strip() for kind in match[3].split("|")]
    named = frozenset(name for kind in kinds for name in ALIASES.get(kind, (kind,)))
    return Parameter(
        names=tuple(match[1].split("/")),
        kinds=named - {"null"},
        nullable=match[2] == "?" or "null" in kinds or kinds == ["any"],
        optional=bool(match[2]),
        variadic=match[2] == "...",
    )


def _run(overload: Overload, values: list[Value], budget: Budget) -> Value:
    budget.spend(STEPS_A_CALL)
    for value in values:
        if type(value) is list:
            budget.spend(len(value))
        elif type(value) is str:
            budget.spend(len(value) // CHARACTERS_A_STEP)
    answer = overload.implementation(budget, *values)
    if type(answer) is list:
        return budget.items(answer)
    return budget.text(answer) if type(answer) is str else answer
