"""Reading loops: `multiInstanceLoopCharacteristics` with `zeebe:loopCharacteristics` or data, and standard loops."""

from __future__ import annotations

from oms_workflow.bpmn.work import MultiInstance, StandardLoop
from oms_workflow.diagrams.dialect import data_flow
from oms_workflow.diagrams.dialect.fault import DialectFault
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element

_MOST_TURNS = 1_000_000

WINDOW = 100
"""Items of a parallel multi-instance under way at a time, unless `loopWindow` says otherwise: more than one order has
lines to be worked on side by side, few enough that ten thousand items neither fill a history nor crowd out others."""


def read_loop(document: Document, element: Element) -> MultiInstance | StandardLoop | None:
    """Give the loop of an activity; None when it runs once.

    Raises:
        DialectFault: When `loopMaximum` or `loopWindow` is no number from 1.
    """
    multiple = element.first("multiInstanceLoopCharacteristics")
    if multiple is not None:
        return _multi_instance(document, element, multiple)
    standard = element.first("standardLoopCharacteristics")
    return _standard(standard) if standard is not None else None


def _multi_instance(document: Document, element: Element, multiple: Element) -> MultiInstance:
    sequential = multiple.is_true("isSequential")
    ours = multiple.extension("loopCharacteristics")
    gathered, gathering = data_flow.loop_outputs(document, element, multiple)
    collection = data_flow.loop_collection(document, element, multiple)
    item = data_flow.variable_of(document, multiple.first("inputDataItem"))
    return MultiInstance(
        sequential=sequential,
        window=0 if sequential else _number("loopWindow", read_settings(element).get("loopWindow")) or WINDOW,
        cardinality=_text(multiple, "loopCardinality"),
        collection=_set(ours, "inputCollection") or collection,
        item=_set(ours, "inputElement") or item,
        output_collection=_set(ours, "outputCollection") or gathered,
        output_element=_set(ours, "outputElement") or gathering,
        completion_condition=_text(multiple, "completionCondition"),
    )


def _set(ours: Element | None, attribute: str) -> str:
    return ours.get(attribute) if ours is not None else ""


def _standard(standard: Element) -> StandardLoop:
    return StandardLoop(
        condition=_text(standard, "loopCondition"),
        test_before=standard.is_true("testBefore"),
        maximum=_number("loopMaximum", standard.get("loopMaximum")),
    )


def _number(what: str, text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > len(str(_MOST_TURNS)) or not 1 <= int(text) <= _MOST_TURNS:
        raise DialectFault(
            f"{what}: expected a whole number from 1 to {_MOST_TURNS:,}; found {text!r}.",
            "Write how many at most.",
        )
    return int(text)


def _text(element: Element, kind: str) -> str:
    child = element.first(kind)
    return child.text if child is not None else ""
