"""Decision tables: which rules match, and what they give (DMN 1.5, 10.3.2.10)."""

from __future__ import annotations

from oms_workflow.dmn.asking import Names, Setting
from oms_workflow.dmn.boxed.hit_policies import POLICIES, Hit
from oms_workflow.dmn.expressions import DecisionTable, InputClause, OutputClause, Rule
from oms_workflow.dmn.outcome import MatchedRule, shown
from oms_workflow.feel.values import Value

IRRELEVANT = ("", "-")  # cells that any value passes (8.2.8), null too, as in every engine


def evaluate_table(table: DecisionTable, names: Names, setting: Setting) -> Value:
    """Give what the hit policy makes of the rules that match; the default outputs when none does."""
    values = []
    for clause in table.inputs:
        value, wrong = _input(clause, table, names, setting)
        setting.asking.inputs[clause.label or clause.text] = shown(value)
        if wrong:
            return setting.problem(wrong, table.line)
        values.append(value)
    matched = [(number, rule) for number, rule in enumerate(table.rules, 1) if _matches(rule, values, names, setting)]
    setting.asking.rules += [MatchedRule(table=table.id, rule=rule.id, number=number) for number, rule in matched]
    if not matched:
        return _defaults(table, names, setting)
    hits = [Hit(number, _outputs(table, rule, names, setting)) for number, rule in matched]
    return POLICIES[table.hit_policy](table, hits, setting)


def _input(clause: InputClause, table: DecisionTable, names: Names, setting: Setting) -> tuple[Value, str]:
    """The value of an input, and what is wrong with it."""
    label = clause.label or clause.text
    value = setting.feel(clause.text, names, table.line) if clause.text.strip() else None
    value, wrong = setting.asking.types.fit(value, clause.type, setting.model, setting.budget)
    if wrong:
        return None, f"input '{label}' does not fit type '{clause.type}': {wrong}"
    if value is not None and clause.allowed and setting.test(clause.allowed, value, names, table.line) is not True:
        return None, f"the value of input '{label}' is none of those allowed"
    return value, ""


def _matches(rule: Rule, values: list[Value], names: Names, setting: Setting) -> bool:
    setting.budget.spend(len(values))
    return all(
        cell in IRRELEVANT or setting.test(cell, value, names, rule.line) is True
        for cell, value in zip(rule.inputs, values, strict=False)
    )


def _outputs(table: DecisionTable, rule: Rule, names: Names, setting: Setting) -> tuple[Value, ...]:
    """The values of the outputs, in the order of the columns."""
    return tuple(
        _output(clause, text, names, setting, rule.line)
        for clause, text in zip(table.outputs, rule.outputs, strict=False)
    )


def _output(clause: OutputClause, text: str, names: Names, setting: Setting, line: int) -> Value:
    label = clause.name or clause.label or "output"
    value = setting.feel(text, names, line) if text.strip() not in IRRELEVANT else None
    value = setting.fit(value, clause.type, f"output '{label}'")
    if value is not None and clause.allowed and setting.test(clause.allowed, value, names, line) is not True:
        return setting.problem(f"the value of output '{label}' is none of those allowed", line)
    return value


def _defaults(table: DecisionTable, names: Names, setting: Setting) -> Value:
    if not any(clause.default for clause in table.outputs):
        return None
    values = tuple(_output(clause, clause.default, names, setting, table.line) for clause in table.outputs)
    return Hit(0, values).answer(table)
