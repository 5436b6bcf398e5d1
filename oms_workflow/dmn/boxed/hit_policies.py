"""What a decision table makes of the rules that match (DMN 1.5, 8.2.11 and 10.3.2.10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oms_workflow.dmn.asking import Setting
from oms_workflow.dmn.expressions import Aggregation, DecisionTable, HitPolicy
from oms_workflow.feel.builtins.library import LIBRARY
from oms_workflow.feel.comparison import equals
from oms_workflow.feel.errors import FeelSyntaxError
from oms_workflow.feel.values import Value


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matches, by its number from 1, and the values of its outputs."""

    number: int
    outputs: tuple[Value, ...]

    def answer(self, table: DecisionTable) -> Value:
        """The value itself of a table with one output, else a context."""
        if len(table.outputs) == 1:
            return self.outputs[0]
        return {clause.name: value for clause, value in zip(table.outputs, self.outputs, strict=False)}


Policy = Callable[[DecisionTable, list[Hit], Setting], Value]

AGGREGATES = {Aggregation.SUM: "sum", Aggregation.COUNT: "count", Aggregation.MIN: "min", Aggregation.MAX: "max"}
"""The built-in functions that aggregations are defined by."""


def _unique(table: DecisionTable, hits: list[Hit], setting: Setting) -> Value:
    if len(hits) > 1:
        return setting.problem(f"{_rules(hits)} match, but hit policy UNIQUE allows one", table.line)
    return hits[0].answer(table)


def _any(table: DecisionTable, hits: list[Hit], setting: Setting) -> Value:
    first = list(hits[0].outputs)
    if any(equals(list(hit.outputs), first, setting.budget) is not True for hit in hits[1:]):
        return setting.problem(f"{_rules(hits)} match with different outputs; hit policy ANY forbids it", table.line)
    return hits[0].answer(table)


def _first(table: DecisionTable, hits: list[Hit], setting: Setting) -> Value:
    return hits[0].answer(table)


def _priority(table: DecisionTable, hits: list[Hit], setting: Setting) -> Value:
    return _ranked(table, hits, setting)[0].answer(table)


def _rule_order(table: DecisionTable, hits: list[Hit], setting: Setting) -> Value:
    return [hit.answer(table) for hit in hits]


def _output_order(table: DecisionTable, hits: list[Hit], setting: Setting) -> Value:
    return [hit.answer(table) for hit in _ranked(table, hits, setting)]


def _collect(table: DecisionTable, hits: list[Hit], setting: Setting) -> Value:
    answers = [hit.answer(table) for hit in hits]
    if table.aggregation is None:
        return answers
    if len(table.outputs) > 1 and table.aggregation is not Aggregation.COUNT:
        return setting.problem(f"{table.aggregation} needs a table with one output", table.line)
    return LIBRARY[AGGREGATES[table.aggregation]].call([answers], setting.budget)


def _ranked(table: DecisionTable, hits: list[Hit], setting: Setting) -> list[Hit]:
    """The hits by the order of the output values, first column first; equal ones stay in rule order."""
    return sorted(hits, key=lambda hit: _rank(table, hit, setting))


def _rank(table: DecisionTable, hit: Hit, setting: Setting) -> tuple[int, ...]:
    ranks = []
    for clause, value in zip(table.outputs, hit.outputs, strict=False):
        allowed = clause.allowed or setting.asking.types.allowed_values(clause.type, setting.model)
        ranks.append(_position(allowed, value, setting) if allowed else 0)
    return tuple(ranks)


def _position(allowed: str, value: Value, setting: Setting) -> int:
    try:
        tests = setting.asking.graph.tests(allowed, setting.model)
    except FeelSyntaxError as error:
        setting.unreadable(error, 0)
        return 0
    found = tests.position(value, {}, setting.budget)
    return len(allowed) if found is None else found  # what is not listed comes last


def _rules(hits: list[Hit]) -> str:
    numbers = [str(hit.number) for hit in hits]
    return f"rules {', '.join(numbers[:-1])} and {numbers[-1]}"


POLICIES: dict[HitPolicy, Policy] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.FIRST: _first,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.OUTPUT_ORDER: _output_order,
    HitPolicy.COLLECT: _collect,
}
