"""Throw and end events, of one definition or several (BPMN 2.0.2, 10.5.3, 10.5.4, 13.5.3).

All definitions are thrown. The order is the product's: as drawn, escalations after the others, and what ends the scope
last; the standard names none.
"""

from __future__ import annotations

from typing import Any

from tests.reference.drawn import Node
from tests.reference.interpreter.moving import link_target
from tests.reference.interpreter.places import Came, Place, Wait

SENT = ("message", "signal", "compensation")
ENDING = ("error", "cancel", "terminate")


class Throwing:
    """What is thrown, and parallel multiple events, which count what has happened."""

    def throw(self, place: Place) -> None:
        """Throw what is left to throw, then go on or end; what changes the scope is complete before it acts."""
        node, ends = place.node, place.node.kind == "end"
        wanted = _drawn(node, SENT) + ([] if ends else _drawn(node, ("escalation",)))
        while place.thrown < len(wanted):
            kind, drawn = wanted[place.thrown]
            place.thrown += 1
            if not self._send(place, kind, drawn):
                return
        last = _drawn(node, (*ENDING, "escalation", "link")) if ends else _drawn(node, ("link",))
        if last:
            self._act(place, last)
        else:
            self.pass_event(place, {})

    def _send(self, place: Place, kind: str, drawn: dict[str, str]) -> bool:
        """Throw one thing; False when its thrower has to wait, or is gone."""
        if kind == "message":
            self.publish(place, drawn)
        elif kind == "signal":
            self.asks.append(("broadcast", place, drawn["signal"]))
        elif kind == "escalation":
            self.throw_escalation(place, drawn["escalation"], {})
        else:
            return not self.undo(place, drawn["compensation"])
        return place.alive

    def _act(self, place: Place, last: list[tuple[str, dict[str, str]]]) -> None:
        scope = place.around
        self.completed[place.node.id] += 1
        self.forget(place)
        kinds = dict(last)
        if "link" in kinds:
            self.queue.append(("node", scope, link_target(place.level.nodes, place.node)))
            return
        for _, drawn in [one for one in last if one[0] == "escalation"]:
            self.throw_escalation(place, drawn["escalation"], {})
            if not scope.alive:
                return
        if "error" in kinds:
            if not self.throw_error(place, kinds["error"]["error"], {}):
                self.end("failed", kinds["error"]["error"])
        elif "cancel" in kinds:
            self.cancel(scope)
        else:
            if "terminate" in kinds:
                self.sweep(scope)
            self.settle(scope)

    # -- parallel multiple events (10.5.4, 13.5.1)

    def all_came(self, wait: Wait, variables: dict[str, Any]) -> dict[str, Any] | None:
        """Count one definition; gives what all have brought when it was the last one.

        One that does not interrupt begins anew then, unless one of its definitions can come no more.
        """
        place, event = wait.place, wait.event
        came = place.came.setdefault(event.id, Came())
        if wait.position in came.positions:
            return None
        came.positions.add(wait.position)
        came.variables |= variables
        if wait.once and wait in self.waits:
            self.waits.remove(wait)  # a cycle, which would come again
        if len(came.positions) < len(event.definitions):
            return None
        del place.came[event.id]
        there = [one for one in self.waits if one.place is place and one.event is event]
        if len(there) < len(event.definitions):
            self.waits = [one for one in self.waits if one not in there]
        return came.variables


def _drawn(node: Node, kinds: tuple[str, ...]) -> list[tuple[str, dict[str, str]]]:
    """Give the definitions of an event that are of these kinds, in the order of the diagram."""
    return [(kind, drawn) for drawn in node.definitions for kind in kinds if kind in drawn]
