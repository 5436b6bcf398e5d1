"""FEEL, the expression language of DMN 1.5, evaluated without clock, chance or host access, and within limits."""

from oms_workflow.feel.codec import decode, encode, to_plain
from oms_workflow.feel.edition import NEWEST
from oms_workflow.feel.errors import FeelLimitExceeded, FeelSyntaxError, FeelTooComplex
from oms_workflow.feel.expression import Expression, UnaryTests, compile_expression, compile_unary_tests, evaluate
from oms_workflow.feel.iso8601 import format_duration, parse_date_time, parse_duration
from oms_workflow.feel.normal import normalise
from oms_workflow.feel.values import FeelFunction, Range, Value, YearsMonths

__all__ = [
    "NEWEST",
    "Expression",
    "FeelFunction",
    "FeelLimitExceeded",
    "FeelSyntaxError",
    "FeelTooComplex",
    "Range",
    "UnaryTests",
    "Value",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "decode",
    "encode",
    "evaluate",
    "format_duration",
    "normalise",
    "parse_date_time",
    "parse_duration",
    "to_plain",
]
