"""Which handler compiles which kind of node."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from oms_workflow.feel import syntax
from oms_workflow.feel.compile.access import compile_name, compile_path
from oms_workflow.feel.compile.calls import compile_call
from oms_workflow.feel.compile.compiler import Handler
from oms_workflow.feel.compile.filters import compile_filter
from oms_workflow.feel.compile.literals import (
    compile_context,
    compile_function,
    compile_list,
    compile_literal,
    compile_range,
    compile_unary_test,
)
from oms_workflow.feel.compile.logic import compile_conditional, compile_conjunction, compile_disjunction
from oms_workflow.feel.compile.loops import compile_loop, compile_quantified
from oms_workflow.feel.compile.membership import compile_membership
from oms_workflow.feel.compile.operators import (
    compile_arithmetic,
    compile_between,
    compile_comparison,
    compile_instance_of,
    compile_negation,
)

HANDLERS: Mapping[type, Handler] = MappingProxyType(
    {
        syntax.Arithmetic: compile_arithmetic,
        syntax.Between: compile_between,
        syntax.Call: compile_call,
        syntax.Comparison: compile_comparison,
        syntax.Conditional: compile_conditional,
        syntax.Conjunction: compile_conjunction,
        syntax.ContextLiteral: compile_context,
        syntax.Disjunction: compile_disjunction,
        syntax.Filter: compile_filter,
        syntax.FunctionLiteral: compile_function,
        syntax.InstanceOf: compile_instance_of,
        syntax.ListLiteral: compile_list,
        syntax.Literal: compile_literal,
        syntax.Loop: compile_loop,
        syntax.Membership: compile_membership,
        syntax.Name: compile_name,
        syntax.Negation: compile_negation,
        syntax.Path: compile_path,
        syntax.Quantified: compile_quantified,
        syntax.RangeLiteral: compile_range,
        syntax.UnaryTest: compile_unary_test,
    }
)
