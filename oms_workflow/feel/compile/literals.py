"""Literals, lists, contexts, ranges and function literals."""

from __future__ import annotations

from oms_workflow.feel import syntax
from oms_workflow.feel.comparison import order
from oms_workflow.feel.compile.compiler import Compiler
from oms_workflow.feel.functions import UserFunction, Written
from oms_workflow.feel.scope import AnyFrame, Code, Frame
from oms_workflow.feel.types import ANY, FeelType, resolve
from oms_workflow.feel.values import Range, Value, kind_of

LONGEST_WORD = 80  # characters of the name of a class or method in a message


def compile_literal(compiler: Compiler, node: syntax.Literal) -> Code:
    """The value itself; an at-literal that is none gives null."""
    value, problem = node.value, node.problem
    if problem:
        return lambda frame: frame.run.budget.null(problem)
    return lambda frame: value


def compile_list(compiler: Compiler, node: syntax.ListLiteral) -> Code:
    """A new list each time."""
    codes = tuple(compiler.compile(item) for item in node.items)
    return lambda frame: [code(frame) for code in codes]


def compile_context(compiler: Compiler, node: syntax.ContextLiteral) -> Code:
    """A new context each time; each entry sees those before it."""
    keys = [key for key, _ in node.entries]
    if len(set(keys)) < len(keys):
        twice = next(key for index, key in enumerate(keys) if key in keys[:index])
        return lambda frame: frame.run.budget.null("a context has two entries '{}'", twice)
    names: list[str] = []  # grows while the entries are compiled, so that each sees those before it
    with compiler.frame(names):
        codes = [_compile_entry(compiler, names, key, value) for key, value in node.entries]

    def run(frame: AnyFrame) -> Value:
        values: list[Value] = []
        inner = Frame(values, frame)
        for code in codes:
            values.append(code(inner))  # noqa: PERF401 - each entry reads those before it
        return dict(zip(keys, values, strict=True))

    return run


def _compile_entry(compiler: Compiler, names: list[str], key: str, value: syntax.Node) -> Code:
    code = compiler.compile(value)
    names.append(key)
    return code


def compile_range(compiler: Compiler, node: syntax.RangeLiteral) -> Code:
    """Ends must be of one kind and in ascending order (DMN 1.5, 10.3.2.7)."""
    low, high = compiler.compile(node.start), compiler.compile(node.end)
    start_included, end_included = node.start_included, node.end_included

    def run(frame: AnyFrame) -> Value:
        start, end = low(frame), high(frame)
        found = order(start, end)
        if found is None:
            return frame.run.budget.null("a range cannot go from {} to {}", kind_of(start), kind_of(end))
        if found > 0:
            return frame.run.budget.null("a range runs backwards")
        return Range(start, start_included, end, end_included)

    return run


def compile_unary_test(compiler: Compiler, node: syntax.UnaryTest) -> Code:
    """`< 10` as a value is a range without start (DMN 1.5, table 42)."""
    operand, operator = compiler.compile(node.operand), node.operator

    def run(frame: AnyFrame) -> Value:
        value = operand(frame)
        if order(value, value) is None or operator == "!=":
            return frame.run.budget.null("'{}' with {} is no range", operator, kind_of(value))
        start = value if operator in (">", ">=", "=") else None
        end = value if operator in ("<", "<=", "=") else None
        return Range(start, operator in (">=", "="), end, operator in ("<=", "="))

    return run


def compile_function(compiler: Compiler, node: syntax.FunctionLiteral) -> Code:
    """A function closed over the frame it is made in."""
    if node.external:
        found = f"{node.signature} external is refused: {_foreign(node.body)} cannot run here, nor be replayed."
        hint = "Write it in FEEL, or let an activity do the work."
        raise compiler.error(f"{found} {hint}", max(compiler.text.find(node.signature), 0))
    names = tuple(parameter.name for parameter in node.parameters)
    types = [_type_of(compiler, parameter) for parameter in node.parameters]
    known = tuple(found for found in types if found is not None)
    if len(known) < len(types):
        return lambda frame: frame.run.budget.null("a parameter of {} has an unknown type", node.signature)
    body = compiler.body(node.body, list(names))
    written = Written(node.signature, node.source, names, known, body)
    return lambda frame: UserFunction(written, frame)


def _type_of(compiler: Compiler, parameter: syntax.Parameter) -> FeelType | None:
    return ANY if parameter.type is None else resolve(parameter.type, compiler.types)


def _foreign(body: syntax.Node) -> str:
    """What an external function calls, as it is written: `java "java.lang.Math" "cos(double)"`."""
    words: list[str] = []
    waiting = [body]
    while waiting:
        one = waiting.pop()
        if isinstance(one, syntax.Literal) and isinstance(one.value, str):
            words.append(f'"{one.value[:LONGEST_WORD]}"')
        elif isinstance(one, syntax.ContextLiteral):
            words += [key for key, value in one.entries if isinstance(value, syntax.ContextLiteral)]
            waiting += [value for _, value in reversed(one.entries)]
    return " ".join(words) or "code of another language"
