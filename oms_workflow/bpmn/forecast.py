"""When an instance will probably reach its milestones and its end, along the path that most took. No clock in here.

A forecast is an estimate for people, never a rule: nothing in the engine asks for it. What a node takes is told by what
it took before, and while too little is known by its deadline, counted in its calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from oms_workflow.bpmn.calendar import ALWAYS, Calendar
from oms_workflow.bpmn.kinds import SCOPES, NodeKind
from oms_workflow.bpmn.model import Definition, Node

Basis = Literal["past", "limit", "nothing"]

_ONE_OF = frozenset(
    {NodeKind.EXCLUSIVE_GATEWAY, NodeKind.EVENT_BASED_GATEWAY, NodeKind.INCLUSIVE_GATEWAY, NodeKind.COMPLEX_GATEWAY}
)
_STEPS = 5_000  # nodes that one forecast looks at; a diagram that fits a screen has far fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What is known of the past, by (process, element)."""

    usual: Mapping[tuple[str, str], timedelta] = field(default_factory=dict)  # median time at a node, where known
    visits: Mapping[tuple[str, str], int] = field(default_factory=dict)  # how often a node was entered


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One node on the way, and when it will be left."""

    process: str
    element: str
    takes: timedelta
    basis: Basis
    left_at: datetime
    milestone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way that lies ahead: where it ends and what is on it."""

    end: datetime
    stops: tuple[Stop, ...] = ()

    def reaches(self, milestone: str) -> datetime | None:
        """Say when a milestone will first be passed; None when it does not lie ahead."""
        return min((one.left_at for one in self.stops if one.milestone == milestone), default=None)


class Forecaster:
    """Looks ahead in the processes of one bundle."""

    def __init__(
        self, definitions: Iterable[Definition], pace: Pace, calendars: Mapping[str, Calendar] | None = None
    ) -> None:
        self._definitions = {one.id: one for one in definitions}
        self._pace = pace
        self._calendars = {ALWAYS.id: ALWAYS, **(calendars or {})}
        self._left = _STEPS
        self._calling: list[str] = []  # processes that are being looked through, against those that call themselves

    def knows(self, process: str, elements: Iterable[str]) -> bool:
        """Whether these nodes are drawn in the version of the process that is looked at."""
        definition = self._definitions.get(process)
        return definition is not None and {node.id for node in definition.nodes} >= set(elements)

    def after(self, process: str, element: str, at: datetime) -> Way:
        """Look ahead from a node that is left now, to the end of the scope that holds it."""
        definition = self._definitions[process]
        self._left, self._calling = _STEPS, [process]
        return self._onward(definition, _position(definition, element), at, frozenset())

    def left(self, process: str, element: str, entered_at: datetime, now: datetime) -> Stop:
        """Say when a node will be left at which a token is now: by what it usually takes, and never before now."""
        definition = self._definitions[process]
        node = definition.nodes[_position(definition, element)]
        until, basis = self._leave(definition, node, entered_at)
        return _stop(definition, node, max(until, now), entered_at, basis)

    def calls(self, process: str, element: str) -> str:
        """Give the id of the process that a node calls; '' when it calls none."""
        definition = self._definitions[process]
        call = definition.nodes[_position(definition, element)].call
        return "" if call is None else call.process

    def _through(self, definition: Definition, position: int, at: datetime, seen: frozenset[int]) -> Way:
        """Enter a node, pass it, and go on to the end of its scope."""
        node = definition.nodes[position]
        inside = self._inside(definition, node, at)
        if inside is not None and inside.stops:
            own = _stop(definition, node, inside.end, at, "nothing")
            passed = Way(end=inside.end, stops=(*inside.stops, own))
        else:
            until, basis = self._leave(definition, node, at)
            passed = Way(end=until, stops=(_stop(definition, node, until, at, basis),))
        onward = self._onward(definition, position, passed.end, seen | {position})
        return Way(end=onward.end, stops=passed.stops + onward.stops)

    def _onward(self, definition: Definition, position: int, at: datetime, seen: frozenset[int]) -> Way:
        self._left -= 1
        if self._left < 0:
            return Way(end=at)
        ways = [
            self._through(definition, target, at, seen | {position})
            for target in self._targets(definition, position, seen)
        ]
        return max(ways, key=lambda way: way.end, default=Way(end=at))

    def _targets(self, definition: Definition, position: int, seen: frozenset[int]) -> list[int]:
        """Give where the token goes: to all targets of a parallel split, to the one that most took of a choice."""
        node = definition.nodes[position]
        flows = [definition.flows[flow] for flow in node.outgoing]
        found = [flow.target for flow in flows if flow.target not in seen]
        if node.kind not in _ONE_OF or len(found) < 2:
            return found
        default = definition.flows[node.default].target if node.default >= 0 else -1
        known = self._pace.visits
        return [max(found, key=lambda one: (known.get((definition.id, definition.nodes[one].id), 0), one == default))]

    def _inside(self, definition: Definition, node: Node, at: datetime) -> Way | None:
        """Look through what a sub-process or a called process holds; None for a node that holds nothing."""
        if node.call is not None:
            called = self._definitions.get(node.call.process)
            if called is None or called.id in self._calling:
                return None
            self._calling.append(called.id)
            found = self._scope(called, called.process, at)
            self._calling.pop()
            return found
        if node.kind in SCOPES and node.ad_hoc is None:
            return self._scope(definition, node, at)
        return None

    def _scope(self, definition: Definition, scope: Node, at: datetime) -> Way | None:
        start = next((one for one in scope.starts if definition.nodes[one].parent != one), None)
        self._left -= 1
        if start is None or self._left < 0:
            return None
        return self._through(definition, start, at, frozenset())

    def _leave(self, definition: Definition, node: Node, entered_at: datetime) -> tuple[datetime, Basis]:
        usual = self._pace.usual.get((definition.id, node.id))
        if usual is not None:
            return entered_at + usual, "past"
        if node.sla is not None and not node.sla.limit_by:
            calendar = self._calendars.get(node.sla.calendar, ALWAYS)
            return calendar.due_after(entered_at, node.sla.limit), "limit"
        return entered_at, "nothing"


def _stop(definition: Definition, node: Node, until: datetime, at: datetime, basis: Basis) -> Stop:
    return Stop(
        process=definition.id,
        element=node.id,
        takes=max(until - at, timedelta(0)),
        basis=basis,
        left_at=until,
        milestone=node.milestone,
    )


def _position(definition: Definition, element: str) -> int:
    return next(position for position, node in enumerate(definition.nodes) if node.id == element)
