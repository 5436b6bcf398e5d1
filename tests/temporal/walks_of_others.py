"""Cases from other engines' test suites, made ready for a real server: whose walks people and messages alone can take.

Work that a case does by jobs is done by people here, as no activity of its own answers by itself. A sample is chosen so
that each walk brings something the others do not have: a kind of node, an event in its place, a loop.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Definition, Node
from oms_workflow.diagrams.reading import Source, read_diagrams
from tests.drawing import SPACES

STEPS = frozenset({"complete", "error", "message", "signal", "set", "expect"})
JOBS = ("serviceTask", "sendTask", "scriptTask", "businessRuleTask")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One walk of a case; `files` are its diagrams with people instead of jobs."""

    id: str
    files: tuple[bytes, ...]
    walk: dict[str, Any]
    constructs: frozenset[str]
    names: frozenset[str]  # of messages and signals

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """Read the files through the front door."""
        sources = [Source(name=f"{number}.bpmn", raw=raw) for number, raw in enumerate(self.files)]
        return read_diagrams(sources).require()


def sample(folder: Path, most: int) -> list[Case]:
    """Give some walks that show as many constructs as so many can, and have no message or signal in common."""
    left, chosen, seen = list(_cases(folder)), list[Case](), set[str]()
    while left and len(chosen) < most:
        best = max(left, key=lambda one: len(one.constructs - seen))  # of equals the first
        chosen.append(best)
        seen |= best.constructs
        left = [one for one in left if not one.names & best.names and one.id != best.id]
    return chosen


def _cases(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.rglob("case.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["kind"] != "play" or any(not name.endswith(".bpmn") for name in told["diagrams"]):
            continue
        walks = [(number, walk) for number, walk in enumerate(told["walks"]) if _can_be_taken(walk)]
        files = tuple(_for_people((path.parent / name).read_bytes()) for name in told["diagrams"]) if walks else ()
        sources = [Source(name=f"{number}.bpmn", raw=raw) for number, raw in enumerate(files)]
        read = read_diagrams(sources)
        if read.errors or any(b"taskDefinition" in raw for raw in files):
            continue
        found = [_construct(one, node) for one in read.definitions for node in one.nodes]
        if any(name.startswith("outside") for name in found):
            continue  # what begins by itself would also begin in the walks after this one
        events = [event for one in read.definitions for node in one.nodes for event in node.events]
        names = frozenset(event.name for event in events if event.kind in ("message", "signal"))
        for number, walk in walks:
            constructs = frozenset(found)
            yield Case(id=f"{told['id']} walk {number}", files=files, walk=walk, constructs=constructs, names=names)


def _can_be_taken(walk: dict[str, Any]) -> bool:
    begins = "process" in walk.get("start", {}) and not walk["start"].get("timer")
    steps = walk.get("steps", [])
    return begins and 0 < len(steps) <= 10 and all(_can_be_done(step) for step in steps)


def _can_be_done(step: dict[str, Any]) -> bool:
    """Whether one known step is meant; a person's error carries no variables."""
    return len(step.keys() & STEPS) == 1 and not ("error" in step and "variables" in step)


def _for_people(raw: bytes) -> bytes:
    """Have people do what a diagram has done by jobs."""
    root = etree.fromstring(raw)
    bpmn, zeebe = SPACES["bpmn"], SPACES["zeebe"]
    for kind in JOBS:
        for task in root.iter(f"{{{bpmn}}}{kind}"):
            job = task.find(f".//{{{zeebe}}}taskDefinition")
            if job is not None:
                task.tag = f"{{{bpmn}}}userTask"
                job.getparent().replace(job, etree.Element(f"{{{zeebe}}}userTask"))
    return bytes(etree.tostring(root))


def _construct(definition: Definition, node: Node) -> str:
    """Say what a node shows: its kind, its events, whether it interrupts, loops or compensates."""
    begins = node.instantiate or (node.parent == 0 and node.events and node.kind is NodeKind.START_EVENT)
    marks = [
        "outside" if begins else "",
        node.kind.value,
        *sorted(event.kind for event in node.events),
        "" if node.interrupting else "nonstop",
        type(node.loop).__name__ if node.loop is not None else "",
        "handler" if node.for_compensation else "",
        "joins" if len(node.incoming) > 1 else "",
        "splits" if len(node.outgoing) > 1 else "",
        f"in {definition.nodes[node.parent].kind.value}" if node.parent >= 0 else "",
    ]
    return " ".join(mark for mark in marks if mark)
