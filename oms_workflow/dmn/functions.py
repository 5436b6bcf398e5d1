"""Business knowledge models, decision services and boxed functions as FEEL functions (DMN 1.5, 10.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oms_workflow.dmn.asking import Asking, Names, Setting
from oms_workflow.dmn.case import Case, place
from oms_workflow.dmn.graph import Key
from oms_workflow.dmn.model import BusinessKnowledge, Decision, DecisionService, InputData
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.types import FunctionType, type_conforms
from oms_workflow.feel.values import FeelFunction, Value

FRAMES_A_CALL = 12  # Python frames between the code that calls and the logic that is called


@dataclass(frozen=True, slots=True, eq=False)
class ModelFunction(FeelFunction):
    """A function of a model: named parameters with types, and something that works the answer out."""

    name: str
    parameters: tuple[tuple[str, str], ...]  # name and type
    setting: Setting
    work_out: Callable[[dict[str, Value]], Value]

    @property
    def signature(self) -> str:
        """The function as people write it."""
        return f"{self.name}({', '.join(name for name, _ in self.parameters)})"

    def call(self, arguments: Sequence[Value], budget: Budget) -> Value:
        """Work the answer out for arguments by position."""
        if len(arguments) != len(self.parameters):
            return budget.null("{} was called with {} arguments", self.signature, len(arguments))
        values: dict[str, Value] = {}
        types, model = self.setting.asking.types, self.setting.model
        for (name, type_name), argument in zip(self.parameters, arguments, strict=True):
            values[name], wrong = types.fit(argument, type_name, model, budget)
            if wrong:
                return budget.null("parameter '{}' of {}: {}", name, self.signature, wrong)
        budget.spend(FRAMES_A_CALL)
        budget.enter(FRAMES_A_CALL)
        try:
            return self.work_out(values)
        finally:
            budget.leave(FRAMES_A_CALL)

    def call_named(self, arguments: dict[str, Value], budget: Budget) -> Value:
        """Work the answer out for arguments by name; those left out are null."""
        known = [name for name, _ in self.parameters]
        for name in arguments:
            if name not in known:
                return budget.null("{} has no parameter '{}'", self.signature, name)
        return self.call([arguments.get(name) for name in known], budget)

    def conforms_to(self, wanted: FunctionType, budget: Budget) -> bool:
        """Compare the parameters; what the function gives is known only when it runs."""
        types, model = self.setting.asking.types, self.setting.model
        mine = [types.feel_type(type_name, model) for _, type_name in self.parameters]
        pairs = zip(wanted.parameters, mine, strict=False)
        return len(mine) == len(wanted.parameters) and all(type_conforms(theirs, one, budget) for theirs, one in pairs)


def function_of(asking: Asking, key: Key) -> FeelFunction:
    """Give a business knowledge model or decision service as the function it is."""
    element = asking.graph.elements[key]
    if isinstance(element, BusinessKnowledge):
        return _of_knowledge(asking, key, element)
    assert isinstance(element, DecisionService)
    return _of_service(asking, key, element)


def _of_knowledge(asking: Asking, key: Key, knowledge: BusinessKnowledge) -> FeelFunction:
    setting = Setting(asking, key[0], f"Function '{knowledge.name}'")
    logic = knowledge.logic
    parameters = tuple((one.name, one.type) for one in logic.parameters) if logic else ()
    result_type = _result_type(setting, knowledge.type)

    def work_out(values: dict[str, Value]) -> Value:
        if logic is None or logic.body is None:
            return setting.problem("it is not written in FEEL") if logic and logic.language != "FEEL" else None
        names = {**_knowledge_of(asking, key, knowledge), **values}
        return setting.fit(setting.evaluate(logic.body, names), result_type, "the answer")

    return ModelFunction(knowledge.name, parameters, setting, work_out)


def _knowledge_of(asking: Asking, key: Key, knowledge: BusinessKnowledge) -> Names:
    """The functions a function may call: those it requires, and itself."""
    names: dict[str, Value] = {knowledge.name: function_of(asking, key)}
    for reference in knowledge.knowledge:
        target = asking.graph.resolve(key[0], reference)
        if target is not None:
            path = asking.graph.path(key[0], target[0])
            place(names, path, asking.graph.elements[target].name, asking.make_function(asking, target))
    return names


def _of_service(asking: Asking, key: Key, service: DecisionService) -> FeelFunction:
    setting = Setting(asking, key[0], f"Service '{service.name}'")
    references = (*service.input_data, *service.input_decisions)
    found = [asking.graph.resolve(key[0], reference) for reference in references]
    inputs = [one for one in found if one is not None]
    elements = [asking.graph.elements[one] for one in inputs]
    parameters = tuple((one.name, one.type) for one in elements if isinstance(one, (InputData, Decision)))
    result_type = _result_type(setting, service.type)

    def work_out(values: dict[str, Value]) -> Value:
        given = dict(zip(inputs, values.values(), strict=True))
        case = Case(asking, {}, given, {})
        answers: dict[str, Value] = {}
        for reference in service.outputs:
            target = asking.graph.resolve(key[0], reference)
            if target is None:
                return setting.problem(f"its output '{reference}' does not exist")
            answers[asking.graph.elements[target].name] = case.answer(target)
        single = len(service.outputs) == 1
        return setting.fit(next(iter(answers.values())) if single else answers, result_type, "the answer")

    return ModelFunction(service.name, parameters, setting, work_out)


def _result_type(setting: Setting, type_name: str) -> str:
    """The type of the answer: that of a function type, or, as DMN 1.1 had it, the type itself."""
    function = setting.asking.types.function_item(type_name, setting.model)
    return function.result if function else type_name
