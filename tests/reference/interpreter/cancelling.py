"""Cancelled transactions (BPMN 2.0.2, 10.3.5 and 13.3.4): stop what moves, undo what was done, leave over the border.

What the standard leaves open is in `docs/decisions/cancelled-transactions-are-undone-whole.md`: all turns of a loop are
one transaction, work in sub-processes under way is undone too, and handlers that are at work are not disturbed.
"""

from __future__ import annotations

from tests.reference.interpreter.places import Done, Place


class Cancelling:
    """Transactions that end undone."""

    def cancel(self, scope: Place) -> None:
        """A cancel end event in `scope` is complete."""
        whole = next(one for one in scope.above() if one.node.kind == "tx")
        if whole.role == "item":
            whole = whole.around
        whole.todo = self._stop(whole)
        whole.state = "undoing"
        self.queue.append(("undone", whole, None))

    def leave_cancelled(self, whole: Place) -> None:
        """All is undone: the transaction ends, and its cancel event goes on."""
        events = whole.level.boundary(whole.node.id)
        caught = next(event for event in events if any("cancel" in one for one in event.definitions))
        self.on_boundary(whole, caught, {}, {})

    def _stop(self, scope: Place) -> list[Done]:
        """End all that moves inside, handlers excepted; gives what is left to undo, in order of completion."""
        left = [*scope.log, *scope.todo]
        scope.log, scope.todo = [], []
        scope.marks.clear()
        scope.resets.clear()
        self.waits = [wait for wait in self.waits if wait.place is not scope]
        self.queue = type(self.queue)(entry for entry in self.queue if entry[1] is not scope)
        for one in list(scope.inside):
            if one.asker is not None:
                one.asker = scope
                continue
            if one.node.inside is None and one.state == "undoing":  # it throws compensation
                left, one.todo = left + one.todo, []
            inner = self._stop(one)
            if one.inside:  # handlers are at work in there: it is undone from inside when they are done
                one.role, one.asker, one.todo, one.state = "undo", scope, inner, "undoing"
                one.turns = one.ad_hoc = None
                continue
            if inner:
                left.append(Done(one.node, one.level, dict(one.local), inner, completed=False))
            self.terminate(one)
        return left

    def remember_inside(self, event_sub_process: Place) -> None:
        """An event sub-process is over: what was done in it is undone with its scope (10.5.6)."""
        if event_sub_process.log:
            node, level = event_sub_process.node, event_sub_process.level
            done = Done(node, level, dict(event_sub_process.local), event_sub_process.log)
            event_sub_process.around.log.append(done)
