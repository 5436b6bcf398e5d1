"""What people do to a running instance (docs/operations.md); the standard has no word on it.

Each of these says whether it was done. What is refused changes nothing.
"""

from __future__ import annotations

from tests.reference.drawn import ACTIVITIES, Node
from tests.reference.interpreter.places import Place


class Operating:
    """Skipping, repeating, cancelling and moving what waits."""

    def skip_place(self, place: Place) -> bool:
        """Go on without the work: what is at work is taken back, nothing is handed out."""
        events = place.node.kind in ("catch", "throw")
        if not (events or place.node.kind in ACTIVITIES) or _undoes_now(place):
            return False
        if place.node.kind == "call" and place.state == "open":
            self.asks.append(("cancel child", place, None))
        place.state, place.why = "going", ""
        if place.inside or any(place.marks.values()):
            self.sweep(place)
        if events:
            self.pass_event(place, {})
        elif place.role == "body":
            self._close_loop(place)
        else:
            self.go_on(place)
        return True

    def repeat_place(self, place: Place) -> bool:
        """Begin a node anew in place of the token that is there."""
        if _is_part(place) or _undoes_now(place) or not reachable(place.node):
            return False
        self.queue.append(("node", place.around, place.node))
        self.terminate(place)
        return True

    def repeat_node(self, node: Node) -> bool:
        """Set one more token on a node of a scope that runs, once, and has none there."""
        found = [place for place in self.places() if self._takes(place, node)]
        if len(found) != 1 or not reachable(node):
            return False
        inside = found[0].inside
        if any(one.node is node for one in inside) or any(_has_interrupted(one) for one in inside):
            return False
        self.queue.append(("node", found[0], node))
        return True

    def _takes(self, place: Place, node: Node) -> bool:
        level = place.node.inside
        here = level is not None and any(one is node for one in level.nodes)
        return here and place.role in ("plain", "item") and place.state == "going"

    def cancel_place(self, place: Place) -> bool:
        """Take a branch away; never the last one of a scope."""
        if _is_part(place) or _undoes_now(place) or len(place.around.inside) == 1:
            return False
        self.terminate(place)
        self._turn_is_free(place.around)
        return True

    def move_place(self, place: Place, target: Node) -> bool:
        """Leave a node for another one of the same level. A handler that the token waited for goes on alone."""
        if _is_part(place) or not reachable(target):
            return False
        self.queue.append(("node", place.around, target))
        self.terminate(place)
        self._turn_is_free(place.around)
        return True

    def _turn_is_free(self, scope: Place) -> None:
        if scope.ad_hoc is not None and scope.ad_hoc.turns:
            self.queue.append(("next_chosen", scope, None))


def reachable(node: Node) -> bool:
    """Whether a flow could lead to a node."""
    return node.kind not in ("start", "esub") and not node.host and "compensates" not in node.keys


def _is_part(place: Place) -> bool:
    return place.role in ("item", "undo") or place.asker is not None


def _undoes_now(place: Place) -> bool:
    return place.role == "undo" or place.state == "undoing"


def _has_interrupted(place: Place) -> bool:
    return (
        place.node.kind == "esub" and next(one for one in place.node.inside.nodes if one.kind == "start").interrupting
    )
