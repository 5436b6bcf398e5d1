"""Functions written in FEEL: parameters, body and the scope they were made in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.scope import AnyFrame, Code, Frame
from oms_workflow.feel.types import ANY, FeelType, FunctionType, coerce, describe, type_conforms
from oms_workflow.feel.values import FeelFunction, Value, kind_of

FRAMES_A_CALL = 4  # Python frames between the code that calls and the body that is called


@dataclass(frozen=True, slots=True, eq=False)
class UserFunction(FeelFunction):
    """`function(a, b: number) body`, closed over its scope."""

    names: tuple[str, ...]
    types: tuple[FeelType, ...]
    code: Code
    weight: int  # steps that one call costs
    depth: int  # Python frames that one call needs
    frame: AnyFrame
    text: str

    @property
    def signature(self) -> str:
        """The function as it was written."""
        return self.text

    def call(self, arguments: Sequence[Value], budget: Budget) -> Value:
        """Run the body with arguments by position."""
        if len(arguments) != len(self.names):
            return budget.null("{} was called with {} arguments", self.text, len(arguments))
        values = list(arguments)
        for index, (value, wanted) in enumerate(zip(arguments, self.types, strict=True)):
            fits, values[index] = coerce(value, wanted, budget)
            if not fits:
                found, name = kind_of(value), self.names[index]
                return budget.null(
                    "parameter '{}' of {} expects {}, found {}", name, self.text, describe(wanted), found
                )
        frames = self.depth + FRAMES_A_CALL
        budget.spend(self.weight)
        budget.enter(frames)
        try:
            return self.code(Frame(values, self.frame))
        finally:
            budget.leave(frames)

    def call_named(self, arguments: dict[str, Value], budget: Budget) -> Value:
        """Run the body with arguments by name; those left out are null."""
        for name in arguments:
            if name not in self.names:
                return budget.null("{} has no parameter '{}'", self.text, name)
        return self.call([arguments.get(name) for name in self.names], budget)

    def conforms_to(self, wanted: FunctionType, budget: Budget) -> bool:
        """Compare the parameters; what the body gives is known only when it runs."""
        if len(wanted.parameters) != len(self.types):
            return False
        return all(
            mine is ANY or type_conforms(theirs, mine)
            for theirs, mine in zip(wanted.parameters, self.types, strict=True)
        )
