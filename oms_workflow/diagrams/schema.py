"""The BPMN 2.0 XML schema, as SpiffWorkflow ships it: every place where a file breaks it becomes a finding."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.vocabulary import BPMN, DRAWING
from oms_workflow.errors import Diagnostic

CODE = "not-valid-bpmn"

_ONE_AT_A_TIME = Lock()  # the validator is shared, and so is the log of its last run
_MOST = 100  # findings of one file; whoever has more has another problem than the last of them
_EXPECTED = re.compile(r" Expected is (?:one of )?\( .*\)\.$")
_NAMESPACE = re.compile(r"\{[^}]*\}")


def check_schema(root: etree._Element, document: Document) -> Iterator[Diagnostic]:
    """Give what the schema finds wrong. The tree is changed: drawing and extensions are taken out of it."""
    _keep_what_counts(root)
    tree = root.getroottree()
    with _ONE_AT_A_TIME:
        validator = _validator()
        validator.preprocess(tree)
        errors = [] if validator.validator.validate(tree) else list(validator.validator.error_log)
    lines = [element.line for element in document.elements]
    places = {(element.id, element.line): element for element in reversed(document.elements) if element.is_bpmn}
    for error in errors[:_MOST]:
        there = document.elements[max(bisect_right(lines, error.line) - 1, 0)]
        named = _named(tree, error.path, places)
        element = there if named is None or named is there or named in there.ancestors() else named
        fix = "Save the diagram again with a modeler; hand-written XML must keep the order of the BPMN 2.0 schema."
        yield finding(document, element, CODE, _plain(error.message), fix)


@lru_cache(maxsize=1)
def _validator() -> BpmnValidator:
    return BpmnValidator()


def _keep_what_counts(root: etree._Element) -> None:
    """Take out the drawing, whose place in the file differs between modelers, and what dialects add."""
    for child in list(root):
        if isinstance(child.tag, str) and etree.QName(child).namespace in DRAWING:
            root.remove(child)
    for box in root.iter(f"{{{BPMN}}}extensionElements"):
        del box[:]


def _named(tree: Any, path: str | None, places: Mapping[tuple[str, int], Element]) -> Element | None:
    """Give the element an error is about, or the nearest around it with an id: several may stand in one line."""
    prefixes = {prefix: space for prefix, space in tree.getroot().nsmap.items() if prefix}
    try:
        found = tree.xpath(path, namespaces=prefixes) if path else []
    except etree.XPathEvalError:
        return None  # a prefix that is declared further in
    node = found[0] if found else None
    while node is not None:
        element = places.get((node.get("id", ""), node.sourceline)) if node.get("id") else None
        if element is not None:
            return element
        node = node.getparent()
    return None


def _plain(message: str) -> str:
    return _NAMESPACE.sub("", _EXPECTED.sub("", message))
