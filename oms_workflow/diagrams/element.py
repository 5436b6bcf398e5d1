"""One element of a diagram's XML as plain data: what it says, where it stands. Knows nothing of what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from oms_workflow.diagrams.vocabulary import BPMN, DRAWING, ZEEBE

_NO_CHILDREN: list[Element] = []  # shared by all leaves, which are most elements; never appended to


class Element:
    """An element of the BPMN part of a file; what is only drawing (shapes, edges) is left out of the tree.

    Attributes:
        kind: Local name of a BPMN element (`serviceTask`), `zeebe:` and the name of one in our dialect, and
            `{namespace}name` of any other.
        line: 1-based line of the start tag.
        order: Position in the file, counted over all elements.
        attributes: Those without a namespace under their plain names, all others as `{namespace}name`.
        text: Its own text, without surrounding blanks.
        id: '' when it has none.
        is_bpmn: Whether it is an element of BPMN itself; what stands in extensionElements never is.
    """

    __slots__ = ("_known", "attributes", "children", "id", "is_bpmn", "kind", "line", "order", "parent", "text")

    def __init__(
        self, kind: str, line: int, order: int, attributes: dict[str, str], text: str, parent: Element | None
    ) -> None:
        self.kind = kind
        self.is_bpmn = not kind.startswith(("{", "zeebe:"))
        self.line = line
        self.order = order
        self.attributes = attributes
        self.text = text
        self.parent = parent
        self.id = attributes.get("id", "")
        self.children = _NO_CHILDREN
        self._known: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        """Its label on one line, '' when it has none."""
        return " ".join(self.attributes.get("name", "").split())

    def get(self, attribute: str, default: str = "") -> str:
        """Give an attribute without surrounding blanks."""
        return self.attributes.get(attribute, default).strip()

    def once(self, what: str, work: Callable[[], Any]) -> Any:
        """Give the outcome of `work`, which several readers ask for; it is worked out at the first call only."""
        if self._known is None:
            self._known = {}
        if what not in self._known:
            self._known[what] = work()
        return self._known[what]

    def is_true(self, attribute: str, default: bool = False) -> bool:
        """Read an `xsd:boolean`."""
        text = self.attributes.get(attribute)
        return default if text is None else text.strip() in {"true", "1"}

    def all(self, kind: str) -> list[Element]:
        """Give the children of this kind, in XML order."""
        return [child for child in self.children if child.kind == kind]

    def first(self, kind: str) -> Element | None:
        """Give the first child of this kind."""
        for child in self.children:
            if child.kind == kind:
                return child
        return None

    def extensions(self) -> list[Element]:
        """Give what stands in its `extensionElements`."""
        found: list[Element] = []
        for child in self.children:
            if child.kind == "extensionElements":
                found += child.children
        return found

    def extension(self, name: str) -> Element | None:
        """Give the first extension of our dialect with this name (`taskDefinition`)."""
        if not self.children:
            return None
        by_kind: dict[str, Element] = self.once("extensions", self._extensions_by_kind)
        return by_kind.get(f"zeebe:{name}")

    def _extensions_by_kind(self) -> dict[str, Element]:
        return {one.kind: one for one in reversed(self.extensions())}

    def ancestors(self) -> Iterator[Element]:
        """Give the elements around it, the nearest first."""
        around = self.parent
        while around is not None:
            yield around
            around = around.parent

    def descendants(self) -> Iterator[Element]:
        """Give everything inside it, in XML order."""
        waiting = self.children[::-1]
        while waiting:
            inner = waiting.pop()
            yield inner
            if inner.children:
                waiting.extend(inner.children[::-1])


def read_elements(root: etree._Element) -> list[Element]:
    """Give every element below and with `root`, in XML order, without the drawing."""
    found: list[Element] = []
    waiting: list[tuple[etree._Element, Element | None]] = [(root, None)]
    while waiting:
        node, parent = waiting.pop()
        kind, namespace = _kind(str(node.tag))
        if namespace in DRAWING:
            continue
        if namespace == BPMN and parent is not None and (parent.kind == "extensionElements" or not parent.is_bpmn):
            kind = str(node.tag)  # inside an extension it is no BPMN
        inside = list(node) if len(node) else []
        attributes: dict[str, str] = dict(node.attrib)  # type: ignore[arg-type]  # the stubs allow bytes, lxml gives text
        element = Element(kind, _line(node), len(found), attributes, _own_text(node, inside), parent)
        if parent is not None and parent.children:
            parent.children.append(element)
        elif parent is not None:
            parent.children = [element]
        found.append(element)
        if inside:
            waiting.extend((child, element) for child in reversed(inside) if isinstance(child.tag, str))
    return found


def drawn_ids(root: etree._Element) -> frozenset[str]:
    """Give the ids of the elements that have a shape or an edge on the page."""
    return frozenset(
        shape.get("bpmnElement", "").rpartition(":")[2] for shape in root.iter("{*}BPMNShape", "{*}BPMNEdge")
    )


@lru_cache(maxsize=1024)
def _kind(tag: str) -> tuple[str, str]:
    """The kind of an element by its tag, and its name space."""
    namespace, _, local = tag.removeprefix("{").rpartition("}")
    if namespace == BPMN:
        return local, namespace
    return f"zeebe:{local}" if namespace == ZEEBE else f"{{{namespace}}}{local}", namespace


def _line(node: etree._Element) -> int:
    line: object = node.sourceline
    return line if isinstance(line, int) else 1


def _own_text(node: etree._Element, inside: list[etree._Element]) -> str:
    """All text directly inside the element: a comment must not cut an expression in two."""
    text = node.text or ""
    if inside:
        text += "".join(child.tail or "" for child in inside if not isinstance(child.tag, str))
    return text.strip()
