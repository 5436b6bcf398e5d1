"""What both generators draw with: ids, loose ends, and the small choices (conditions, events, mappings) of a diagram.

Chance comes in as `random.Random`, from a seed or from Hypothesis, so a diagram is a function of its seed.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from random import Random

from tests.reference.drawn import Diagram, Flow, Node, Scope

VARIABLES = ("v0", "v1", "v2")
ERRORS = ("E1", "E2")
ESCALATIONS = ("L1", "L2")
SIGNALS = ("s1", "s2")
KEY = "=k"  # variable that holds the correlation key; a walk starts with k = 1


def together(parts: list[dict[str, str]]) -> str:
    """Give several definitions as the one text that `tests/drawing.py` reads."""
    return "; ".join(" ".join(shlex.quote(f"{name}={value}") for name, value in part.items()) for part in parts)


@dataclass(frozen=True, slots=True)
class Loose:
    """The beginning of a flow that leads nowhere yet."""

    source: str
    condition: str = ""
    default: bool = False


class Draft:
    """A diagram in the making."""

    def __init__(self, chance: Random, size: int) -> None:
        self.chance = chance
        self.left = size  # nodes that may still be drawn; ends and joins are drawn anyway
        self.diagram = Diagram({})
        self._ids = 0

    def name(self, prefix: str) -> str:
        """Give an id nothing else has."""
        self._ids += 1
        return f"{prefix}{self._ids}"

    def maybe(self, percent: int) -> bool:
        """Say yes in so many of a hundred cases."""
        return self.chance.randrange(100) < percent

    def node(self, scope: Scope, kind: str, keys: dict[str, str] | None = None, inside: Scope | None = None) -> Node:
        """Draw a node."""
        drawn = Node(kind, self.name(kind[0].upper()), keys or {}, inside)
        scope.nodes.append(drawn)
        self.left -= 1
        return drawn

    def lead(self, scope: Scope, ends: list[Loose], target: Node) -> None:
        """Lead loose ends to a node. Where two would run between the same nodes, one gets a task on its way."""
        for end in ends:
            source = end.source
            if any((flow.source, flow.target) == (source, target.id) for flow in scope.flows) or source == target.id:
                between = self.node(scope, "task")
                scope.flows.append(Flow(source, between.id, end.condition, end.default))
                scope.flows.append(Flow(between.id, target.id))
            else:
                scope.flows.append(Flow(source, target.id, end.condition, end.default))

    def then(self, scope: Scope, ends: list[Loose], kind: str, keys: dict[str, str] | None = None) -> list[Loose]:
        """Draw a node behind loose ends and give its own."""
        node = self.node(scope, kind, keys)
        self.lead(scope, ends, node)
        return [Loose(node.id)]

    def condition(self) -> str:
        """Give a condition about one variable."""
        name, operator = self.chance.choice(VARIABLES), self.chance.choice(("=", "!=", "<", ">", ">="))
        return f"={name} {operator} {self.chance.randrange(4)}"

    def value(self) -> str:
        """Give an expression for a number."""
        name = self.chance.choice(VARIABLES)
        return self.chance.choice((f"={name}", f"={name} + 1", f"={self.chance.randrange(4)}"))

    def duration(self) -> str:
        """Give a duration; the same one comes up now and then."""
        return f"PT{self.chance.randrange(1, 40)}M"

    def waited_for(self, together_as: tuple[str, ...] = ("any", "all")) -> dict[str, str]:
        """Give the keys of an event that somebody waits for; now and then it has several definitions."""
        if not self.maybe(15):
            return self._one_waited_for()
        parts = [self._one_waited_for() for _ in range(self.chance.randrange(2, 4))]
        return {self.chance.choice(together_as): together(parts)}

    def _one_waited_for(self) -> dict[str, str]:
        kind = self.chance.choice(("timer", "timer", "message", "message", "signal", "condition"))
        if kind == "timer":
            return {"timer": self.duration()}
        if kind == "message":
            shared = self.maybe(20)
            return {"message": self.chance.choice(("ma", "mb")) if shared else self.name("m"), "key": KEY}
        if kind == "signal":
            return {"signal": self.chance.choice(SIGNALS)}
        return {"condition": self.condition()}

    def caught(self) -> dict[str, str]:
        """Give the keys of an event on a boundary, or at the start of an event sub-process."""
        kind = self.chance.randrange(10)
        if kind < 2:
            return {"error": self.chance.choice((*ERRORS, "*"))}
        found = {"escalation": self.chance.choice((*ESCALATIONS, "*"))} if kind < 4 else self.waited_for()
        if self.maybe(10) and "any" not in found and "all" not in found:  # an error among them has to interrupt
            parts = [{"error": self.chance.choice(ERRORS)}, self._one_waited_for()]
            return {"any": together([*parts, found][: self.chance.randrange(2, 4)])}
        if self.maybe(50):
            found["nonstop"] = ""
            if "timer" in found and self.maybe(50):
                found |= {"measure": "cycle", "timer": f"R{self.chance.randrange(1, 4)}/{found['timer']}"}
        return found

    def work_keys(self, kind: str) -> dict[str, str]:
        """Give what an activity of a kind cannot be drawn without."""
        if kind == "service":
            return {"type": "any.work"}
        if kind == "script":
            return {"expression": self.value(), "result": self.chance.choice(VARIABLES)}
        if kind in ("receive", "send"):
            return {"message": self.name("m"), "key": KEY}
        return {}
