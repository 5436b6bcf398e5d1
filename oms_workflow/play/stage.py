"""The engine's host in memory: a virtual clock, every instance of a walk, and the messages between them. No I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from oms_workflow.bpmn.calendar import Calendar
from oms_workflow.bpmn.events import MessageEvent, SignalEvent
from oms_workflow.bpmn.model import Definition
from oms_workflow.bpmn.starts import outside_starts
from oms_workflow.engine import commands, facts, suspension, view
from oms_workflow.engine.edition import NEWEST
from oms_workflow.engine.instance import Instance, prepare
from oms_workflow.engine.program import Program
from oms_workflow.engine.records import Record
from oms_workflow.play.letter_box import Letter, LetterBox, Subscription
from oms_workflow.play.starts import why_missing

if TYPE_CHECKING:
    from oms_workflow.dmn.model import DecisionModel

BEGINNING = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)  # a Monday morning
MOST_FACTS = 20_000  # that follow from one step; signals that set each other off without end are stopped here
MOST_INSTANCES = 1_000  # processes that call each other without end are stopped here
MOST_NESTED = 100  # and calls inside calls here; nobody draws more, and each takes three milliseconds


class WalkRefused(ValueError):
    """The walk asks for something that is not there, or sets off something that never ends."""


@dataclass(slots=True, kw_only=True)
class Actor:
    """One instance on the stage, with what its host keeps for it."""

    number: int
    instance: Instance
    caller: tuple[Actor, int] | None  # the calling instance and its token
    depth: int  # calls around it
    records: list[Record] = field(default_factory=list)
    finish: commands.Finish | None = None
    children: dict[int, Actor] = field(default_factory=dict)  # by token of the call activity
    former: list[Program] = field(default_factory=list)  # versions it ran before it was migrated

    @property
    def variables(self) -> Mapping[str, Any]:
        """Variables of the process scope, also after the end."""
        return self.finish.variables if self.finish is not None else self.instance.variables


class Stage:
    """All instances of one walk. Everything that can move has moved when a method returns."""

    def __init__(
        self,
        definitions: Iterable[Definition],
        decisions: tuple[DecisionModel, ...] = (),
        calendars: Mapping[str, Calendar] | None = None,
        edition: int = NEWEST,
    ) -> None:
        self.now = BEGINNING
        self._edition = edition  # of the engine, see engine/edition.py
        self.programs: dict[str, Program] = {one.id: prepare(one, calendars) for one in definitions}
        self.actors: list[Actor] = []
        self.escalations: list[str] = []
        self._decisions = decisions
        self.letters = LetterBox()
        self._carried: list[tuple[Actor, facts.MessageArrived, Letter]] = []  # messages among what is told
        self._told: deque[tuple[Actor, facts.Fact]] = deque()
        self._messages = 0

    def start(self, process: str, variables: Mapping[str, Any], start: str = "") -> Actor:
        """Start an instance at its none start event, or at the start event named."""
        actor = self._add(process, None)
        self.tell(actor, facts.Started(at=self.now, variables=variables, start=start))
        return actor

    def tell(self, actor: Actor, fact: facts.Fact) -> None:
        """Hand a fact to an instance and let everything move that follows from it."""
        self._told.append((actor, fact))
        self._settle()

    def publish(self, name: str, key: str, variables: Mapping[str, Any], keep: timedelta = commands.KEPT) -> None:
        """Hand a message to the longest-waiting subscription, else to a start event of that name, else keep it."""
        self._publish(name, key, variables, keep)
        self._settle()

    def broadcast(self, name: str, variables: Mapping[str, Any]) -> None:
        """Tell a signal to every instance, and start the processes that begin with it."""
        self._broadcast(name, variables)
        self._settle()

    def advance(self, until: datetime) -> None:
        """Move the clock; every timer due on the way, or exactly at its end, fires at its own time, in order."""
        while (due := self._next_due()) is not None and due[0] <= until:
            at, actor, timer = due
            self.now = max(self.now, at)
            self.tell(actor, facts.TimerFired(at=self.now, timer=timer))
        self.now = max(self.now, until)

    def _next_due(self) -> tuple[datetime, Actor, int] | None:
        timers = ((at, one, wait.id) for one in self.actors for at, wait in suspension.timers(one.instance.state))
        return min(timers, key=lambda one: one[0], default=None)

    def _add(self, process: str, caller: tuple[Actor, int] | None) -> Actor:
        instance = Instance(self.programs[process], decisions=self._decisions, edition=self._edition)
        at = caller[0].depth + 1 if caller else 0
        self.actors.append(Actor(number=len(self.actors), instance=instance, caller=caller, depth=at))
        return self.actors[-1]

    def _settle(self) -> None:
        for _ in range(MOST_FACTS):
            if not self._told:
                return
            actor, fact = self._told.popleft()
            self._carried = [one for one in self._carried if one[1] is not fact]
            if isinstance(fact, facts.Migrated):
                actor.former.append(actor.instance.program)
            asked = actor.instance.receive(fact)
            actor.records.extend(actor.instance.take_records())
            for command in asked:
                self._carry_out(actor, command)
        actor, fact = self._told[0]
        process, what = actor.instance.program.definition.id, type(fact).__name__
        raise WalkRefused(f"signals, messages or calls set each other off without end: {process!r} still hears {what}")

    def _carry_out(self, actor: Actor, command: commands.Command) -> None:
        match command:
            case commands.StartChild():
                self._start_child(actor, command)
            case commands.CancelChild():
                child = actor.children.pop(command.token, None)
                if child is not None:
                    self._told.append((child, facts.Cancelled(at=self.now, by=command.element)))
            case commands.OpenSubscription(kind="message"):
                self._subscribe(actor, command)
            case commands.CloseSubscription():
                self._unsubscribe(actor, command.subscription)
            case commands.PublishMessage():
                self._publish(command.message, command.key, command.variables, command.keep)
            case commands.BroadcastSignal():
                self._broadcast(command.signal, command.variables)
            case commands.Escalate():
                self._escalate(actor, command)
            case commands.Finish():
                self._finish(actor, command)
            # jobs, tasks, timers and incidents stand in the instance; the walk answers them

    def _start_child(self, actor: Actor, command: commands.StartChild) -> None:
        why = why_missing(self.programs, command.process, command.version_tag)
        if not why and (len(self.actors) >= MOST_INSTANCES or actor.depth >= MOST_NESTED):
            why = "Processes call each other without end."
        if why:
            ended = facts.ChildEnded(at=self.now, token=command.token, outcome="terminated", message=why)
            self._told.append((actor, ended))
            return
        actor.children[command.token] = child = self._add(command.process, (actor, command.token))
        self._told.append((child, facts.Started(at=self.now, variables=command.variables)))

    def _escalate(self, actor: Actor, command: commands.Escalate) -> None:
        if actor.caller is None:
            self.escalations.append(command.code)
            return
        caller, token = actor.caller
        fact = facts.ChildEscalated(at=self.now, token=token, code=command.code, variables=command.variables)
        self._told.append((caller, fact))

    def _finish(self, actor: Actor, command: commands.Finish) -> None:
        actor.finish = command
        self.letters.close(actor)
        for child in actor.children.values():
            self._told.append((child, facts.Cancelled(at=self.now)))
        if actor.caller is None:
            return
        caller, token = actor.caller
        if caller.children.pop(token, None) is not None:
            ended = facts.ChildEnded(
                at=self.now,
                token=token,
                outcome=command.outcome,
                variables=command.variables,
                code=command.code,
                message=command.message,
            )
            self._told.append((caller, ended))

    def _subscribe(self, actor: Actor, command: commands.OpenSubscription) -> None:
        subscription = Subscription(
            actor=actor, number=command.subscription, name=command.message, key=command.key, once=command.once
        )
        for letter in self.letters.open(subscription, self.now):
            self._carry(subscription, letter)

    def _unsubscribe(self, actor: Actor, number: int) -> None:
        self.letters.close(actor, number)
        for carried in [one for one in self._carried if one[0] is actor and one[1].subscription == number]:
            self._carried.remove(carried)
            self._told.remove(carried[:2])
            self._hand_over(carried[2])  # nobody waits there any more: it goes to the next one

    def _publish(self, name: str, key: str, variables: Mapping[str, Any], keep: timedelta) -> None:
        self._messages += 1
        letter = Letter(id=f"message-{self._messages}", name=name, key=key, variables=variables, until=self.now + keep)
        self._hand_over(letter)

    def _hand_over(self, letter: Letter) -> None:
        subscription = self.letters.match(letter)
        if subscription is not None:
            self._carry(subscription, letter)
        elif not self._start_by(MessageEvent, letter.name, letter.variables):
            self.letters.keep(letter)

    def _carry(self, to: Subscription, letter: Letter) -> None:
        fact = facts.MessageArrived(
            at=self.now, subscription=to.number, message_id=letter.id, variables=letter.variables
        )
        self._carried.append((to.actor, fact, letter))
        self._told.append((to.actor, fact))

    def _broadcast(self, name: str, variables: Mapping[str, Any]) -> None:
        for actor in self.actors:
            if any(wait.kind == "signal" and wait.name == name for wait in actor.instance.state.waits.values()):
                self._told.append((actor, facts.SignalArrived(at=self.now, name=name, variables=variables)))
        self._start_by(SignalEvent, name, variables)

    def _start_by(self, kind: type[MessageEvent | SignalEvent], name: str, variables: Mapping[str, Any]) -> bool:
        started = False
        for process, program in self.programs.items():
            for start in outside_starts(program.definition):
                if any(isinstance(event, kind) and event.name == name for event in start.events):
                    actor = self._add(process, None)
                    fact = facts.Started(at=self.now, variables=variables, start=start.id)
                    self._told.append((actor, fact))
                    started = True
        return started

    @property
    def status(self) -> str:
        """What became of the walk: `incident`, `active`, or how the instances ended."""
        found = [view.status(actor.instance) for actor in self.actors]
        for state in ("incident", "suspended", "active"):
            if state in found:
                return state
        top = [view.status(actor.instance) for actor in self.actors if actor.caller is None]
        return next((state for state in ("failed", "terminated") if state in top), "completed" if top else "active")
