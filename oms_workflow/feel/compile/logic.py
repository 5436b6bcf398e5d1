"""`and`, `or`, `if`: three-valued logic (DMN 1.5, table 50). What is neither true nor false counts as null."""

from __future__ import annotations

from oms_workflow.feel import syntax
from oms_workflow.feel.compile.compiler import Compiler
from oms_workflow.feel.scope import AnyFrame, Code
from oms_workflow.feel.values import Value, kind_of


def compile_conjunction(compiler: Compiler, node: syntax.Conjunction) -> Code:
    """False as soon as one is false; true when all are."""
    return _junction(compiler, node.operands, decisive=False, word="and")


def compile_disjunction(compiler: Compiler, node: syntax.Disjunction) -> Code:
    """True as soon as one is true; false when all are."""
    return _junction(compiler, node.operands, decisive=True, word="or")


def _junction(compiler: Compiler, operands: tuple[syntax.Node, ...], *, decisive: bool, word: str) -> Code:
    codes = tuple(compiler.compile(operand) for operand in operands)
    neutral = not decisive

    def run(frame: AnyFrame) -> Value:
        answer: bool | None = neutral
        for code in codes:
            value = code(frame)
            if value is decisive:
                return decisive
            if value is not neutral:
                answer = None
                if value is not None:
                    frame.run.budget.note("'{}' joins conditions, found {}", word, kind_of(value))
        return answer

    return run


def compile_conditional(compiler: Compiler, node: syntax.Conditional) -> Code:
    """The branch of the first condition that is true."""
    branches = tuple((compiler.compile(condition), compiler.compile(value)) for condition, value in node.branches)
    otherwise = compiler.compile(node.otherwise)

    def run(frame: AnyFrame) -> Value:
        for condition, value in branches:
            found = condition(frame)
            if found is True:
                return value(frame)
            if found is not False:
                frame.run.budget.note("'if' expects a condition, found {}", kind_of(found))
        return otherwise(frame)

    return run
