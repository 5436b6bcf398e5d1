"""SpiffWorkflow as a second opinion, on the few constructs where its runtime is known to be right.

Sequences, exclusive choices with disjoint conditions, parallel blocks, sub-processes whose paths all end in end events,
and loops outside parallel blocks. Data is left alone inside those: its joins overwrite what another branch wrote.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from tests.drawing import bpmn
from tests.reference.drafting import VARIABLES, Draft, Loose
from tests.reference.drawn import Diagram, Scope
from tests.reference.interpreter import values

MOST_STEPS = 2_000  # of one happening; its scheduler has no bound of its own
BLOCKS = ("user", "user", "user", "throw", "choice", "choice", "parallel", "sub", "loop")


class Plain(Draft):
    """Draws diagrams of the referee's class. `writers` are the tasks that may bring variables."""

    def __init__(self, chance: Random, size: int) -> None:
        super().__init__(chance, size)
        self.writers: set[str] = set()
        name = self.name("p")
        self.diagram.processes[name] = Scope()
        self.fill(self.diagram.processes[name], 0, alone=True)

    def fill(self, scope: Scope, depth: int, *, alone: bool) -> None:
        """Draw a level from its start to its end; `alone`: nothing runs beside it."""
        ends = self.sequence(scope, [Loose(self.node(scope, "start").id)], depth, alone=alone)
        self.then(scope, ends, "end")

    def sequence(self, scope: Scope, ends: list[Loose], depth: int, *, alone: bool) -> list[Loose]:
        """Draw some blocks behind each other."""
        for _ in range(self.chance.randrange(1, 4)):
            kind = self.chance.choice(BLOCKS) if self.left > 0 and depth < 3 else "user"
            if kind in ("user", "throw"):
                ends = self.then(scope, ends, kind)
                if alone and kind == "user":
                    self.writers.add(ends[0].source)
            elif kind != "loop" or alone:
                ends = getattr(self, kind)(scope, ends, depth + 1, alone=alone)
        return ends

    def choice(self, scope: Scope, ends: list[Loose], depth: int, *, alone: bool) -> list[Loose]:
        """Draw an exclusive choice by the value of one variable."""
        gateway, name = self.then(scope, ends, "xor")[0].source, self.chance.choice(VARIABLES)
        ways = [Loose(gateway, f"={name} = {value}") for value in self.chance.sample(range(4), 2)]
        found = [self.sequence(scope, [way], depth, alone=alone)[0] for way in (*ways, Loose(gateway, "", True))]
        return self.then(scope, found, "xor")

    def parallel(self, scope: Scope, ends: list[Loose], depth: int, *, alone: bool) -> list[Loose]:
        """Draw two branches side by side."""
        gateway = self.then(scope, ends, "and")
        found = [self.sequence(scope, gateway, depth, alone=False)[0] for _ in range(2)]
        return self.then(scope, found, "and")

    def sub(self, scope: Scope, ends: list[Loose], depth: int, *, alone: bool) -> list[Loose]:
        """Draw a sub-process; what is written inside one stays out of this comparison."""
        node = self.node(scope, "sub", {}, Scope())
        self.lead(scope, ends, node)
        self.fill(node.inside, depth, alone=False)
        return [Loose(node.id)]

    def loop(self, scope: Scope, ends: list[Loose], depth: int, *, alone: bool) -> list[Loose]:
        """Draw a loop that a task in it can end."""
        begin = self.then(scope, ends, "xor")
        inner = self.then(scope, begin, "user")
        self.writers.add(inner[0].source)
        again = self.then(scope, self.sequence(scope, inner, depth, alone=True), "xor")[0].source
        self.lead(scope, [Loose(again, f"={self.chance.choice(VARIABLES)} = 3")], scope.node(begin[0].source))
        return [Loose(again, "", True)]


class _Expressions(PythonScriptEngine):
    """Evaluates conditions as the reference does."""

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        """Give the value over the data of a task."""
        return values.evaluate(expression, task.data)


class Referee:
    """One SpiffWorkflow instance of a diagram."""

    def __init__(self, diagram: Diagram, variables: Mapping[str, Any]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(bpmn(diagram.text)), "drawn.bpmn")
        specs = parser.get_subprocess_specs(diagram.main)
        self._ids = {node.id for node in diagram.nodes()}
        self.workflow = BpmnWorkflow(parser.get_spec(diagram.main), specs, script_engine=_Expressions())
        self.workflow.task_tree.data.update(variables)
        self.workflow.data.update(variables)
        self._run()

    def complete(self, element: str, index: int, variables: Mapping[str, Any]) -> None:
        """Finish one open task."""
        task = [one for one in self._ready() if one.task_spec.bpmn_id == element][index]
        task.data.update(variables)
        task.run()
        self._run()

    @property
    def open(self) -> list[str]:
        """Elements with an open task, sorted."""
        return sorted(one.task_spec.bpmn_id for one in self._ready())

    @property
    def completed(self) -> dict[str, int]:
        """How often each element was completed."""
        done = [one.task_spec.bpmn_id for one in self.workflow.get_tasks(state=TaskState.COMPLETED)]
        return dict(sorted(Counter(name for name in done if name in self._ids).items()))

    @property
    def finished(self) -> bool:
        """Whether the instance is over."""
        return bool(self.workflow.is_completed())

    def _ready(self) -> list[Task]:
        return list(self.workflow.get_tasks(state=TaskState.READY))

    def _run(self) -> None:
        for _ in range(MOST_STEPS):
            task = next((one for one in self._ready() if not one.task_spec.manual), None)
            if task is None:
                return
            task.run()
        raise AssertionError("the referee goes on and on")
