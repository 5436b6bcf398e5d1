"""How tokens move: along flows, through gateways, into scopes and out of them (BPMN 2.0.2, 13.2 to 13.4).

The order among moves that BPMN leaves open is the product's promise: first come, first served, and inclusive joins and
conditional events look when nothing else can move.
"""

from __future__ import annotations

from typing import Any

from tests.reference.drawn import ACTIVITIES, GATEWAYS, Flow, Node
from tests.reference.interpreter import values
from tests.reference.interpreter.gathering import NO_WAY, gathers
from tests.reference.interpreter.places import Place

MOST_MOVES = 3_000  # of one happening; a diagram that moves on for longer teaches nothing


class Moving:
    """Tokens on their way."""

    def run(self) -> None:
        """Move on until everything waits."""
        for _ in range(MOST_MOVES):
            if self.queue:
                what, place, where = self.queue.popleft()
                getattr(self, f"_{what}")(place, where)
            elif self.finished or not (self.look_at_joins() or self.look_at_starved() or self.follow_condition()):
                return
        raise values.Unsure("it goes on and on")

    # -- what stands in the queue

    def _flow(self, scope: Place, flow: Flow) -> None:
        node = scope.node.inside.node(flow.target)
        if gathers(scope, node):
            self.came(scope, node, flow)
            return
        self.enter(self.place(node, scope))

    def _node(self, scope: Place, node: Node) -> None:
        self.enter(self.place(node, scope))

    def _empty(self, scope: Place, _: Any) -> None:
        if self._is_empty(scope):
            self.scope_done(scope)

    # -- joins

    def _more_may_come(self, scope: Place, gateway: Node, filled: set[str]) -> bool:
        """Look at the whole graph for each token, as BPMN 2.0.2, 13.4.3 (table 13.3) words it.

        A token elsewhere holds the gateway back when a path leads from it to an incoming flow without a token, and no
        path leads from it to an incoming flow with one; neither path visits the gateway.
        """
        level = scope.node.inside
        incoming = level.into(gateway.id)
        empty = {flow.id for flow in incoming} - filled
        here = {one.node.id for one in scope.inside}
        here |= {flow.target for flow in level.flows if scope.marks[flow.id]} - {gateway.id}
        if scope.ad_hoc is not None:
            here |= {node.id for node in scope.ad_hoc.turns}
        if gateway.kind in GATEWAYS:
            here.discard(gateway.id)  # any path of a token there visits it; an activity may be led back to itself
        for node in here:
            reached = self._flows_from(scope, node, gateway.id)
            if reached & empty and not reached & filled:
                return True
        return False

    def _flows_from(self, scope: Place, start: str, without: str) -> set[str]:
        level = scope.node.inside
        seen, reached, ahead = {start}, set(), [start]
        while ahead:
            here = level.node(ahead.pop())
            flows = level.out_of(here.id)
            reached |= {flow.id for flow in flows}
            further = [flow.target for flow in flows] + [event.id for event in level.boundary(here.id)]
            if here.kind == "throw" and "link" in here.keys:
                further.append(link_target(level.nodes, here).id)
            for target in further:
                if target not in seen and target != without:
                    seen.add(target)
                    ahead.append(target)
        return reached

    # -- ways on

    def pass_gateway(self, place: Place) -> None:
        """Choose the flows of a gateway and go."""
        drawn = place.level.out_of(place.node.id)
        flows = drawn
        if place.node.kind == "xor":
            flows = self._first_that_holds(place, flows)
        elif place.node.kind == "or":
            flows = self.all_that_hold(place)
        elif place.node.kind == "complex":
            flows = self.ways_of_complex(place)
        if drawn and not flows and place.local.get("waitingForStart", True):
            place.state = "stuck"  # an exception (tables 13.2 and 13.3); here a person is asked
        else:
            self.leave(place, flows)

    def _first_that_holds(self, place: Place, flows: list[Flow]) -> list[Flow]:
        for flow in flows:
            if not flow.default and (not flow.condition or values.holds(flow.condition, place.seen())):
                return [flow]
        return [flow for flow in flows if flow.default]

    def all_that_hold(self, place: Place) -> list[Flow]:
        """Give the flows without condition and those whose condition holds; the default when no condition holds."""
        flows = place.level.out_of(place.node.id)
        held = [flow for flow in flows if flow.condition and values.holds(flow.condition, place.seen())]
        free = [flow for flow in flows if not flow.condition and not flow.default]
        rest = [] if held else [flow for flow in flows if flow.default]
        taken = [flow for flow in flows if flow in held or flow in free or flow in rest]
        return taken * int(place.node.keys.get("give", 1))  # completionQuantity (10.3.1)

    def has_no_way(self, place: Place) -> bool:
        """Stop an activity with flows out of it of which none holds; the product asks a person there, too."""
        drawn = place.node.kind in ACTIVITIES and place.level.out_of(place.node.id)
        if not drawn or self.all_that_hold(place):
            return False
        place.state, place.why = "stuck", NO_WAY
        return True

    def leave(self, place: Place, flows: list[Flow], mark: str = "") -> None:
        """The node is done: note it and put a token on each of these flows."""
        scope = place.around
        self.completed[place.node.id + mark] += 1
        self.forget(place)
        for flow in flows:
            self.taken[flow.id] += 1
            self.queue.append(("flow", scope, flow))
        self.settle(scope)

    def settle(self, scope: Place) -> None:
        """Have a scope looked at that may be done."""
        if scope.alive and scope.role != "body" and self._is_empty(scope):
            self.queue.append(("empty", scope, None))

    def _is_empty(self, scope: Place) -> bool:
        moving = any(place is scope and what in ("flow", "node") for what, place, _ in self.queue)
        return not scope.inside and not moving and not any(scope.marks.values())

    # -- places come and go

    def place(self, node: Node, around: Place, role: str = "plain") -> Place:
        """Let a presence begin at a node."""
        level = around.level if role in ("item", "undo") and around.node is node else around.node.inside
        place = Place(self.world.serial(), node, around, level, role)
        around.inside.append(place)
        if len(around.inside) > MOST_INSIDE:
            raise values.Unsure("tokens without end")
        return place

    def enter(self, place: Place) -> None:
        """Begin with the node."""
        if place.node.kind == "complex":
            self.begin_complex(place)
        elif place.node.kind in GATEWAYS - {"event"}:
            self.pass_gateway(place)
        elif place.node.kind in ACTIVITIES:
            self.begin_activity(place)
        else:
            self.begin_event(place)

    def forget(self, place: Place) -> None:
        """Take away a place that is done, with what it still waits for."""
        place.alive = False
        self.waits = [wait for wait in self.waits if wait.place is not place]
        self.queue = type(self.queue)(entry for entry in self.queue if entry[1] is not place)
        if place.around is not None:
            place.around.inside.remove(place)

    def terminate(self, place: Place) -> None:
        """Take away a place before it is done, and everything inside it."""
        for inner in list(place.inside):
            self.terminate(inner)
        self.terminated[place.node.id] += 1
        if place.node.kind == "call" and place.state == "open":
            self.asks.append(("cancel child", place, None))
        self.forget(place)

    def sweep(self, scope: Place) -> None:
        """Interrupt a scope: nothing moves or waits in it any more, but the scope itself stays."""
        for inner in list(scope.inside):
            self.terminate(inner)
        self.queue = type(self.queue)(entry for entry in self.queue if entry[1] is not scope)
        scope.marks.clear()
        scope.resets.clear()
        if scope.ad_hoc is not None:
            scope.ad_hoc.interrupted = True
        starts = [start for _, start in scope.node.inside.event_sub_processes()] if scope.node.inside else []
        self.waits = [wait for wait in self.waits if not (wait.place is scope and wait.event in starts)]


MOST_INSIDE = 60


def link_target(nodes: list[Node], throw: Node) -> Node:
    """Give the catch event a link leads to."""
    name = throw.keys["link"]
    return next(node for node in nodes if node.kind == "catch" and node.keys.get("link") == name)
