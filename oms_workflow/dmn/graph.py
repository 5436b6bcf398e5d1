"""Models that belong together, made ready: elements by reference and by name, names in scope, FEEL compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

from oms_workflow.dmn.expressions import BoxedContext, DecisionTable, FunctionDefinition, Iteration, Relation
from oms_workflow.dmn.model import (
    BusinessKnowledge,
    Decision,
    DecisionModel,
    DecisionService,
    InputData,
    ItemDefinition,
)
from oms_workflow.dmn.walk import expressions_in
from oms_workflow.feel.errors import FeelSyntaxError
from oms_workflow.feel.expression import (
    NO_NAMES,
    NO_TYPES,
    Expression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from oms_workflow.feel.lexer import tokenise
from oms_workflow.feel.names import is_plain, tokens_of
from oms_workflow.feel.types import FeelType

Key: TypeAlias = tuple[int, str]
"""An element: position of its model, and its id."""

Element: TypeAlias = InputData | Decision | BusinessKnowledge | DecisionService
Compiled = TypeVar("Compiled", Expression, UnaryTests)
TYPED_TEXT = ("instance", "function")  # words without which a text cannot name a type


class SpecialNames:
    """Names with signs, keywords or odd blanks, and which of them a text may mean."""

    __slots__ = ("_lengths", "_names")

    def __init__(self, names: Iterable[str]) -> None:
        found = {name: tokens_of(name) for name in names if not is_plain(name)}
        self._names = {tokens: name for name, tokens in sorted(found.items()) if tokens}
        self._lengths = sorted({len(tokens) for tokens in self._names})

    def occurring(self, text: str) -> frozenset[str]:
        """Give the names whose tokens stand in a text one after the other."""
        if not self._names:
            return NO_NAMES
        try:
            tokens = [token.text for token in tokenise(text)]
        except FeelSyntaxError:
            return NO_NAMES
        runs = (tuple(tokens[start : start + length]) for start in range(len(tokens)) for length in self._lengths)
        return frozenset(self._names[run] for run in runs if run in self._names)


class Graph:
    """Several models that may refer to each other."""

    def __init__(self, models: Sequence[DecisionModel]) -> None:
        self.models = tuple(models)
        self.elements: dict[Key, Element] = {
            (position, element.id): element
            for position, model in enumerate(self.models)
            for element in elements_of(model)
        }
        self._members = SpecialNames(name for model in self.models for name in _member_names(model))
        self._declared = [frozenset(element.name for element in elements_of(model)) for model in self.models]
        self._expressions: dict[tuple[str, int, frozenset[str]], Expression] = {}
        self._tests: dict[tuple[str, int, frozenset[str]], UnaryTests] = {}
        self.types: list[dict[str, FeelType]] = [{} for _ in self.models]  # filled by `TypeTable`

    def resolve(self, model: int, reference: str) -> Key | None:
        """Give the element a reference in a model means; None when there is none."""
        namespace, _, element = reference.rpartition("#")
        own = self.models[model]
        if namespace in ("", own.namespace) and (model, element) in self.elements:
            return model, element
        for position, other in enumerate(self.models):
            if other.namespace == namespace and (position, element) in self.elements:
                return position, element
        return None

    def find(self, kinds: tuple[type, ...], wanted: str) -> Key:
        """Give the first element of these kinds with an id, else with a name.

        Raises:
            KeyError: When there is none.
        """
        fitting = [(key, element) for key, element in self.elements.items() if isinstance(element, kinds)]
        for key, element in fitting:
            if element.id == wanted:
                return key
        for key, element in fitting:
            if element.name == wanted:
                return key
        raise KeyError(wanted)

    def path(self, model: int, target: int) -> tuple[str, ...]:
        """Give the names of imports through which one model knows another's elements; empty for its own.

        An import without a name brings the elements in under their own names (DMN 1.5, 6.3.3).
        """
        ways: dict[int, tuple[str, ...]] = {model: ()}
        waiting = [model]
        for position in waiting:
            for one in self.models[position].imports:
                found = (other for other, known in enumerate(self.models) if known.namespace == one.namespace)
                for other in found:
                    if other not in ways:
                        ways[other] = (*ways[position], *([one.name] if one.name else []))
                        waiting.append(other)
        return ways.get(target, ())

    def declared(self, model: int) -> frozenset[str]:
        """Give the names of all elements of a model: they are in scope only where they are required."""
        return self._declared[model]

    def expression(self, text: str, model: int, names: Iterable[str] = ()) -> Expression:
        """Give a FEEL text of a model, compiled; names with signs or keywords may need their scope to be read.

        Raises:
            FeelSyntaxError: When it is no FEEL.
        """
        return _read(self._expressions, compile_expression, text, model, self._members, names, self._types(text, model))

    def tests(self, text: str, model: int, names: Iterable[str] = ()) -> UnaryTests:
        """Give the tests of a cell of a model, compiled.

        Raises:
            FeelSyntaxError: When they are no FEEL.
        """
        return _read(self._tests, compile_unary_tests, text, model, self._members, names, self._types(text, model))

    def names_in(self, model: int) -> SpecialNames:
        """Give every special name a model and those it imports know, in whatever scope."""
        own = self.models[model]
        known = [one for one in self.models if one is own or _imports(own, one)]
        return SpecialNames(name for one in known for name in (*_member_names(one), *_scope_names(one)))

    def _types(self, text: str, model: int) -> Mapping[str, FeelType]:
        return self.types[model] if any(word in text for word in TYPED_TEXT) else NO_TYPES


def _read(
    known: dict[tuple[str, int, frozenset[str]], Compiled],
    compile_text: Callable[..., Compiled],
    text: str,
    model: int,
    members: SpecialNames,
    names: Iterable[str],
    types: Mapping[str, FeelType],
) -> Compiled:
    """Compile a text without regard to its scope, or, when it can only be read so, with it."""
    found = known.get((text, model, NO_NAMES))
    if found is not None:
        return found
    inside = members.occurring(text)
    try:
        known[text, model, NO_NAMES] = found = compile_text(text, names=inside, types=types)
    except FeelSyntaxError:
        special = SpecialNames(names).occurring(text)
        key = text, model, special
        known[key] = found = known.get(key) or compile_text(text, names=inside | special, types=types)
    return found


def _imports(model: DecisionModel, other: DecisionModel) -> bool:
    return any(one.namespace == other.namespace for one in model.imports)


def elements_of(model: DecisionModel) -> Iterator[Element]:
    """Give the elements of a model that others can refer to."""
    yield from model.inputs
    yield from model.decisions
    yield from model.knowledge
    yield from model.services


def _member_names(model: DecisionModel) -> Iterator[str]:
    """Names that logic may use inside its data, in any scope."""
    waiting: list[ItemDefinition] = list(model.items)
    while waiting:
        item = waiting.pop()
        waiting += item.components
        yield from (part.name for part in item.components)
    for expression in expressions_in(model):
        if isinstance(expression, DecisionTable):
            yield from (clause.name for clause in expression.outputs)
        elif isinstance(expression, Relation):
            yield from (column.name for column in expression.columns)


def _scope_names(model: DecisionModel) -> Iterator[str]:
    """Names that are in scope only in some places."""
    yield from (one.name for one in model.imports)
    yield from (item.name for item in model.items)
    yield from (element.name for element in elements_of(model))
    for expression in expressions_in(model):
        if isinstance(expression, BoxedContext):
            yield from (entry.variable.name for entry in expression.entries if entry.variable)
        elif isinstance(expression, FunctionDefinition):
            yield from (parameter.name for parameter in expression.parameters)
        elif isinstance(expression, Iteration):
            yield expression.variable
