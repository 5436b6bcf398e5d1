"""The reference interpreter as a whole: every instance of a walk, the clock, messages, signals and called processes.

Each instance works off one happening at a time; what it asks of others is heard when it has come to rest.
"""

from __future__ import annotations

from collections import Counter, deque
from datetime import UTC, datetime
from typing import Any

from tests.reference.drawn import GATEWAYS, Diagram, Node
from tests.reference.interpreter import values
from tests.reference.interpreter.ad_hoc import ChoosingInside
from tests.reference.interpreter.cancelling import Cancelling
from tests.reference.interpreter.gathering import ACTIVATED, FEW, NO_WAY, Gathering
from tests.reference.interpreter.happening import Happening
from tests.reference.interpreter.moving import Moving
from tests.reference.interpreter.operating import Operating
from tests.reference.interpreter.places import Place, Wait
from tests.reference.interpreter.throwing import Throwing
from tests.reference.interpreter.undoing import Undoing
from tests.reference.interpreter.working import Working

BEGINNING = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
LATER = frozenset({"complete", "error", "escalation", "fail", "timer", "message", "signal", "child_failed"})
MOST_LIVES = 40
MOST_TOLD = 400  # happenings that follow from one step


class Life(Moving, Gathering, Working, ChoosingInside, Happening, Throwing, Undoing, Cancelling, Operating):
    """One instance of one process."""

    def __init__(self, world: World, process: str, caller: tuple[Life, Place] | None) -> None:
        drawn = world.diagram.processes[process]
        self.world = world
        self.caller = caller
        self.root = Place(world.serial(), Node("process", process, {}, drawn), None, drawn)
        self.queue: deque[tuple[str, Place, Any]] = deque()
        self.asks: list[tuple[str, Any, Any]] = []
        self.waits: list[Wait] = []
        self.joins: dict[tuple[int, str], tuple[Place, Node]] = {}
        self.completed: Counter[str] = Counter()
        self.terminated: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.children: dict[Place, Life] = {}
        self.finished = ""
        self.suspended = False
        self.kept: list[tuple[str, Any, Any]] = []  # what came while it was suspended

    def publish(self, place: Place, keys: dict[str, str]) -> None:
        """Send a message that a node is drawn with."""
        key = str(values.evaluate(keys["key"], place.seen())) if "key" in keys else ""
        self.asks.append(("publish", (keys["message"], key), dict(place.local)))

    def scope_done(self, scope: Place) -> None:
        """Nothing moves in a scope any more."""
        if scope is self.root:
            self.end("completed", "")
        elif scope.role == "undo":
            self.close_undo(scope)
        elif scope.node.kind == "esub":
            self.remember_inside(scope)
            self.completed[scope.node.id] += 1
            self.forget(scope)
            self.settle(scope.around)
        elif scope.ad_hoc is not None:
            self.ad_hoc_empty(scope)
        else:
            self.complete(scope, {})

    def end(self, outcome: str, code: str) -> None:
        """The instance is over; what is still in it is taken away."""
        for inner in list(self.root.inside):
            self.terminate(inner)
        self.queue.clear()
        self.waits.clear()
        self.root.alive = False
        self.finished = outcome
        self.asks.append(("finish", outcome, code))

    def places(self, here: Place | None = None) -> list[Place]:
        """Give everything present, oldest first."""
        here = here or self.root
        found = [here] + [one for inner in here.inside for one in self.places(inner)]
        return sorted(found, key=lambda place: place.serial) if here is self.root else found


class World:
    """All instances of one walk."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.now = BEGINNING
        self.lives: list[Life] = []
        self.escalations: list[str] = []
        self.refused = 0  # what people wanted and could not have
        self._serial = 0
        self._listening: list[tuple[Life, Wait]] = []
        self._kept: list[tuple[str, str, dict[str, Any]]] = []  # messages nobody has heard
        self._told: deque[tuple[Life, str, Any, Any]] = deque()

    def serial(self) -> int:
        """Give the next number; whatever began later has a greater one."""
        self._serial += 1
        return self._serial

    # -- what may happen to an instance

    def tell(self, life: Life, what: str, about: Any = None, variables: Any = None) -> None:
        """Let something happen, and everything that follows from it."""
        self._told.append((life, what, about, variables))
        self.settle()

    def settle(self) -> None:
        """Let everything happen that has been told, and what follows from it."""
        for _ in range(MOST_TOLD):
            if not self._told:
                return
            one, happening, subject, brought = self._told.popleft()
            if not one.finished:
                self._happen(one, happening, subject, dict(brought or {}))
            asks, one.asks = one.asks, []
            for ask, whom, detail in asks:
                getattr(self, "_" + ask.replace(" ", "_"))(one, whom, detail)
        raise values.Unsure("signals or messages that set each other off without end")

    def _happen(self, life: Life, happening: str, subject: Any, brought: dict[str, Any]) -> None:
        """Let it happen. To a suspended instance only what people do happens; the rest is kept (docs/operations.md)."""
        if life.suspended and happening in LATER:
            if happening == "timer":
                subject.rung = True
            life.kept.append((happening, subject, brought))
        elif life.suspended and happening not in ("set", "resume", "cancel"):
            self.refused += 1
        else:
            getattr(self, f"_on_{happening}")(life, subject, brought)
            if not life.suspended:
                life.run()

    def _on_suspend(self, life: Life, _: Any, __: Any) -> None:
        life.suspended = True

    def _on_resume(self, life: Life, _: Any, __: Any) -> None:
        if not life.suspended:
            self.refused += 1
            return
        kept, life.kept, life.suspended = life.kept, [], False
        life.run()
        for happening, subject, brought in kept:
            if not life.finished:
                getattr(self, f"_on_{happening}")(life, subject, brought)
                life.run()
            elif happening == "message":
                life.asks.append(("publish", (subject.name, subject.key), brought))

    def _on_operate(self, life: Life, what: tuple[Any, ...], _: Any) -> None:
        self.refused += not getattr(life, what[0])(*what[1:])

    def _on_start(self, life: Life, _: Any, variables: dict[str, Any]) -> None:
        life.root.local = variables
        life.open_scope(life.root)

    def _on_complete(self, life: Life, place: Place, variables: dict[str, Any]) -> None:
        if place.alive and place.state == "open":
            place.state = "going"
            life.complete(place, variables)

    def _on_error(self, life: Life, place: Place, variables: dict[str, Any]) -> None:
        if place.alive and place.state == "open":
            place.state = "going"
            if not life.throw_error(place, variables.pop("code"), variables):
                place.state = "stuck"

    def _on_escalation(self, life: Life, place: Place, variables: dict[str, Any]) -> None:
        if place.alive and place.state == "open":
            life.throw_escalation(place, variables.pop("code"), variables)

    def _on_fail(self, life: Life, place: Place, _: Any) -> None:
        if place.alive and place.state == "open":
            place.state = "stuck"

    def _on_retry(self, life: Life, place: Place, _: Any) -> None:
        place.state, why, place.why = "going", place.why, ""
        if why == ACTIVATED:
            life.judge_again(place)
        elif why == FEW:
            life.enter(place)
        elif why == NO_WAY:
            life.go_on(place)
        elif place.node.kind in GATEWAYS:
            life.pass_gateway(place)
        else:
            life.work(place)

    def _on_by_hand(self, life: Life, place: Place, variables: dict[str, Any]) -> None:
        place.state = "going"
        life.complete(place, variables)

    def _on_skip(self, life: Life, place: Place, _: Any) -> None:
        place.state = "going"
        life.go_on(place)

    def _on_activate(self, life: Life, chosen: tuple[Place, Node], _: Any) -> None:
        life.activate_inside(chosen[0], [chosen[1]])

    def _on_timer(self, life: Life, wait: Wait, _: Any) -> None:
        wait.rung = False
        if wait in life.waits:
            life.fire_timer(wait)

    def _on_message(self, life: Life, wait: Wait, variables: dict[str, Any]) -> None:
        if wait in life.waits:
            life.hear_message(wait, variables)
        else:  # nobody may lose it
            life.asks.append(("publish", (wait.name, wait.key), variables))

    def _on_signal(self, life: Life, name: str, variables: dict[str, Any]) -> None:
        life.hear_signal(name, variables)

    def _on_set(self, life: Life, place: Place | None, variables: dict[str, Any]) -> None:
        (place or life.root).local |= variables

    def _on_cancel(self, life: Life, _: Any, __: Any) -> None:
        life.suspended = False
        life.end("terminated", "")
        for happening, subject, brought in life.kept:
            if happening == "message":
                life.asks.append(("publish", (subject.name, subject.key), brought))

    def _on_child_failed(self, life: Life, place: Place, told: dict[str, Any]) -> None:
        self._on_error(life, place, told)

    # -- what an instance asks for

    def _start_child(self, life: Life, place: Place, variables: dict[str, Any]) -> None:
        if len(self.lives) >= MOST_LIVES:
            raise values.Unsure("processes without end")
        child = Life(self, place.node.keys["process"], (life, place))
        self.lives.append(child)
        life.children[place] = child
        self._told.append((child, "start", None, variables))

    def _cancel_child(self, life: Life, place: Place, _: Any) -> None:
        child = life.children.pop(place, None)
        if child is not None:
            self._told.append((child, "cancel", None, None))

    def _finish(self, life: Life, outcome: str, code: str) -> None:
        for child in life.children.values():
            self._told.append((child, "cancel", None, None))
        if life.caller is None:
            return
        caller, place = life.caller
        if caller.children.pop(place, None) is None:
            return
        if outcome == "completed":
            self._told.append((caller, "complete", place, life.root.local))
        elif outcome == "failed":
            own = place.local | (place.around.local if place.role == "item" else {})
            brought = {name: value for name, value in life.root.local.items() if name not in own}
            self._told.append((caller, "child_failed", place, brought | {"code": code}))

    def _escalate(self, life: Life, _: Place, thrown: tuple[str, dict[str, Any]]) -> None:
        if life.caller is None:
            self.escalations.append(thrown[0])
        else:
            caller, place = life.caller
            self._told.append((caller, "escalation", place, thrown[1] | {"code": thrown[0]}))

    def _broadcast(self, _: Life, __: Place, name: str) -> None:
        self.broadcast(name, {})

    def broadcast(self, name: str, variables: dict[str, Any]) -> None:
        """Tell a signal to every instance that waits for it."""
        for life in self.lives:
            if any(wait.kind == "signal" and wait.name == name for wait in life.waits):
                self._told.append((life, "signal", name, variables))

    def _listen(self, life: Life, wait: Wait, _: Any) -> None:
        self._listening.append((life, wait))
        for kept in [one for one in self._kept if one[:2] == (wait.name, wait.key)]:
            if (life, wait) in self._listening:
                self._kept.remove(kept)
                self._deliver(life, wait, kept[2])

    def _publish(self, _: Life, address: tuple[str, str], variables: dict[str, Any]) -> None:
        self.publish(*address, variables)

    def publish(self, name: str, key: str, variables: dict[str, Any]) -> None:
        """Hand a message to whoever has waited longest, else keep it."""
        self._listening = [(life, wait) for life, wait in self._listening if wait in life.waits]
        for life, wait in self._listening:
            if (wait.name, wait.key) == (name, key):
                self._deliver(life, wait, variables)
                return
        self._kept.append((name, key, variables))

    def _deliver(self, life: Life, wait: Wait, variables: dict[str, Any]) -> None:
        self._listening.remove((life, wait))
        if not wait.once:
            self._listening.append((life, wait))
        self._told.append((life, "message", wait, variables))

    # -- what can be seen

    @property
    def status(self) -> str:
        """How the walk stands, as `tests/conformance` means it."""
        for life in self.lives:
            if not (life.finished or life.suspended) and any(place.state == "stuck" for place in life.places()):
                return "incident"
        if any(life.suspended for life in self.lives):
            return "suspended"
        if any(not life.finished for life in self.lives):
            return "active"
        return self.lives[0].finished
