"""BPMN events: what is waited for, what happens then, what is thrown and who catches it (BPMN 2.0.2, 10.5 and 13.5)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from tests.reference.drawn import Node
from tests.reference.interpreter import values
from tests.reference.interpreter.places import Place, Wait

_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
WAITED_FOR = ("timer", "message", "signal", "condition")


def duration(text: str) -> timedelta:
    """Read the durations that generated timers have."""
    hours, minutes, seconds = (int(part or 0) for part in _DURATION.fullmatch(text).groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


class Happening:
    """Waiting, catching and throwing."""

    # -- waiting

    def open_boundary(self, host: Place) -> None:
        """Begin to wait for the boundary events of an activity."""
        for event in host.level.boundary(host.node.id):
            self.wait_for(host, event)

    def wait_for(self, place: Place, event: Node) -> None:
        """Begin to wait for what an event is drawn with; errors, escalations and compensation are not waited for."""
        for position, drawn in enumerate(event.definitions):
            kind = next((kind for kind in WAITED_FOR if kind in drawn), None)
            if kind is not None:
                self._wait(place, Wait(self.world.serial(), place, event, kind, drawn, position))

    def _wait(self, place: Place, wait: Wait) -> None:
        drawn = wait.drawn
        if wait.kind == "timer":
            text = drawn["timer"]
            if drawn.get("measure") == "cycle":
                times, text = text[1:].split("/")
                if wait.event is not place.node:
                    wait.interval, wait.left = duration(text), int(times) - 1
            wait.due = self.world.now + duration(text)
        elif wait.kind == "condition":
            wait.kind = "conditional"
        else:
            wait.name = drawn[wait.kind]
            if "key" in drawn:
                wait.key = str(values.evaluate(drawn["key"], place.seen()))
            if wait.kind == "message":
                self.asks.append(("listen", wait, None))
        self.waits.append(wait)

    def follow_condition(self) -> bool:
        """Let the first conditional event act that has become true since it last was false (10.5.5)."""
        for wait in [one for one in self.waits if one.kind == "conditional"]:
            true = values.evaluate(wait.drawn["condition"], wait.place.seen()) is True
            if true and wait.armed:
                wait.armed = False
                self._heard(wait, {})
                return True
            wait.armed = not true
        return False

    # -- what happens

    def fire_timer(self, wait: Wait) -> None:
        """A timer is due."""
        if wait.interval is not None and wait.left > 0:
            wait.due += wait.interval
            wait.left -= 1
        else:
            self.waits.remove(wait)
        self.happen(wait, {})

    def hear_message(self, wait: Wait, variables: dict[str, Any]) -> None:
        """A message has come for a wait."""
        self._heard(wait, variables)

    def hear_signal(self, name: str, variables: dict[str, Any]) -> None:
        """A signal reaches everything that waits for it now."""
        for wait in [one for one in self.waits if one.kind == "signal" and one.name == name]:
            if wait in self.waits:
                self._heard(wait, variables)

    def _heard(self, wait: Wait, variables: dict[str, Any]) -> None:
        if wait.once:
            self.waits.remove(wait)
        self.happen(wait, variables)

    def happen(self, wait: Wait, variables: dict[str, Any]) -> None:
        """Go on from the event that has happened."""
        place, event = wait.place, wait.event
        if "all" in event.keys:
            brought = self.all_came(wait, variables)
            if brought is None:
                return
            variables = brought
        if event is place.node:
            if event.kind == "receive":
                self.complete(place, variables)
            else:
                self.pass_event(place, variables)
        elif event.host:
            self.on_boundary(place, event, variables, {})
        elif event.kind == "start":
            self.begin_event_sub_process(place, event, variables, {})
        else:
            self._choose(place, event, variables)

    def on_boundary(self, host: Place, event: Node, variables: dict[str, Any], told: dict[str, Any]) -> None:
        """A boundary event happens: it ends its host when it interrupts, and a token leaves it (13.5.3)."""
        scope = host.around
        if event.interrupting:
            self.terminate(host)
        self._occur(scope, event, variables, told)

    def begin_event_sub_process(
        self, scope: Place, start: Node, variables: dict[str, Any], told: dict[str, Any]
    ) -> None:
        """The start of an event sub-process happens: it ends the rest of its scope when it interrupts (13.5.4)."""
        drawn = next(node for node, begin in scope.node.inside.event_sub_processes() if begin is start)
        if start.interrupting:
            self.sweep(scope)
        begun = self.place(drawn, scope)
        begun.local |= told | variables
        for _, inner in drawn.inside.event_sub_processes():
            self.wait_for(begun, inner)
        self.queue.append(("node", begun, start))

    def _choose(self, gateway: Place, event: Node, variables: dict[str, Any]) -> None:
        """The first event behind an event-based gateway decides; the others are off (13.4.4)."""
        scope = gateway.around
        self.completed[gateway.node.id] += 1
        self.taken[f"{gateway.node.id}_{event.id}"] += 1
        self.forget(gateway)
        self._occur(scope, event, variables, {})

    def _occur(self, scope: Place, event: Node, variables: dict[str, Any], told: dict[str, Any]) -> None:
        place = self.place(event, scope)
        place.local |= told
        self.pass_event(place, variables)

    def pass_event(self, place: Place, variables: dict[str, Any]) -> None:
        """An event has happened: hand out what it brought and go on."""
        self.hand_out(place, variables)
        self.leave(place, self.ways_on(place))

    # -- nodes

    def begin_event(self, place: Place) -> None:
        """A token comes to an event, or to an event-based gateway."""
        node = place.node
        if node.kind == "event":
            for flow in place.level.out_of(node.id):
                self.wait_for(place, place.level.node(flow.target))
        elif node.kind == "catch" and "link" not in node.keys:
            self.wait_for(place, node)
        elif node.kind in ("throw", "end"):
            self.throw(place)
        else:
            self.pass_event(place, {})

    # -- errors and escalations

    def throw_error(self, place: Place, code: str, variables: dict[str, Any]) -> bool:
        """Throw an error; False when nothing catches it."""
        found = self._catcher(place, "error", code)
        if found is not None:
            self._catch(*found, variables, {"errorCode": code, "errorMessage": ""})
        return found is not None

    def throw_escalation(self, place: Place, code: str, variables: dict[str, Any]) -> None:
        """Throw an escalation; one that nothing catches goes to the calling process."""
        found = self._catcher(place, "escalation", code)
        if found is None:
            self.asks.append(("escalate", place, (code, variables)))
            return
        told = {"escalationCode": code, "escalationElement": place.node.id, "escalationOwner": ""}
        self._catch(*found, variables, told)

    def _catch(self, holder: Place, event: Node, variables: dict[str, Any], told: dict[str, Any]) -> None:
        if event.host:
            self.on_boundary(holder, event, variables, told)
        else:
            self.begin_event_sub_process(holder, event, variables, told)

    def _catcher(self, place: Place, kind: str, code: str) -> tuple[Place, Node] | None:
        """Climb: at each level the boundary events of the activity, then the event sub-processes around it (10.5.7).

        The product's reading where an event sub-process throws: one beside it may catch, also when the thrower has
        interrupted their scope, as the shipped fulfilment does. BPMN 2.0.2, 13.5.4, could be read as forbidding it.
        """
        for here in place.above():
            if here.role in ("plain", "body") and here.alive:
                found = _match(here.level.boundary(here.node.id), kind, code)
                if found is not None:
                    return here, found
            scope = here.around
            if scope is not None and scope.role in ("plain", "item") and scope.node.inside is not None:
                if scope.state == "undoing":  # a cancelled transaction waits for nothing but its handlers
                    continue
                starts = [start for node, start in scope.node.inside.event_sub_processes() if node is not here.node]
                found = _match(starts, kind, code)
                if found is not None:
                    return scope, found
        return None


def _match(events: list[Node], kind: str, code: str) -> Node | None:
    """Give the event that catches a code: one that is drawn with it goes before one that catches all."""
    drawn = [(event, one[kind]) for event in events for one in event.definitions if kind in one]
    return next((event for wanted in (code, "*") for event, caught in drawn if caught == wanted), None)
