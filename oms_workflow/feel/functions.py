"""Functions written in FEEL: parameters, body and the scope they were made in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.scope import AnyFrame, Body, Frame
from oms_workflow.feel.types import ANY, FeelType, FunctionType, coerce, describe, type_conforms
from oms_workflow.feel.values import FeelFunction, Value, kind_of

FRAMES_A_CALL = 4  # Python frames between the code that calls and the body that is called


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A function as it stands in a text, compiled."""

    signature: str
    source: str  # its tokens, for comparing functions
    names: tuple[str, ...]
    types: tuple[FeelType, ...]
    body: Body


@dataclass(frozen=True, slots=True, eq=False)
class UserFunction(FeelFunction):
    """`function(a, b: number) body`, closed over its scope."""

    written: Written
    frame: AnyFrame

    @property
    def signature(self) -> str:
        """The function as it was written."""
        return self.written.signature

    def call(self, arguments: Sequence[Value], budget: Budget) -> Value:
        """Run the body with arguments by position."""
        written = self.written
        if len(arguments) != len(written.names):
            return budget.null("{} was called with {} arguments", written.signature, len(arguments))
        values = list(arguments)
        for index, (value, wanted) in enumerate(zip(arguments, written.types, strict=True)):
            fits, values[index] = coerce(value, wanted, budget)
            if not fits:
                details = written.names[index], written.signature, describe(wanted), kind_of(value)
                return budget.null("parameter '{}' of {} expects {}, found {}", *details)
        frames = written.body.depth + FRAMES_A_CALL
        budget.spend(written.body.weight)
        budget.enter(frames)
        try:
            return written.body.code(Frame(values, self.frame))
        finally:
            budget.leave(frames)

    def call_named(self, arguments: dict[str, Value], budget: Budget) -> Value:
        """Run the body with arguments by name; those left out are null."""
        for name in arguments:
            if name not in self.written.names:
                return budget.null("{} has no parameter '{}'", self.signature, name)
        return self.call([arguments.get(name) for name in self.written.names], budget)

    def conforms_to(self, wanted: FunctionType, budget: Budget) -> bool:
        """Compare the parameters; what the body gives is known only when it runs."""
        mine = self.written.types
        if len(wanted.parameters) != len(mine):
            return False
        return all(
            one is ANY or type_conforms(theirs, one, budget)
            for theirs, one in zip(wanted.parameters, mine, strict=True)
        )

    def same_as(self, other: FeelFunction) -> bool:
        """Say whether both have the same parameters, body and scope (DMN 1.5, table 53)."""
        if not isinstance(other, UserFunction):
            return False
        return self.written.source == other.written.source and self.frame is other.frame
