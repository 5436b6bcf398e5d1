"""What an instance has to tell the database, gathered until the next synchronisation. Plain lists, no sending."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from oms_workflow import feel
from oms_workflow.engine import commands
from oms_workflow.engine.commands import Command
from oms_workflow.temporal.border import Applied, Json, Published, SubscriptionOpened, Untold


@dataclass(slots=True)
class Outbox:
    """Records and changes not yet in the database."""

    records: list[Json] = field(default_factory=list)
    opened: list[SubscriptionOpened] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    unheard: list[int] = field(default_factory=list)  # closed subscriptions of signals
    published: list[Published] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    asked: bool = False  # somebody wants to know where the instance is, even when nothing happened

    @classmethod
    def of(cls, untold: Untold | None) -> Outbox:
        """Give an outbox with what an earlier run could not tell any more."""
        box = cls()
        for name, told in vars(untold).items() if untold is not None else ():
            getattr(box, name).extend(told)
        return box

    def untold(self) -> Untold:
        """Give what is in here, for the next run to tell."""
        return Untold(
            records=self.records,
            opened=self.opened,
            closed=self.closed,
            unheard=self.unheard,
            published=self.published,
            applied=self.applied,
        )

    @property
    def urgent(self) -> bool:
        """Whether others wait for what is in here, so that it cannot wait until work in flight is done.

        What was closed can: a message for it is not taken, and finds another when the database hears of the closing.
        """
        return bool(self.opened or self.published)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.records or self.applied or self.changes)

    @property
    def changes(self) -> bool:
        """Whether there is more to tell than records."""
        return bool(self.opened or self.closed or self.unheard or self.published or self.asked)

    def take(self, most: int) -> Outbox:
        """Give what is in here, at most so many records, and keep the rest."""
        taken = replace(self, records=self.records[:most])
        self.records = self.records[most:]
        self.opened, self.closed, self.unheard, self.published, self.applied = [], [], [], [], []
        self.asked = False
        return taken

    def put_back(self, taken: Outbox) -> None:
        """Take back what could not be told; it goes before everything that came since."""
        self.records[:0] = taken.records
        self.opened[:0] = taken.opened
        self.closed[:0] = taken.closed
        self.unheard[:0] = taken.unheard
        self.published[:0] = taken.published
        self.applied[:0] = taken.applied
        self.asked = self.asked or taken.asked

    def add(self, command: Command) -> None:
        """Take in a command that is carried out by telling the database."""
        match command:
            case commands.OpenSubscription():
                self.opened.append(
                    SubscriptionOpened(
                        subscription=command.subscription,
                        name=command.message,
                        key=command.key,
                        kind=command.kind,
                        once=command.once,
                        element=command.element,
                    )
                )
            case commands.CloseSubscription():
                self._close(command)
            case commands.PublishMessage():
                self.published.append(_message(command))
            case commands.BroadcastSignal():
                self.published.append(_signal(command))

    def _close(self, command: commands.CloseSubscription) -> None:
        unsent = [one for one in self.opened if one.subscription != command.subscription]
        if len(unsent) < len(self.opened):
            self.opened = unsent  # nobody has heard of it yet
        else:
            (self.unheard if command.kind == "signal" else self.closed).append(command.subscription)


def _message(command: commands.PublishMessage) -> Published:
    return Published(
        number=command.number,
        name=command.message,
        key=command.key,
        kind="message",
        variables=_encoded(command.variables),
        keep=command.keep.total_seconds(),
    )


def _signal(command: commands.BroadcastSignal) -> Published:
    variables = _encoded(command.variables)
    return Published(number=command.number, name=command.signal, key="", kind="signal", variables=variables)


def _encoded(variables: dict[str, object]) -> Json:
    return {name: feel.encode(value) for name, value in variables.items()}
