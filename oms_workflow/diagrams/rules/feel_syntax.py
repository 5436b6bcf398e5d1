"""An expression is not FEEL."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.feel_texts import FeelText, feel_texts
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.expressions import compiled, constant
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "feel-syntax"

_SHOWN = 80  # characters of an expression in a message


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Compile every expression; conditions that are constant must be true or false."""
    for text in feel_texts(document):
        if text.is_feel:
            yield from _feel(document, text)
        elif text.must_be_feel or (text.wanted == "number" and not text.text.isdecimal()):
            message = f"{text.what} of {said(text.node)} is not FEEL: {_shown(text.text)}."
            fix = "Write FEEL after a leading '=', for example =total > 100."
            if text.text.startswith(("${", "#{")):
                fix = "This is the language of another engine; write it in FEEL after a leading '='."
            yield finding(document, text.element, CODE, _sentence(message), fix)


def _feel(document: Document, text: FeelText) -> Iterator[Diagnostic]:
    answer = compiled(text.expression)
    if answer.fault:
        # The leading '=' is no part of the expression, but it is of the text that the analyst sees.
        where = f"line {answer.line}, column {answer.column}" if answer.line > 1 else f"column {answer.column + 1}"
        message = f"{text.what} of {said(text.node)} is not FEEL, {where}: {answer.fault}. Found {_shown(text.text)}."
        yield finding(document, text.element, CODE, _sentence(message), "Correct the expression.")
        return
    if text.wanted in ("condition", "number"):
        is_constant, value = constant(text.expression)
        is_right = isinstance(value, bool) == (text.wanted == "condition")
        if is_constant and not is_right:
            wanted = "true or false" if text.wanted == "condition" else "a number"
            message = f"{text.what} of {said(text.node)} must be {wanted}; {_shown(text.text)} never is."
            yield finding(document, text.element, CODE, _sentence(message), "Write an expression that compares.")


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
