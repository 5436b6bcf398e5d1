"""Item definitions as FEEL types, and whether values fit them (DMN 1.5, 7.3.2)."""

from __future__ import annotations

from oms_workflow.dmn.graph import Graph
from oms_workflow.dmn.model import DecisionModel, FunctionItem, ItemDefinition
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.errors import FeelSyntaxError
from oms_workflow.feel.types import (
    ANY,
    SIMPLE_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    coerce,
    describe,
)
from oms_workflow.feel.values import Value, kind_of

PREFIX = "feel:"  # DMN 1.1 wrote the types of FEEL as qualified names
MAX_DEPTH = 40  # item definitions made from each other; values themselves are nested less


class TypeTable:
    """The types of all models of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[tuple[int, str], FeelType] = {}
        self._depths: dict[tuple[int, str], int] = {}
        self._entered: set[tuple[int, str]] = set()
        self._items: list[dict[str, ItemDefinition]] = [
            {item.name: item for item in model.items} for model in graph.models
        ]
        self._make_all()
        for position, model in enumerate(graph.models):
            graph.types[position].update(self._named(position, model))

    def find(self, name: str, model: int) -> tuple[ItemDefinition, int] | None:
        """Give the item definition of a name, and the model it stands in; None for types of FEEL and unknown ones."""
        if name in self._items[model]:
            return self._items[model][name], model
        first, _, rest = name.partition(".")
        for one in self._graph.models[model].imports:
            wanted = rest if one.name == first and rest else (name if one.name == "" else "")
            for position, other in enumerate(self._graph.models):
                if wanted and other.namespace == one.namespace and wanted in self._items[position]:
                    return self._items[position][wanted], position
        return None

    def is_known(self, name: str, model: int) -> bool:
        """Say whether a type exists."""
        plain = name.removeprefix(PREFIX)
        return name == "" or plain in SIMPLE_TYPES or self.find(name, model) is not None

    def feel_type(self, name: str, model: int) -> FeelType:
        """Give the FEEL type of a name.

        Any type stands for an unknown one, which the linter reports, where a type is made of itself, and for one that
        is made of others more than `MAX_DEPTH` deep.
        """
        found = self.find(name, model)
        if found is None:
            return SIMPLE_TYPES.get(name.removeprefix(PREFIX), ANY)
        return self._known.get((found[1], found[0].name), ANY)

    def function_item(self, name: str, model: int) -> FunctionItem | None:
        """Give the definition of a type of functions; None when the name means another kind of type."""
        found = self.find(name, model)
        return found[0].function if found else None

    def allowed_values(self, name: str, model: int) -> str:
        """Give the unary tests of a type's allowed values, '' when it has none."""
        found = self.find(name, model) if name else None
        return found[0].allowed if found else ""

    def fit(self, value: Value, name: str, model: int, budget: Budget) -> tuple[Value, str]:
        """Bring a value into a type.

        Returns:
            The value, converted where DMN allows it, and ''; or null and what is wrong, in words.
        """
        if not name or value is None:
            return value, ""
        wanted = self.feel_type(name, model)
        fits, converted = coerce(value, wanted, budget)
        if not fits:
            return None, f"expected {describe(wanted)}, found {kind_of(value)}"
        found = self.find(name, model)
        wrong = self._violation(converted, found[0], found[1], budget, 0) if found else ""
        return (None, wrong) if wrong else (converted, "")

    def _make_all(self) -> None:
        """Make every type once, those it is made of first, without recursion."""
        for start in ((position, name) for position, items in enumerate(self._items) for name in items):
            waiting = [start]
            while waiting:
                key = waiting[-1]
                needed = [] if key in self._entered else self._needed(key)
                self._entered.add(key)
                missing = [one for one in needed if one not in self._entered]
                waiting += missing
                if not missing:
                    waiting.pop()
                    if key not in self._known:
                        self._make(key)

    def _needed(self, key: tuple[int, str]) -> list[tuple[int, str]]:
        """The types an item definition is made of."""
        waiting, names = [self._items[key[0]][key[1]]], []
        for item in waiting:
            waiting += item.components
            names.append(item.type)
            if item.function is not None:
                names += [item.function.result, *(one.type for one in item.function.parameters)]
        found = [self.find(name, key[0]) for name in names if name]
        return [(one[1], one[0].name) for one in found if one is not None]

    def _make(self, key: tuple[int, str]) -> None:
        depth = 1 + max((self._depths.get(one, 0) for one in self._needed(key)), default=0)
        self._depths[key] = depth
        self._known[key] = ANY if depth > MAX_DEPTH else self._of_item(self._items[key[0]][key[1]], key[0])

    def _named(self, position: int, model: DecisionModel) -> dict[str, FeelType]:
        """The types a model's FEEL may name."""
        names = [item.name for item in model.items]
        for one in model.imports:
            prefix = f"{one.name}." if one.name else ""
            for other in self._graph.models:
                if other.namespace == one.namespace:
                    names += [prefix + item.name for item in other.items]
        return {name: self.feel_type(name, position) for name in names}

    def _of_item(self, item: ItemDefinition, model: int) -> FeelType:
        if item.components:
            base: FeelType = ContextType(tuple((part.name, self._of_item(part, model)) for part in item.components))
        elif item.function is not None:
            parameters = tuple(self.feel_type(one.type, model) for one in item.function.parameters)
            base = FunctionType(parameters, self.feel_type(item.function.result, model))
        else:
            base = self.feel_type(item.type, model)
        return ListType(base) if item.is_collection else base

    def _violation(self, value: Value, item: ItemDefinition, model: int, budget: Budget, depth: int) -> str:
        """Say which constraint a value breaks; null breaks none."""
        if value is None or depth > MAX_DEPTH:
            return ""
        if item.constraint and not self._passes(item.constraint, value, model, budget):
            return f"a value breaks the constraint of type '{item.name}'"
        values = value if item.is_collection and isinstance(value, list) else [value]
        budget.spend(len(values))
        base = self.find(item.type, model) if item.type else None
        for one in values:
            if one is None:
                continue
            if item.allowed and not self._passes(item.allowed, one, model, budget):
                return f"a value is none of those allowed for '{item.name}'"
            inner = [(base[0], base[1], one)] if base else []
            if isinstance(one, dict):
                inner += [(part, model, one.get(part.name)) for part in item.components]
            for part, where, held in inner:
                wrong = self._violation(held, part, where, budget, depth + 1)
                if wrong:
                    return wrong
        return ""

    def _passes(self, tests: str, value: Value, model: int, budget: Budget) -> bool:
        try:
            return self._graph.tests(tests, model).test(value, {}, budget) is True
        except FeelSyntaxError:
            budget.note("the allowed values of a type are no FEEL")
            return False
