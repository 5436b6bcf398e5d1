"""What the engine asks its host to do. A host carries out commands in the order given and reports back with facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from oms_workflow.bpmn.work import Job

KEPT = timedelta(days=30)
"""How long a message waits for a taker when nobody says otherwise; longer than any wait of the shipped diagrams."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something the host has to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunActivity(Command):
    """Run an activity; answer with JobCompleted, JobFailed, ErrorThrown or EscalationThrown for `token`."""

    token: int
    element: str
    name: str  # the drawn label
    job: Job
    inputs: dict[str, Any]
    headers: tuple[tuple[str, str], ...] = ()
    attempt: int = 1  # grows when an incident is retried; the idempotency key stays that of the token
    known_as: str = ""  # element its effects are known by, where a migration renamed it meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelActivity(Command):
    """The token left its node: an answer is no longer wanted."""

    token: int
    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask(Command):
    """Put work before a person; answer with JobCompleted or ErrorThrown for `token`."""

    token: int
    element: str
    name: str
    kind: Literal["userTask", "manualTask"]
    inputs: dict[str, Any]
    assignee: str = ""
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    due: datetime | None = None
    follow_up: datetime | None = None
    priority: int = 50
    form: str = ""
    owner: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTask(Command):
    """The task is no longer open: it was done, or its token left."""

    token: int
    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimer(Command):
    """Answer with TimerFired at `due` (UTC), at once when it has passed."""

    timer: int
    due: datetime
    element: str  # the node that acts when it fires
    name: str
    purpose: Literal["catch", "sla_warning", "sla_breach"] = "catch"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTimer(Command):
    """The timer is no longer wanted."""

    timer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSubscription(Command):
    """Answer with MessageArrived for each message of this name and key, from now on and from the buffer.

    For a signal, answer with SignalArrived each time it is broadcast from now on; it has no key and no buffer.
    """

    subscription: int
    message: str  # name of the message or signal
    key: str
    element: str
    kind: Literal["message", "signal"] = "message"
    once: bool = True  # False: stays open after a message (non-interrupting events)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSubscription(Command):
    """Messages or signals for this subscription are no longer wanted."""

    subscription: int
    kind: Literal["message", "signal"] = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartChild(Command):
    """Start a process as a child; answer with ChildEnded, and ChildEscalated on the way."""

    token: int
    element: str
    name: str
    process: str
    variables: dict[str, Any]
    attempt: int = 1  # grows when an incident is retried: a new child, as the old one is over
    version_tag: str = ""  # the version with this tag is meant; '': the one that came along with the caller


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelChild(Command):
    """The token left its call activity: the child is to end."""

    token: int
    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishMessage(Command):
    """Hand a message to whoever waits for it, or to the buffer until `keep` is over. The same `number` is the same."""

    number: int  # unique in this instance
    message: str
    key: str
    element: str
    variables: dict[str, Any] = field(default_factory=dict)
    keep: timedelta = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastSignal(Command):
    """Tell every instance that waits for this signal, this one included."""

    number: int
    signal: str
    element: str
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseIncident(Command):
    """A person has to look at this token."""

    incident: int
    token: int
    element: str
    name: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearIncident(Command):
    """The incident is answered, or its token is gone."""

    incident: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate(Command):
    """An escalation reached the top of the process uncaught: tell the calling process, if there is one."""

    code: str
    element: str
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish(Command):
    """The instance is over. `variables` are those of the process scope."""

    outcome: Literal["completed", "failed", "terminated"]
    variables: dict[str, Any]
    code: str = ""  # failed: the error nobody caught
    message: str = ""
    element: str = ""  # the end event, error or activity it ended at, when there is one
