"""Drafting a plan: which node of a new version most likely takes the place of which, for a person to look at.

Nodes that kept their ids need no word. Of the others, a pair is drafted when a token could go from the one to the other
at all, when enough speaks for it, and when nothing else fits as well: a guess that could as well be another is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Definition, Node
from oms_workflow.engine.migration.atlas import Atlas
from oms_workflow.engine.migration.likeness import differences, waits_the_same
from oms_workflow.engine.program import Program

ENOUGH = 3.0
RESEMBLES = 0.6  # of the letters of two ids or labels, from which on they count as alike
WEIGHTS = {"name": 4.0, "work": 4.0, "event": 3.0, "host": 2.0, "before": 1.5, "after": 1.5, "spelling": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A likely pair, and what speaks for it: keys of `WEIGHTS`."""

    old: Node
    new: Node
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person has to look at before the plan is used."""

    guesses: tuple[Guess, ...]
    without: tuple[Node, ...]  # old nodes that nothing takes the place of, or several could
    changed: tuple[tuple[Node, str], ...]  # kept their ids, but no token could go from the one to the other; why
    flows: tuple[tuple[str, Node], ...]  # flows into joins that nothing takes the place of; a token may wait there

    @property
    def elements(self) -> dict[str, str | None]:
        """The element map of the plan."""
        return {guess.old.id: guess.new.id for guess in self.guesses}


def draft(old: Program, new: Program) -> Draft:
    """Compare two versions of a process."""
    pairing = _Pairing(old.definition, new.definition)
    guesses = tuple(pairing.guesses())
    atlas = Atlas(old, new, {guess.old.id: guess.new.id for guess in guesses})
    return Draft(
        guesses=guesses,
        without=tuple(node for at, node in enumerate(old.definition.nodes) if at and at not in pairing.found),
        changed=tuple(_changed(old, new)),
        flows=tuple(_lost_flows(atlas)),
    )


class _Pairing:
    """Nodes that belong together so far, by position: those with the same id, then one guess after another."""

    def __init__(self, old: Definition, new: Definition) -> None:
        self._old, self._new = old, new
        there = {node.id: at for at, node in enumerate(new.nodes)}
        self.found = {0: 0} | {at: there[node.id] for at, node in enumerate(old.nodes) if at and node.id in there}

    def guesses(self) -> Iterator[Guess]:
        """Give pairs until none stands out any more; each makes its neighbours, and what is in it, easier to pair."""
        while chosen := self._round():
            for here, there, reasons in chosen:
                self.found[here] = there
                yield Guess(old=self._old.nodes[here], new=self._new.nodes[there], reasons=reasons)

    def _round(self) -> list[tuple[int, int, tuple[str, ...]]]:
        taken = set(self.found.values())
        left = [at for at in range(1, len(self._old.nodes)) if at not in self.found]
        free = [at for at in range(1, len(self._new.nodes)) if at not in taken]
        reasons = {(here, there): self._reasons(here, there) for here in left for there in free}
        scores = {pair: sum(WEIGHTS[one] for one in told) for pair, told in reasons.items() if told}
        good = {pair: score for pair, score in scores.items() if score >= ENOUGH}
        return [
            (here, there, reasons[here, there])
            for (here, there), score in good.items()
            if all(score > other for pair, other in good.items() if pair != (here, there) and
                   (pair[0] == here or pair[1] == there))
        ]  # fmt: skip

    def _reasons(self, here: int, there: int) -> tuple[str, ...]:
        """What speaks for a pair; nothing when no token could go from the one to the other."""
        old, new = self._old.nodes[here], self._new.nodes[there]
        if self.found.get(old.parent) != new.parent or next(differences(old, new), None) is not None:
            return ()
        is_attached = old.kind is NodeKind.BOUNDARY_EVENT
        if is_attached and self.found.get(old.attached_to) != new.attached_to:
            return ()
        work, other = _work(old), _work(new)
        said = {
            "name": bool(old.name) and old.name == new.name,
            "work": bool(work) and work == other,
            "event": bool(old.events) and waits_the_same(old, new),
            "host": is_attached,
            "before": self._touch(old, new, before=True),
            "after": self._touch(old, new, before=False),
            "spelling": _alike(old.id, new.id) or _alike(old.name, new.name),
        }
        if work != other and not said["name"]:
            return ()  # another activity, form or process is another work, unless it is called the same
        return tuple(key for key, holds in said.items() if holds)

    def _touch(self, old: Node, new: Node, *, before: bool) -> bool:
        """Whether a flow connects both, on that side, with nodes that belong together."""
        mine = {self.found.get(at, -1) for at in _beside(self._old, old, before=before)} - {-1}
        return bool(mine & set(_beside(self._new, new, before=before)))


def _beside(definition: Definition, node: Node, *, before: bool) -> list[int]:
    if before:
        return [definition.flows[flow].source for flow in node.incoming]
    return [definition.flows[flow].target for flow in node.outgoing]


def _work(node: Node) -> tuple[str, ...]:
    """What is done at a node, as far as it has a name."""
    return tuple(
        text
        for text in (
            node.job.activity if node.job is not None else "",
            node.call.process if node.call is not None else "",
            node.decision.decision if node.decision is not None else "",
            node.human.form if node.human is not None else "",
        )
        if text
    )


def _alike(one: str, other: str) -> bool:
    return bool(one and other) and SequenceMatcher(None, one, other, autojunk=False).ratio() >= RESEMBLES


def _changed(old: Program, new: Program) -> Iterator[tuple[Node, str]]:
    for node in old.definition.nodes[1:]:
        there = new.positions.get(node.id)
        found = next(differences(node, new.steps[there].node), None) if there is not None else None
        if found is not None:
            yield node, found[1]


def _lost_flows(atlas: Atlas) -> Iterator[tuple[str, Node]]:
    for at, step in enumerate(atlas.old.steps):
        if at and step.is_join and atlas.node(at) >= 0:
            for flow in step.node.incoming:
                if atlas.flow(flow) < 0:
                    yield atlas.old.definition.flows[flow].id, step.node
