"""Boxed expressions from XML. Judges nothing: what is missing is left empty, and the rules of the linter say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oms_workflow.diagrams.decisions.node import Node
from oms_workflow.diagrams.decisions.vocabulary import EXPRESSIONS, FEEL, ITERATIONS
from oms_workflow.dmn.expressions import (
    Aggregation,
    Binding,
    Boxed,
    BoxedContext,
    BoxedFilter,
    BoxedList,
    Conditional,
    ContextEntry,
    DecisionTable,
    FunctionDefinition,
    HitPolicy,
    InputClause,
    Invocation,
    Iteration,
    LiteralExpression,
    OutputClause,
    Relation,
    Rule,
    Variable,
)

HIT_POLICIES = {policy.value: policy for policy in HitPolicy}
AGGREGATIONS = {aggregation.value: aggregation for aggregation in Aggregation}


def read_expression(node: Node | None) -> Boxed | None:
    """Give the boxed expression that stands directly in an element; None when there is none."""
    inner = node.first(*EXPRESSIONS) if node is not None else None
    return READERS[inner.kind](inner) if inner is not None else None


def read_variable(node: Node | None) -> Variable | None:
    """Give a name with its type."""
    return Variable(name=node.name, type=node.get("typeRef")) if node is not None else None


def read_function(node: Node) -> FunctionDefinition:
    """Give a function; the body of one that is not written in FEEL is left out."""
    language = node.get("kind", "FEEL")
    parameters = tuple(Variable(name=one.name, type=one.get("typeRef")) for one in node.all("formalParameter"))
    body = read_expression(node) if language == "FEEL" else None
    return FunctionDefinition(parameters=parameters, body=body, language=language, **_common(node))


def is_feel(node: Node) -> bool:
    """Say whether an expression is written in FEEL, by its own word or by that of the nearest element around it."""
    one: Node | None = node
    while one is not None:
        language = one.get("expressionLanguage")
        if language:
            return FEEL.fullmatch(language) is not None
        one = one.parent
    return True


def _common(node: Node) -> dict[str, Any]:
    return {"type": node.get("typeRef"), "id": node.id, "line": node.line}


def _inner(node: Node | None) -> Boxed:
    """The expression in an element; an empty text, which is null, when there is none."""
    found = read_expression(node)
    return found if found is not None else LiteralExpression(text="", line=node.line if node is not None else 0)


def _read_literal(node: Node) -> Boxed:
    return LiteralExpression(text=node.words(), **_common(node))


def _read_table(node: Node) -> Boxed:
    return DecisionTable(
        inputs=tuple(_read_input(one) for one in node.all("input")),
        outputs=tuple(_read_output(one) for one in node.all("output")),
        rules=tuple(_read_rule(one) for one in node.all("rule")),
        hit_policy=HIT_POLICIES.get(node.get("hitPolicy", "UNIQUE"), HitPolicy.UNIQUE),
        aggregation=AGGREGATIONS.get(node.get("aggregation")),
        **_common(node),
    )


def _read_input(node: Node) -> InputClause:
    expression = node.first("inputExpression")
    label = node.get("label")
    return InputClause(
        text=(expression.words() if expression is not None else "") or label,
        type=expression.get("typeRef") if expression is not None else "",
        label=label,
        allowed=node.nested_words("inputValues"),
    )


def _read_output(node: Node) -> OutputClause:
    return OutputClause(
        name=node.name,
        type=node.get("typeRef"),
        label=node.get("label"),
        allowed=node.nested_words("outputValues"),
        default=node.nested_words("defaultOutputEntry"),
    )


def _read_rule(node: Node) -> Rule:
    annotations = [one.words() for one in node.all("annotationEntry")] + [node.words("description")]
    return Rule(
        id=node.id,
        inputs=tuple(one.words() for one in node.all("inputEntry")),
        outputs=tuple(one.words() for one in node.all("outputEntry")),
        annotation="; ".join(filter(None, annotations)),
        line=node.line,
    )


def _read_context(node: Node) -> Boxed:
    entries = tuple(
        ContextEntry(variable=read_variable(one.first("variable")), value=_inner(one))
        for one in node.all("contextEntry")
    )
    return BoxedContext(entries=entries, **_common(node))


def _read_list(node: Node) -> Boxed:
    return BoxedList(items=_row(node), **_common(node))


def _read_relation(node: Node) -> Boxed:
    columns = tuple(Variable(name=one.name, type=one.get("typeRef")) for one in node.all("column"))
    return Relation(columns=columns, rows=tuple(_row(one) for one in node.all("row")), **_common(node))


def _row(node: Node) -> tuple[Boxed, ...]:
    return tuple(READERS[one.kind](one) for one in node.all(*EXPRESSIONS))


def _read_invocation(node: Node) -> Boxed:
    bindings = tuple(_read_binding(one) for one in node.all("binding"))
    return Invocation(function=_inner(node), bindings=bindings, **_common(node))


def _read_binding(node: Node) -> Binding:
    parameter = node.first("parameter")
    return Binding(parameter=parameter.name if parameter is not None else "", value=_inner(node))


def _read_conditional(node: Node) -> Boxed:
    parts = [_inner(node.first(kind)) for kind in ("if", "then", "else")]
    return Conditional(condition=parts[0], then=parts[1], otherwise=parts[2], **_common(node))


def _read_filter(node: Node) -> Boxed:
    return BoxedFilter(source=_inner(node.first("in")), match=_inner(node.first("match")), **_common(node))


def _read_iteration(node: Node) -> Boxed:
    body = _inner(node.first("return", "satisfies"))
    variable = " ".join(node.get("iteratorVariable").split())
    kind = node.kind
    assert kind in ITERATIONS
    return Iteration(
        kind=kind,  # type: ignore[arg-type]
        variable=variable,
        source=_inner(node.first("in")),
        body=body,
        **_common(node),
    )


READERS: dict[str, Callable[[Node], Boxed]] = {
    "literalExpression": _read_literal,
    "decisionTable": _read_table,
    "context": _read_context,
    "list": _read_list,
    "relation": _read_relation,
    "functionDefinition": read_function,
    "invocation": _read_invocation,
    "conditional": _read_conditional,
    "filter": _read_filter,
    **dict.fromkeys(ITERATIONS, _read_iteration),
}
"""Which function reads which element."""
