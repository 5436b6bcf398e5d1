"""One element of a DMN file as plain data. Knows nothing of what it means."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from oms_workflow.diagrams.decisions.vocabulary import NAMESPACES
from oms_workflow.diagrams.hardened import refusal

MAX_DEPTH = 80  # boxed expressions take one or two levels each, and four Python frames while evaluating
DOCUMENT_NAMESPACES = frozenset(NAMESPACES)


class Node:
    """An element of the model part of a file; extensions and drawing are left out.

    Attributes:
        kind: Local name (`decisionTable`).
        line: 1-based line of the start tag.
        text: Its own text, as it stands.
    """

    __slots__ = ("attributes", "children", "depth", "kind", "line", "parent", "text")

    def __init__(self, element: etree._Element, parent: Node | None) -> None:
        self.kind = etree.QName(element).localname
        self.line = line_of(element)
        self.text = element.text or ""
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.attributes = {str(key): str(value) for key, value in element.attrib.items()}
        self.children: list[Node] = []

    @property
    def id(self) -> str:
        """Its id, '' when it has none."""
        return self.attributes.get("id", "")

    @property
    def name(self) -> str:
        """Its name with blanks as FEEL reads them, '' when it has none."""
        return " ".join(self.attributes.get("name", "").split())

    def get(self, attribute: str, default: str = "") -> str:
        """Give an attribute without surrounding blanks."""
        return self.attributes.get(attribute, default).strip()

    def all(self, *kinds: str) -> list[Node]:
        """Give the children of these kinds, in XML order."""
        return [child for child in self.children if child.kind in kinds]

    def first(self, *kinds: str) -> Node | None:
        """Give the first child of these kinds."""
        return next((child for child in self.children if child.kind in kinds), None)

    def words(self, kind: str = "text") -> str:
        """Give the text of a child without surrounding blanks, '' when there is none."""
        child = self.first(kind)
        return child.text.strip() if child is not None else ""

    def nested_words(self, kind: str) -> str:
        """Give the text inside a child such as `inputValues`."""
        child = self.first(kind)
        return child.words() if child is not None else ""

    def descendants(self) -> Iterator[Node]:
        """Give the node and everything inside it, in XML order."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += reversed(one.children)

    def named(self) -> Node:
        """Give the node itself or the nearest around it that has an id, for messages."""
        one: Node | None = self
        while one is not None and not one.id:
            one = one.parent
        return one or self


def line_of(element: etree._Element) -> int:
    """Give the 1-based line of a start tag, 0 when it is not known."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def read_nodes(root: etree._Element, file: str) -> Node:
    """Give the model part of a file, without recursion.

    Raises:
        DiagramRefused: When elements are nested deeper than logic is evaluated.
    """
    top = Node(root, None)
    waiting: list[tuple[etree._Element, Node]] = [(root, top)]
    while waiting:
        element, node = waiting.pop()
        for child in element:
            if isinstance(child.tag, str) and etree.QName(child).namespace in DOCUMENT_NAMESPACES:
                inner = Node(child, node)
                node.children.append(inner)
                if inner.depth > MAX_DEPTH:
                    message = f"Elements of the model are nested more than {MAX_DEPTH} deep."
                    raise refusal(file, inner.line, "nested-too-deep", message, "Move inner parts to decisions.")
                if inner.kind != "extensionElements":
                    waiting.append((child, inner))
    return top
