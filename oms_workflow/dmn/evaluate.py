"""The doors of the room: ask a decision, or call a decision service or business knowledge model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from oms_workflow.dmn.asking import Asking, Names
from oms_workflow.dmn.boxed.kinds import evaluate_boxed
from oms_workflow.dmn.case import Case
from oms_workflow.dmn.functions import function_of
from oms_workflow.dmn.model import BusinessKnowledge, Decision, DecisionModel, DecisionService
from oms_workflow.dmn.outcome import Outcome
from oms_workflow.dmn.prepared import prepared
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.edition import NEWEST
from oms_workflow.feel.normal import normalise, outward
from oms_workflow.feel.values import Value

NOTHING: Mapping[str, Any] = MappingProxyType({})


def decide(
    models: Sequence[DecisionModel],
    decision: str,
    inputs: Mapping[str, Any],
    *,
    given: Mapping[str, Any] = NOTHING,
    at: datetime | None = None,
    edition: int = NEWEST,
) -> Outcome:
    """Give the answer of a decision.

    Args:
        models: The model of the decision and those it imports; pass the same objects each time, they are cached.
        decision: Its id or name; ids are looked for first, in the order of the models.
        inputs: Values by name of the input data; other names can be read by the logic, too.
        given: Values of decisions by name; they replace the logic of decisions that the asked one requires.
        at: The time for now() and today(), with its zone; None makes them null.
        edition: Whose FEEL the logic follows; see `feel/edition.py`.

    Raises:
        KeyError: When no model has such a decision.
        FeelLimitExceeded: When it would take too much time or memory.
    """
    asking = _asking(models, at, edition)
    key = asking.graph.find((Decision,), decision)
    case = Case(asking, _normal(inputs), {}, _normal(given))
    return _outcome(asking, case.answer(key))


def call(
    models: Sequence[DecisionModel], name: str, arguments: Mapping[str, Any], *, at: datetime | None = None
) -> Outcome:
    """Give the answer of a decision service or business knowledge model for arguments by name.

    Raises:
        KeyError: When no model has such a service or function.
        FeelLimitExceeded: When it would take too much time or memory.
    """
    asking = _asking(models, at)
    key = asking.graph.find((DecisionService, BusinessKnowledge), name)
    function = function_of(asking, key)
    return _outcome(asking, function.call_named(dict(_normal(arguments)), asking.budget))


def _asking(models: Sequence[DecisionModel], at: datetime | None, edition: int = NEWEST) -> Asking:
    return Asking(*prepared(models), Budget(at, [], edition), evaluate_boxed, function_of)


def _normal(values: Mapping[str, Any]) -> Names:
    return {name: normalise(value) for name, value in values.items()}


def _outcome(asking: Asking, value: Value) -> Outcome:
    return Outcome(
        value=outward(value),
        trace=tuple(asking.trace),
        problems=tuple(asking.problems),
        notes=tuple(asking.budget.notes or ()),
    )
