"""Compensation (BPMN 2.0.2, 10.7 and 13.5.5): completed activities are undone once each, the last one first."""

from __future__ import annotations

from typing import Any

from tests.reference.interpreter.places import Done, Place


class Undoing:
    """Throwers of compensation, their handlers, and completed sub-processes that are undone from inside."""

    def undo(self, thrower: Place, activity: str) -> bool:
        """Begin to undo on behalf of a throw or end event; False when nothing is left to undo."""
        scopes = [thrower.around]
        while scopes[0].node.kind == "esub":
            scopes.insert(0, scopes[0].around)
        for scope in scopes:
            chosen = [done for done in scope.log if activity in ("", done.node.id)]
            scope.log = [done for done in scope.log if done not in chosen]
            thrower.todo += chosen
        thrower.state = "undoing"
        if self._undo_next(thrower):
            return True
        thrower.state = "going"
        return False

    def handler_done(self, handler: Place) -> None:
        """A handler is over: its asker goes on when everything before it has moved."""
        if handler.asker.alive:
            self.queue.append(("undone", handler.asker, None))
        else:
            self.settle(handler.around)

    def _undone(self, asker: Place, _: Any) -> None:
        throws = asker.node.inside is None
        if (not throws and asker.inside) or self._undo_next(asker):
            return
        if asker.role == "undo":
            self.close_undo(asker)
        elif throws:
            asker.state = "going"
            self.throw(asker)
        else:
            self.leave_cancelled(asker)

    def close_undo(self, scope: Place) -> None:
        """Everything inside a completed sub-process is undone."""
        self.forget(scope)
        self.handler_done(scope)

    def _undo_next(self, asker: Place) -> bool:
        while asker.todo:
            scope = asker if asker.node.inside is not None else asker.around
            if self._begin_undoing(asker, scope, asker.todo.pop()):
                return True
        return False

    def _begin_undoing(self, asker: Place, scope: Place, done: Done) -> bool:
        if done.completed and "undo" in done.node.keys:
            handler = self.place(done.level.node(done.node.keys["undo"]), scope)
            handler.level = done.level
            handler.asker, handler.local = asker, dict(done.local)
            self.enter(handler)
            return True
        starts = [start for _, start in done.node.inside.event_sub_processes() if "compensation" in start.keys]
        starts = starts if done.completed else []
        if not starts and not done.inner:
            return False
        inside = self.place(done.node, scope, "undo")
        inside.level, inside.asker, inside.local = done.level, asker, dict(done.local)
        if starts:
            inside.log = list(done.inner or [])
            self.begin_event_sub_process(inside, starts[0], {}, {})
            return True
        inside.todo = list(done.inner)
        if self._undo_next(inside):
            return True
        self.forget(inside)
        return False
