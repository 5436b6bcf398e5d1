"""What instances are told by others: messages, signals, the time. Each message and signal counts once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from temporalio import workflow

from oms_workflow import feel
from oms_workflow.engine import facts
from oms_workflow.temporal import border, names
from oms_workflow.temporal.clock import OrderClock
from oms_workflow.temporal.perform import Performer

REMEMBERED_MESSAGES = 1_000  # ids kept to recognise a message delivered twice; redelivery takes seconds, not weeks


class Hearing(ABC):
    """Takes in what an instance is told."""

    def __init__(self, performer: Performer, clock: OrderClock, told: border.InstanceInput) -> None:
        self._performer = performer
        self._clock = clock
        self._told = told
        self._heard = told.carried.heard if told.carried else 0
        self._seen: dict[str, None] = dict.fromkeys(told.carried.seen if told.carried else ())
        self._has_begun = False

    @abstractmethod
    def _begin(self) -> None:
        """Begin the instance, or take up what an earlier run left."""

    def _begin_once(self) -> None:
        """Begin before anything is heard: who tells something at once may be served before the run itself."""
        if not self._has_begun:
            self._has_begun = True
            self._begin()

    @workflow.signal(name=names.MESSAGE)
    def message(self, told: border.Message) -> None:
        """Take in a message for a subscription; the same message id counts once.

        One whose subscription is closed is left alone: the database gives it back when it hears of the closing.
        """
        self._take_in(told.at)
        self._work_off(told)

    def _work_off(self, told: border.Message) -> None:
        if told.subscription not in self._performer.instance.state.waits or not self._is_new(told.message_id):
            return
        self._performer.outbox.applied.append(
            border.Applied(subscription=told.subscription, message_id=told.message_id)
        )
        self._performer.tell(
            facts.MessageArrived(
                at=self._clock.now(),
                subscription=told.subscription,
                message_id=told.message_id,
                variables=decoded(told.variables),
            )
        )

    @workflow.signal(name=names.SIGNAL)
    def signal(self, told: border.Signal) -> None:
        """Take in a BPMN signal; the same signal id counts once."""
        self._take_in(told.at)
        if self._is_new(told.signal_id):
            fact = facts.SignalArrived(at=self._clock.now(), name=told.name, variables=decoded(told.variables))
            self._performer.tell(fact)

    @workflow.signal(name=names.TIME)
    def time(self, told: str) -> None:
        """Hear how late it is, ISO 8601: while called processes run, skipped time passes by an instance itself."""
        self._take_in(told)

    @workflow.signal(name=names.CHILD_ESCALATED)
    def child_escalated(self, told: border.Escalation) -> None:
        """Take in an escalation of a called process."""
        if self._told.engine > 1:
            self._begin_once()
        self._hear(told.at)
        fact = facts.ChildEscalated(
            at=self._clock.now(), token=told.token, code=told.code, variables=decoded(told.variables)
        )
        self._performer.tell(fact)

    @workflow.signal(name=names.ASK)
    def ask(self) -> None:
        """Have the database told where the instance is."""
        if self._told.engine > 1:
            self._begin_once()
        self._performer.outbox.asked = True

    def _take_in(self, at: str) -> None:
        """Count what was told from outside, and set the clock after it where time is being skipped."""
        if self._told.engine > 1:
            self._begin_once()
        self._heard += 1
        self._performer.outbox.asked = self._performer.outbox.asked or self._told.timelapse
        self._hear(at)

    def _hear(self, at: str) -> None:
        if self._clock.hear(at):
            self._performer.catch_up()

    def _is_new(self, message_id: str) -> bool:
        if message_id in self._seen:
            return False
        self._seen[message_id] = None
        if len(self._seen) > REMEMBERED_MESSAGES:
            del self._seen[next(iter(self._seen))]
        return True


def decoded(variables: dict[str, Any]) -> dict[str, Any]:
    """Give FEEL values out of the form in which they cross borders."""
    return {name: feel.decode(value) for name, value in variables.items()}
