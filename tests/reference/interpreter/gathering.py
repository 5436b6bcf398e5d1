"""Nodes that gather tokens: joins, complex gateways, activities with a start quantity (BPMN 2.0.2, 13.4, 10.3.1).

Where the standard is silent the reference follows `docs/decisions/complex-gateways-reset.md`: at its reset a complex
gateway gives tokens only when late ones came, and what can never go on is a matter for a person.
"""

from __future__ import annotations

from typing import Any

from tests.reference.drawn import Flow, Node
from tests.reference.interpreter import values
from tests.reference.interpreter.places import Place

FEW, ACTIVATED, STARVED, NO_WAY = "few", "activated", "starved", "no way"


def gathers(scope: Place, node: Node) -> bool:
    """Whether a token that comes over a flow waits for others at this node."""
    if node.kind in ("and", "or"):
        return len(scope.node.inside.into(node.id)) > 1
    return "when" in node.keys or wanted(node) > 1


def wanted(node: Node) -> int:
    """Give the start quantity of an activity; 1 for anything else."""
    return int(node.keys.get("start", 1))


class Gathering:
    """Tokens that wait on flows into a node, and what becomes of them."""

    def came(self, scope: Place, node: Node, flow: Flow) -> None:
        """One more token waits at the node, with those that were stopped there for want of it."""
        for place in [one for one in scope.inside if one.node is node and (one.state, one.why) == ("stuck", STARVED)]:
            scope.marks.update(place.local["activationCounts"])
            self.forget(place)
        scope.marks[flow.id] += 1
        into = scope.node.inside.into(node.id)
        if node.kind == "and":
            if all(scope.marks[one.id] for one in into):
                self.enter(self._merged(scope, node, into))
            return
        self.joins.setdefault((scope.serial, node.id), (scope, node))
        if node.kind == "complex" and node.id not in scope.resets:
            self.activate(scope, node)
        elif wanted(node) > 1 and sum(scope.marks[one.id] for one in into) >= wanted(node):
            self.enter(self._all(scope, node))

    def look_at_starved(self) -> bool:
        """Stop the joins of scopes in which only joins are left: nobody could bring what they wait for."""
        found = False
        for scope in [one for one in self.places() if one.alive and not one.inside and one.ad_hoc is None]:
            level = scope.node.inside
            joins = [node for node in level.nodes if node.kind in ("and", "or")] if level is not None else []
            for node in joins:
                came = _marked(scope, node)
                if came and gathers(scope, node):
                    place = self._merged(scope, node, level.into(node.id))
                    place.state, place.why = "stuck", STARVED
                    place.local = {"activationCounts": {one.id: 1 for one in level.into(node.id) if one.id in came}}
                    found = True
        return found

    def look_at_joins(self) -> bool:
        """Let the first node go that waits for what cannot come any more; False when none does."""
        for key, (scope, node) in list(self.joins.items()):
            if key not in self.joins:
                continue
            if scope.alive and node.kind == "complex":
                gone = self._complex_at_rest(scope, node)
            else:
                gone = self._at_rest(scope, node)
            if gone:
                return True
        return False

    def _at_rest(self, scope: Place, node: Node) -> bool:
        """An inclusive join goes with what came (13.4.3); an activity with too few tokens needs a person."""
        marked = _marked(scope, node)
        if not scope.alive or not marked:
            del self.joins[(scope.serial, node.id)]
        elif node.kind == "or":
            if not self._more_may_come(scope, node, marked):
                self.enter(self._merged(scope, node, scope.node.inside.into(node.id)))
                return True
        elif not self._more_may_come(scope, node, set()):
            place = self._all(scope, node)
            place.state, place.why = "stuck", FEW
            return True
        return False

    # -- complex gateways (13.4.5)

    def activate(self, scope: Place, node: Node) -> bool:
        """Waiting for start: go when the activation condition holds."""
        told = self._told(scope, node, start=True)
        if values.evaluate(node.keys["when"], scope.seen() | told) is not True:
            return False
        marked = _marked(scope, node)
        place = self._merged(scope, node, [flow for flow in scope.node.inside.into(node.id) if flow.id in marked])
        scope.resets[node.id] = marked
        self.joins.setdefault((scope.serial, node.id), (scope, node))
        self._go(place, told)
        return True

    def _complex_at_rest(self, scope: Place, node: Node) -> bool:
        """Nothing moves: reset when nothing more is expected, else look at the condition again."""
        marked, key = _marked(scope, node), (scope.serial, node.id)
        if node.id in scope.resets:
            if self._more_may_come(scope, node, scope.resets[node.id] | marked):
                return False
            self._reset(scope, node, marked - scope.resets.pop(node.id))
            return True
        if not marked:
            del self.joins[key]
            return False
        if self.activate(scope, node):
            return True
        if self._more_may_come(scope, node, set()) or not self._stands_still():
            return False
        told = self._told(scope, node, start=True)
        place = self._all(scope, node)
        place.local, place.state, place.why = told, "stuck", ACTIVATED
        return True

    def _reset(self, scope: Place, node: Node, late: set[str]) -> None:
        told = self._told(scope, node, start=False)
        if late:
            flows = [flow for flow in scope.node.inside.into(node.id) if flow.id in late]
            self._go(self._merged(scope, node, flows), told)
        if _marked(scope, node):
            self.joins.setdefault((scope.serial, node.id), (scope, node))
            self.activate(scope, node)

    def _go(self, place: Place, told: dict[str, Any]) -> None:
        place.local = told
        self.pass_gateway(place)

    def begin_complex(self, place: Place) -> None:
        """A token comes that need not be gathered: the gateway only splits, or somebody put the token there."""
        first = place.level.into(place.node.id)[:1]
        place.local = _counted(place.level.into(place.node.id), {flow.id: 1 for flow in first}, start=True)
        self.pass_gateway(place)

    def judge_again(self, place: Place) -> None:
        """A person has retried a complex gateway that could not go: its tokens wait once more."""
        scope, node = place.around, place.node
        scope.marks.update(place.local["activationCounts"])
        self.forget(place)
        self.joins.setdefault((scope.serial, node.id), (scope, node))
        self.activate(scope, node)

    def ways_of_complex(self, place: Place) -> list[Flow]:
        """When it fires, the flows that hold; at a reset only what was drawn with a condition, and maybe nothing."""
        flows = self.all_that_hold(place)
        if place.local["waitingForStart"]:
            return flows
        conditional = any(flow.condition for flow in place.level.out_of(place.node.id))
        return [flow for flow in flows if flow.condition or (conditional and flow.default)]

    # -- tokens

    def _merged(self, scope: Place, node: Node, flows: list[Flow]) -> Place:
        """Take one token from each of these flows that has one (tables 13.1, 13.3, 13.5), and make one of them."""
        for flow in flows:
            if scope.marks[flow.id]:
                scope.marks[flow.id] -= 1
        if not _marked(scope, node):
            self.joins.pop((scope.serial, node.id), None)
        return self.place(node, scope)

    def _all(self, scope: Place, node: Node) -> Place:
        """Take all tokens that wait at a node and make one of them."""
        for flow in scope.node.inside.into(node.id):
            del scope.marks[flow.id]
        self.joins.pop((scope.serial, node.id), None)
        return self.place(node, scope)

    def _told(self, scope: Place, node: Node, *, start: bool) -> dict[str, Any]:
        into = scope.node.inside.into(node.id)
        return _counted(into, {flow.id: scope.marks[flow.id] for flow in into}, start=start)

    def _stands_still(self) -> bool:
        """Whether nothing in the instance can go on by itself: no work, no event, nobody stuck."""
        return not self.waits and all(one.inside or any(one.marks.values()) for one in self.places())


def _counted(into: list[Flow], counts: dict[str, int], *, start: bool) -> dict[str, Any]:
    """What conditions of the gateway may ask (13.4.5; `activationCounts` is the product's word)."""
    each = {flow.id: counts.get(flow.id, 0) for flow in into}
    return {"waitingForStart": start, "activationCount": sum(each.values()), "activationCounts": each}


def _marked(scope: Place, node: Node) -> set[str]:
    return {flow.id for flow in scope.node.inside.into(node.id) if scope.marks[flow.id]}
