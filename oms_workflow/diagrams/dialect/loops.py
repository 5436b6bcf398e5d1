"""Reading loops: `multiInstanceLoopCharacteristics` with or without `zeebe:loopCharacteristics`, and standard loops."""

from __future__ import annotations

from oms_workflow.bpmn.work import MultiInstance, StandardLoop
from oms_workflow.diagrams.dialect.fault import DialectFault
from oms_workflow.diagrams.element import Element

_MOST_TURNS = 1_000_000


def read_loop(element: Element) -> MultiInstance | StandardLoop | None:
    """Give the loop of an activity; None when it runs once.

    Raises:
        DialectFault: When `loopMaximum` is no number from 1.
    """
    multiple = element.first("multiInstanceLoopCharacteristics")
    if multiple is not None:
        return _multi_instance(multiple)
    standard = element.first("standardLoopCharacteristics")
    return _standard(standard) if standard is not None else None


def _multi_instance(multiple: Element) -> MultiInstance:
    ours = multiple.extension("loopCharacteristics")
    cardinality = _text(multiple, "loopCardinality")
    return MultiInstance(
        sequential=multiple.is_true("isSequential"),
        cardinality=cardinality,
        collection=ours.get("inputCollection") if ours is not None else "",
        item=ours.get("inputElement") if ours is not None else "",
        output_collection=ours.get("outputCollection") if ours is not None else "",
        output_element=ours.get("outputElement") if ours is not None else "",
        completion_condition=_text(multiple, "completionCondition"),
    )


def _standard(standard: Element) -> StandardLoop:
    return StandardLoop(
        condition=_text(standard, "loopCondition"),
        test_before=standard.is_true("testBefore"),
        maximum=_maximum(standard.get("loopMaximum")),
    )


def _maximum(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > len(str(_MOST_TURNS)) or not 1 <= int(text) <= _MOST_TURNS:
        raise DialectFault(
            f"loopMaximum: expected a whole number from 1 to {_MOST_TURNS:,}; found {text!r}.",
            "Write how often at most.",
        )
    return int(text)


def _text(element: Element, kind: str) -> str:
    child = element.first(kind)
    return child.text if child is not None else ""
