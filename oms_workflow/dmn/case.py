"""The values of inputs and decisions in one question, or in one call of a decision service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from oms_workflow.dmn.asking import Asking, Names, Setting
from oms_workflow.dmn.graph import Key
from oms_workflow.dmn.model import Decision, InputData
from oms_workflow.dmn.outcome import DecisionTrace, shown, shown_answer
from oms_workflow.feel.values import Value


class Case:
    """Works decisions out, each once, those they need first."""

    def __init__(self, asking: Asking, variables: Names, given: Mapping[Key, Value], by_name: Names) -> None:
        """Take what is known.

        Args:
            variables: Inputs are looked for here by their names. Logic sees those that no element of its model has
                the name of: an element is seen only where it is required, other variables are seen everywhere.
            given: Values of inputs and decisions, as the call of a service gives them.
            by_name: Values of decisions by name, which are then not worked out when another decision needs them.
        """
        self._asking = asking
        self._variables = variables
        self._values: dict[Key, Value] = dict(given)
        self._by_name = by_name

    def answer(self, asked: Key) -> Value:
        """Give the value of a decision; what it requires is worked out first, depth first, without recursion."""
        if asked in self._values:
            return self._values[asked]
        path = [(asked, iter(self._needed(asked, asked)))]
        on_path = {asked}
        while path:
            current, needed = path[-1]
            following = next((key for key in needed if key not in self._values), None)
            if following is None:
                path.pop()
                on_path.discard(current)
                if current not in self._values:
                    self._values[current] = self._work_out(current, is_given=self._is_given(current, asked))
            elif following in on_path:
                self._asking.problem(f"{self._place(following)} needs its own answer.")
            else:
                path.append((following, iter(self._needed(following, asked))))
                on_path.add(following)
        return self._values[asked]

    def _decision(self, key: Key) -> Decision:
        decision = self._asking.graph.elements[key]
        assert isinstance(decision, Decision)
        return decision

    def _place(self, key: Key) -> str:
        return f"Decision '{self._decision(key).name}'"

    def _is_given(self, key: Key, asked: Key) -> bool:
        return key != asked and self._decision(key).name in self._by_name

    def _needed(self, key: Key, asked: Key) -> list[Key]:
        """The decisions a decision requires."""
        if self._is_given(key, asked):
            return []
        graph = self._asking.graph
        found = [graph.resolve(key[0], reference) for reference in self._decision(key).information]
        return [one for one in found if one and isinstance(graph.elements[one], Decision)]

    def _work_out(self, key: Key, *, is_given: bool) -> Value:
        asking, decision = self._asking, self._decision(key)
        setting = Setting(asking, key[0], self._place(key))
        if is_given:
            return setting.fit(self._by_name[decision.name], decision.type, "the given value")
        outer = asking.inputs, asking.rules
        names, asking.inputs = self._scope(key, decision)
        asking.rules = []
        value = setting.evaluate(decision.logic, names) if decision.logic is not None else None
        value = setting.fit(value, decision.type, "the answer")
        asking.trace.append(
            DecisionTrace(
                decision=decision.id,
                name=decision.name,
                inputs=asking.inputs,
                rules=tuple(asking.rules),
                output=shown_answer(value),
            )
        )
        asking.inputs, asking.rules = outer
        return value

    def _scope(self, key: Key, decision: Decision) -> tuple[Names, dict[str, object]]:
        """The names a decision sees, and its inputs as a trace shows them."""
        graph = self._asking.graph
        inputs: dict[str, object] = {}
        own: dict[str, Value] = {}
        for reference in (*decision.information, *decision.knowledge):
            target = graph.resolve(key[0], reference)
            if target is None:
                self._asking.problem(f"{self._place(key)} requires '{reference}', which does not exist.")
                continue
            element, value = graph.elements[target], self._value(target)
            if isinstance(element, (InputData, Decision)):
                inputs[element.name] = shown(value)
            place(own, graph.path(key[0], target[0]), element.name, value)
        hidden = graph.declared(key[0])
        seen = {name: value for name, value in self._variables.items() if name not in hidden}
        return {**seen, **own}, inputs

    def _value(self, key: Key) -> Value:
        element = self._asking.graph.elements[key]
        if isinstance(element, Decision):
            return self._values.get(key)  # missing only in a circle
        if not isinstance(element, InputData):
            return self._asking.make_function(self._asking, key)
        if key not in self._values:
            setting = Setting(self._asking, key[0], f"Input '{element.name}'")
            self._values[key] = setting.fit(self._variables.get(element.name), element.type, "the value")
        return self._values[key]


def place(names: dict[str, Value], path: Sequence[str], name: str, value: Value) -> None:
    """Put a value among names that are being gathered; inside the contexts of the imports it comes through."""
    for prefix in path:
        names = names.setdefault(prefix, {})
    names[name] = value
