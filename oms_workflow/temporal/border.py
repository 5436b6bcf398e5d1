"""What crosses the border between client, workflow and activities: plain values that Temporal writes into histories.

Histories are kept for ever, so fields are only ever added, with a default. Variables are FEEL values in the lossless
form of `feel.encode`; personal data is in none of these.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from oms_workflow.engine.commands import KEPT

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What a run hands to the next one at continue-as-new."""

    state: Json  # engine.snapshot
    seen: list[str]  # ids of the messages taken in, oldest first
    heard: int  # how many messages, signals and updates it has taken in
    lead: int  # microseconds the order's clock is ahead of the workflow's
    children: dict[str, str]  # token (as text, JSON has no other keys) -> workflow id of a called process still running
    untold: Untold | None = None  # what the database has yet to learn from this run


@dataclass(frozen=True, kw_only=True)
class InstanceInput:
    """Start of a process. The packed bundle travels beside it as an argument of its own."""

    process: str
    sha256: str
    variables: Json = field(default_factory=dict)
    start: str = ""  # id of the start event; '' means the none start event
    business_key: str = ""  # order id, for lists and searches
    channel: str = ""
    parent: str = ""  # workflow id of the calling process
    parent_token: int = 0
    at: str = ""  # ISO 8601: the caller's clock; '' means the workflow's own
    timelapse: bool = False  # time is being skipped: take the time from whatever tells of a later one
    engine: int = 1  # version of the engine's behaviour this instance began with
    carried: Carried | None = None
    version_tag: str = ""  # called by this tag; '': the version that came along without one


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message for one subscription of an instance."""

    subscription: int
    message_id: str
    name: str
    variables: Json = field(default_factory=dict)
    at: str = ""  # ISO 8601, only looked at when time is being skipped


@dataclass(frozen=True, kw_only=True)
class Signal:
    """A signal for every instance that waits for it."""

    signal_id: str
    name: str
    variables: Json = field(default_factory=dict)
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """An escalation that a called process did not catch."""

    token: int
    code: str
    variables: Json = field(default_factory=dict)
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a process ended; the result of its workflow."""

    outcome: str
    variables: Json
    code: str = ""
    message: str = ""
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class ActivityCall:
    """What an activity of the catalog is called with."""

    key: str
    at: str
    instance: str
    element: str
    inputs: Json
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Complete:
    """A person, or an operator in place of a system, finishes the work of a token."""

    token: int
    variables: Json = field(default_factory=dict)
    by: str = ""
    error_code: str = ""  # set: the work ends with this business error instead
    at: str = ""  # ISO 8601, only looked at when time is being skipped


@dataclass(frozen=True, kw_only=True)
class Resolve:
    """An answer to an incident: `retry`, `complete` or `skip`."""

    incident: int
    action: str = "retry"
    variables: Json = field(default_factory=dict)
    by: str = ""
    reason: str = ""
    at: str = ""  # ISO 8601, only looked at when time is being skipped


@dataclass(frozen=True, kw_only=True)
class Move:
    """A token to be set on another node."""

    token: int
    element: str
    by: str = ""
    reason: str = ""
    across: bool = False  # also into and out of sub-processes; told so by everybody who knows of it


@dataclass(frozen=True, kw_only=True)
class Choose:
    """Elements of an open ad-hoc sub-process to be begun; the token is that of the sub-process."""

    token: int
    elements: list[str]
    by: str = ""
    reason: str = ""
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class SetVariables:
    """Variables to be set from outside; scope 0 is the process."""

    variables: Json
    scope: int = 0
    by: str = ""
    reason: str = ""
    at: str = ""  # of the order's time, where time is skipped


@dataclass(frozen=True, kw_only=True)
class End:
    """The instance is to end now, without compensation."""

    by: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SubscriptionOpened:
    """An instance waits for a message or signal."""

    subscription: int
    name: str
    key: str
    kind: str
    once: bool
    element: str


@dataclass(frozen=True, kw_only=True)
class Applied:
    """A message that an instance worked off."""

    subscription: int
    message_id: str


@dataclass(frozen=True, kw_only=True)
class Published:
    """An instance sends a message or signal."""

    number: int
    name: str
    key: str
    kind: str
    variables: Json
    keep: float = KEPT.total_seconds()  # seconds that a message waits for a taker


@dataclass(frozen=True, kw_only=True)
class Untold:
    """What an instance has yet to tell the database."""

    records: list[Json] = field(default_factory=list)
    opened: list[SubscriptionOpened] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    unheard: list[int] = field(default_factory=list)  # closed subscriptions of signals
    published: list[Published] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Synchronise(Untold):
    """What the database has to learn from an instance, in one transaction; may be told twice."""

    instance: str
    run: str
    process: str
    sha256: str
    business_key: str
    channel: str
    parent: str
    status: str
    at: str
    next_due: str  # ISO 8601 of the next timer; '' when none is open
    idle: bool  # nothing is in flight but timers, people, messages and called processes
    children: int  # called processes in flight
    timelapse: bool
    heard: int = 0  # messages, signals and updates taken in so far


@dataclass(frozen=True, kw_only=True)
class Synchronised:
    """What the instance learns from the database: messages that waited for what it just subscribed to."""

    messages: list[Message] = field(default_factory=list)
