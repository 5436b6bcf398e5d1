"""FEEL text."""

from __future__ import annotations

from oms_workflow.dmn.asking import Names, Setting
from oms_workflow.dmn.expressions import LiteralExpression
from oms_workflow.feel.values import Value


def evaluate_literal(expression: LiteralExpression, names: Names, setting: Setting) -> Value:
    """Give what the text says; an empty text is null."""
    return setting.feel(expression.text, names, expression.line) if expression.text.strip() else None
