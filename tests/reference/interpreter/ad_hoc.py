"""Ad-hoc sub-processes (BPMN 2.0.2, 10.3.5 and 13.3.5): enabled elements begin as chosen, until it is enough.

Sequential ordering lets one activity be at work at a time; what else is due waits for its turn in the order it came.
"""

from __future__ import annotations

from typing import Any

from tests.reference.drawn import ACTIVITIES, Flow, Node
from tests.reference.interpreter import values
from tests.reference.interpreter.places import AdHoc, Place


class ChoosingInside:
    """What begins in an ad-hoc sub-process, and when it ends."""

    def open_ad_hoc(self, scope: Place) -> None:
        """Begin with what the diagram chooses."""
        for _, start in scope.node.inside.event_sub_processes():
            self.wait_for(scope, start)
        scope.ad_hoc = AdHoc()
        chosen = [name for name in scope.node.keys.get("begin", "").split(",") if name]
        self.activate_inside(scope, [scope.node.inside.node(name) for name in chosen])

    def activate_inside(self, scope: Place, nodes: list[Node]) -> None:
        """Let these begin, or wait for their turn."""
        state = scope.ad_hoc
        state.begun = state.begun or bool(nodes)
        if in_order(scope):
            state.turns += nodes
            self.queue.append(("next_chosen", scope, None))
        else:
            self.queue.extend(("node", scope, node) for node in nodes)

    def enabled(self, scope: Place) -> list[Node]:
        """Give what somebody may choose: what no flow leads to, until it is enough."""
        state = scope.ad_hoc
        if state is None or state.enough or state.interrupted or scope.role not in ("plain", "item"):
            return []
        if in_order(scope) and (state.turns or self._at_work(scope)):
            return []
        return [node for node in scope.node.inside.nodes if begins(scope.node.inside, node)]

    def put_back(self, place: Place) -> bool:
        """Whether an activity has come while another one is at work; it has to wait for its turn then."""
        scope = place.around
        state = scope.ad_hoc
        if state is None or state.interrupted or place.asker is not None or place.role != "plain":
            return False
        if not in_order(scope) or not (state.enough or self._at_work(scope, place)):
            return False
        self.forget(place)
        if state.enough:
            self.settle(scope)
        else:
            state.turns.append(place.node)
        return True

    def ways_on(self, place: Place) -> list[Flow]:
        """Give the flows out of a completing node. In an ad-hoc sub-process, ask first whether it is enough now."""
        flows, scope = self.all_that_hold(place), place.around
        state, keys = scope.ad_hoc, scope.node.keys
        if state is None or place.asker is not None:
            return flows
        state.begun = True
        if "collect" in keys and not flows:
            gathered = scope.local.get(keys["collect"])
            gathered = gathered if isinstance(gathered, list) else []
            scope.local[keys["collect"]] = [*gathered, values.evaluate(keys["element"], place.seen())]
        asked = "enough" in keys and not state.enough and (place.node.kind in ACTIVITIES or not flows)
        state.enough = state.enough or (asked and values.holds(keys["enough"], scope.seen()))
        if state.enough or state.turns:
            self.queue.append(("next_chosen", scope, None))
        return [] if state.enough and _ends_the_rest(scope) else flows

    def ad_hoc_empty(self, scope: Place) -> None:
        """Nothing is at work: leave when that is all, else wait for a choice."""
        state = scope.ad_hoc
        all_done = state.begun and "enough" not in scope.node.keys and not state.turns
        if state.enough or state.interrupted or all_done:
            self._leave_ad_hoc(scope)
        else:
            self._next_chosen(scope, None)

    def _next_chosen(self, scope: Place, _: Any) -> None:
        state = scope.ad_hoc
        if state is None or state.interrupted:
            return
        if state.enough and _ends_the_rest(scope):
            self.sweep(scope)
            self._leave_ad_hoc(scope)
            return
        while state.turns and scope.alive and not (state.enough or state.interrupted or self._at_work(scope)):
            self.enter(self.place(state.turns.pop(0), scope))

    def _leave_ad_hoc(self, scope: Place) -> None:
        keys, scope.ad_hoc = scope.node.keys, None
        results = {keys["collect"]: scope.local.pop(keys["collect"], [])} if "collect" in keys else {}
        self.complete(scope, results)

    def _at_work(self, scope: Place, besides: Place | None = None) -> bool:
        others = [one for one in scope.inside if one is not besides and one.asker is None]
        return any(one.node.kind in ACTIVITIES for one in others)


def begins(level: Any, node: Node) -> bool:
    """Whether nothing leads to a node, so that a scope without a start event begins there (13.3.1)."""
    is_landing = node.kind == "catch" and "link" in node.keys
    apart = node.host or node.kind == "esub" or "compensates" in node.keys or is_landing
    return not apart and not level.into(node.id)


def in_order(scope: Place) -> bool:
    """Whether an ad-hoc sub-process has one activity at work at a time."""
    return "inorder" in scope.node.keys


def _ends_the_rest(scope: Place) -> bool:
    """Whether nothing goes on once it is enough; one at a time, there is nothing else at work to wait for."""
    return "keep" not in scope.node.keys or in_order(scope)
