"""The FEEL texts of a file, each compiled once for all rules that look at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from oms_workflow.diagrams.decisions.logic_reader import is_feel
from oms_workflow.diagrams.decisions.node import Node
from oms_workflow.diagrams.decisions.vocabulary import NOT_FEEL, PARTS, UNARY_TESTS
from oms_workflow.dmn.graph import SpecialNames
from oms_workflow.feel import compile_expression, compile_unary_tests
from oms_workflow.feel.errors import FeelSyntaxError

IRRELEVANT = ("", "-")  # cells that say nothing
FUNCTIONS = ("functionDefinition", "encapsulatedLogic")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicText:
    """A text of the logic: where it stands, what it reads, or why it is no FEEL."""

    node: Node  # the `text` element
    box: Node  # the element whose text it is
    text: str
    names: tuple[str, ...]  # read from its scope; empty when it is no FEEL
    error: FeelSyntaxError | None


def read_texts(root: Node, names: SpecialNames) -> list[LogicText]:
    """Give all texts of the logic that are to be FEEL, in XML order."""
    return [_read(node, box, names) for node, box in _texts_in(root)]


def _texts_in(root: Node) -> Iterator[tuple[Node, Node]]:
    for node in root.descendants():
        box = node.parent
        if node.kind != "text" or box is None or "text" not in PARTS.get(box.kind, ()) or box.kind in NOT_FEEL:
            continue
        if is_feel(box) and not _in_foreign_function(box):
            yield node, box


def _read(node: Node, box: Node, names: SpecialNames) -> LogicText:
    text = node.text.strip()
    found: tuple[str, ...] = ()
    error = None
    try:
        if text not in IRRELEVANT:
            compile_text = compile_unary_tests if box.kind in UNARY_TESTS else compile_expression
            found = compile_text(text, names=names.occurring(text)).names
    except FeelSyntaxError as caught:
        error = caught
    return LogicText(node=node, box=box, text=text, names=found, error=error)


def _in_foreign_function(node: Node) -> bool:
    one: Node | None = node
    while one is not None:
        if one.kind in FUNCTIONS and one.get("kind", "FEEL") != "FEEL":
            return True
        one = one.parent
    return False
