"""One diagram file, indexed once, so that every rule and the compiler find things in constant time. Judges nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import Any

from lxml import etree

from oms_workflow.diagrams.element import Element, drawn_ids, read_elements
from oms_workflow.diagrams.pages import read_pages
from oms_workflow.diagrams.vocabulary import BPMN, EVENT_DEFINITION_KINDS, NODE_KINDS, SCOPE_KINDS

Elements = tuple[Element, ...]


class Document:
    """The elements of one file. `nodes`, `flows` and `scopes` are those of its executable processes only."""

    def __init__(self, file: str, root: etree._Element) -> None:
        self.file = file
        self.elements: Elements = tuple(read_elements(root))
        self.root = self.elements[0]
        self.drawn = drawn_ids(root)
        self.pages = read_pages(root)
        self.prefixes: Mapping[str | None, str] = dict(root.nsmap)
        self.is_bpmn = root.tag == f"{{{BPMN}}}definitions"
        self.flows_named_here = _name_flows(self.elements)
        self._worked_out: dict[str, Any] = {}
        self._inside: dict[Element, Elements] = {}

    def once(self, what: str, work: Callable[[], Any]) -> Any:
        """Give the outcome of `work`, which several rules ask for; it is worked out at the first call only."""
        if what not in self._worked_out:
            self._worked_out[what] = work()
        return self._worked_out[what]

    @cached_property
    def by_id(self) -> Mapping[str, Element]:
        """Every BPMN element with an id; of two with one id, the first."""
        found: dict[str, Element] = {}
        for element in self.elements:
            if element.id and element.is_bpmn:
                found.setdefault(element.id, element)
        return found

    @cached_property
    def _by_kind(self) -> Mapping[str, list[Element]]:
        found: dict[str, list[Element]] = defaultdict(list)
        for element in self.elements:
            found[element.kind].append(element)
        return found

    def of_kind(self, *kinds: str) -> Iterator[Element]:
        """Give all elements of these kinds; in XML order within each kind."""
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    @cached_property
    def processes(self) -> Elements:
        """The processes that are to run: those with `isExecutable="true"`."""
        return tuple(process for process in self.of_kind("process") if process.is_true("isExecutable"))

    @cached_property
    def _executed(self) -> Elements:
        return tuple(inner for process in self.processes for inner in self.inside(process))

    def inside(self, process: Element) -> Elements:
        """Give everything inside an executable process, in XML order."""
        if process not in self._inside:
            self._inside[process] = tuple(process.descendants())
        return self._inside[process]

    @cached_property
    def scopes(self) -> Elements:
        """The executable processes and the sub-processes inside them."""
        inner = [element for element in self._executed if element.kind in SCOPE_KINDS]
        return tuple(sorted((*self.processes, *inner), key=lambda element: element.order))

    @cached_property
    def nodes(self) -> Elements:
        """Flow nodes of the executable processes, in XML order."""
        return tuple(element for element in self._executed if element.kind in NODE_KINDS)

    @cached_property
    def flows(self) -> Elements:
        """Sequence flows of the executable processes, in XML order."""
        return tuple(element for element in self._executed if element.kind == "sequenceFlow")

    def executed(self, *kinds: str) -> Iterable[Element]:
        """Give the elements of these kinds inside executable processes, in XML order."""
        found = [self._executed_by_kind.get(kind, []) for kind in kinds]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found), key=lambda element: element.order)

    @cached_property
    def _executed_by_kind(self) -> Mapping[str, list[Element]]:
        found: dict[str, list[Element]] = defaultdict(list)
        for element in self._executed:
            found[element.kind].append(element)
        return found

    @cached_property
    def checked(self) -> Elements:
        """What is looked at: everything but the inside of processes that are not executable."""
        found: list[Element] = []
        skipped: Element | None = None
        for element in self.elements:
            if skipped is not None and skipped in element.ancestors():
                continue
            skipped = element if element.kind == "process" and not element.is_true("isExecutable") else None
            found.append(element)
        return tuple(found)

    def outgoing(self, node: Element) -> list[Element]:
        """Give the sequence flows that say they leave the node."""
        return self._outgoing.get(node.id, [])

    def incoming(self, node: Element) -> list[Element]:
        """Give the sequence flows that say they lead to the node."""
        return self._incoming.get(node.id, [])

    @cached_property
    def _outgoing(self) -> Mapping[str, list[Element]]:
        return _grouped(self.flows, "sourceRef")

    @cached_property
    def _incoming(self) -> Mapping[str, list[Element]]:
        return _grouped(self.flows, "targetRef")

    def boundary_events(self, host: Element) -> list[Element]:
        """Give the boundary events attached to an activity."""
        return self._boundary.get(host.id, [])

    @cached_property
    def _boundary(self) -> Mapping[str, list[Element]]:
        return _grouped([node for node in self.nodes if node.kind == "boundaryEvent"], "attachedToRef")

    def refer(self, reference: str) -> Element | None:
        """Give the element that a reference names, prefixed or not; None when nothing has that id."""
        found = self.by_id.get(reference)
        if found is None and ":" in reference:
            prefix, _, local = reference.partition(":")
            if prefix in self.prefixes:
                return self.by_id.get(local)
        return found

    def event_definitions(self, event: Element) -> list[Element]:
        """Give the event definitions of an event, its own and those it shares by `eventDefinitionRef`."""
        found: list[Element] = []
        for child in event.children:
            if child.kind in EVENT_DEFINITION_KINDS:
                found.append(child)
            elif child.kind == "eventDefinitionRef":
                shared = self.refer(child.text)
                if shared is not None and shared.kind in EVENT_DEFINITION_KINDS:
                    found.append(shared)
        return found

    def event_kinds(self, event: Element) -> list[str]:
        """Give what an event waits for or throws: `message`, `timer`, ...; empty for a none event."""
        return [EVENT_DEFINITION_KINDS[definition.kind] for definition in self.event_definitions(event)]

    def associations(self, source: Element) -> list[Element]:
        """Give the associations that start at an element."""
        return self._associations.get(source.id, [])

    @cached_property
    def _associations(self) -> Mapping[str, list[Element]]:
        return _grouped(list(self.of_kind("association")), "sourceRef")


def is_event_sub_process(element: Element) -> bool:
    """Say whether the element is a sub-process that an event starts."""
    return element.kind == "subProcess" and element.is_true("triggeredByEvent")


def scope_of(node: Element) -> Element:
    """Give the process or sub-process that directly holds a node or flow."""
    for around in node.ancestors():
        if around.kind in SCOPE_KINDS:
            return around
    return node


def _name_flows(elements: Elements) -> frozenset[str]:
    """Give flows without an id, which BPMN allows, one that says what they connect: histories name flows by id."""
    taken = {element.id for element in elements}
    named: set[str] = set()
    used: dict[str, int] = defaultdict(int)
    for flow in elements:
        if flow.kind == "sequenceFlow" and not flow.id:
            wanted = f"{flow.get('sourceRef')}->{flow.get('targetRef')}"
            name = ""
            while not name or name in taken:
                used[wanted] += 1
                name = wanted if used[wanted] == 1 else f"{wanted}#{used[wanted]}"
            flow.id = flow.attributes["id"] = name
            taken.add(name)
            named.add(name)
    return frozenset(named)


def _grouped(elements: list[Element] | Elements, attribute: str) -> Mapping[str, list[Element]]:
    found: dict[str, list[Element]] = defaultdict(list)
    for element in elements:
        found[element.get(attribute)].append(element)
    return found
