"""Everything an instance remembers between two facts. Its size follows what is open now, not what has happened.

Plain slotted classes, changed only by the engine's own modules; `snapshot.py` turns them into JSON and back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from oms_workflow.engine.lifecycle import MOVES, TokenState, illegal
from oms_workflow.engine.monthly import Monthly

if TYPE_CHECKING:
    from oms_workflow.bpmn.sla import Terms
    from oms_workflow.engine.facts import Fact

WaitKind = Literal["timer", "message", "signal", "conditional", "sla_warning", "sla_breach"]
Role = Literal["plain", "body", "item", "undo"]
Phase = Literal["activating", "working", "completing", "leaving", "entering", "sla"]


class Compensable:
    """A completed activity that can still be undone, with the variables it saw."""

    __slots__ = ("completed", "inner", "node", "variables")

    def __init__(
        self, node: int, variables: dict[str, Any], inner: list[Compensable] | None = None, *, completed: bool = True
    ) -> None:
        self.node = node
        self.variables = variables
        self.inner = inner  # what can be undone inside it; None for anything but a scope
        self.completed = completed  # False: a scope that never was, so only what is inside it is undone


class LoopState:
    """How far a multi-instance or a standard loop has come; kept on the token of its body."""

    __slots__ = ("count", "done", "items", "next", "outputs")

    def __init__(self, items: list[Any] | None, count: int) -> None:
        self.items = items  # None: no collection, only a count
        self.count = count  # -1: a standard loop, whose end is not known
        self.next = 0  # index of the next item to start
        self.done = 0
        self.outputs: list[Any] | None = None


class AdHocState:
    """How far an open ad-hoc sub-process has come."""

    __slots__ = ("begun", "ended", "epoch", "waiting")

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch  # of its token at the beginning; another one says that it was interrupted since
        self.begun = False  # whether anything was activated
        self.ended = False  # the completion condition held: nothing new begins
        self.waiting: list[int] = []  # one at a time: nodes whose turn is still to come


class SlaState:
    """The running deadline of a token."""

    __slots__ = ("breached", "level", "paused_at", "since", "spent", "terms", "warned")

    def __init__(self, since: datetime, terms: Terms | None = None) -> None:
        self.terms = terms  # what was asked when the node was entered; None: what is drawn
        self.level = 0  # how many of a chain have heard of the breach
        self.since = since  # when the clock last began to run
        self.spent = timedelta(0)  # working time used before that
        self.paused_at: datetime | None = None
        self.warned = False
        self.breached = False


class Token:
    """A presence at a node. Scopes (process, sub-process, loop body) are tokens with children."""

    __slots__ = (
        "ad_hoc",
        "attempt",
        "children",
        "compensation",
        "epoch",
        "id",
        "index",
        "joins",
        "loop",
        "node",
        "parent",
        "pending",
        "resets",
        "role",
        "since",
        "sla",
        "state",
        "undoes",
        "undoing",
        "variables",
        "waits",
    )

    def __init__(self, token_id: int, node: int, parent: int, since: datetime, role: Role = "plain") -> None:
        self.id = token_id
        self.node = node
        self.parent = parent  # token of the enclosing scope; 0 for the process itself
        self.since = since  # when it came to the node
        self.role: Role = role
        self.state = TokenState.ACTIVATING
        self.variables: dict[str, Any] | None = None  # local ones
        self.waits: list[int] | None = None
        self.attempt = 1  # of its job; grows when an incident is retried
        self.sla: SlaState | None = None
        # scopes
        self.children: dict[int, None] | None = None  # ids, in order of birth
        self.pending = 0  # flows taken towards a node of this scope and not yet entered, waiting at joins included
        self.epoch = 0  # grows when an interruption sweeps the scope; older flows then lead nowhere
        self.joins: dict[int, dict[int, int]] | None = None  # gateway -> flow -> tokens waiting there
        self.resets: dict[int, dict[int, None]] | None = None  # complex gateway that fired -> flows it took tokens off
        self.compensation: list[Compensable] | None = None  # in order of completion
        self.ad_hoc: AdHocState | None = None
        # loops
        self.loop: LoopState | None = None  # on a body
        self.index = -1  # of an item; of an event sub-process: the start event that happened
        # compensation
        self.undoing: list[Compensable] | None = None  # on a throw event or undo scope: still to undo, last one first
        self.undoes = 0  # on a handler or an undo scope: the token that asked for it

    def move(self, state: TokenState) -> None:
        """Change the state, as the lifecycle table allows."""
        if state not in MOVES[self.state]:
            raise illegal(self.state, state)
        self.state = state


class Wait:
    """Something a token waits for: the token's own event, a boundary event or the start of an event sub-process."""

    __slots__ = (
        "armed",
        "brought",
        "due",
        "event",
        "happened",
        "id",
        "interval",
        "key",
        "kind",
        "monthly",
        "name",
        "repeats",
        "target",
        "token",
    )

    def __init__(self, wait_id: int, kind: WaitKind, token: int, target: int) -> None:
        self.id = wait_id
        self.kind: WaitKind = kind
        self.token = token
        self.target = target  # node that acts when it happens
        self.due: datetime | None = None  # timers
        self.interval: timedelta | None = None  # timers with a cycle
        self.monthly: Monthly | None = None  # timers with a cycle of months
        self.repeats = 0  # firings left after the next one; -1: no end
        self.name = ""  # message or signal
        self.key = ""  # correlation key
        self.armed = True  # conditions: False while it stays true after it acted
        # events with several definitions
        self.event = 0  # which one of the target's definitions it is for
        self.happened = False  # of a parallel multiple event that goes on waiting: counted already
        self.brought: dict[str, Any] | None = None  # variables of those that happened before, kept by the next one


class Incident:
    """A token that needs a person."""

    __slots__ = ("at", "code", "id", "message", "phase", "token")

    def __init__(self, incident_id: int, token: int, code: str, message: str, phase: Phase, at: datetime) -> None:
        self.id = incident_id
        self.token = token
        self.code = code
        self.message = message
        self.phase: Phase = phase  # what to do again on a retry
        self.at = at


class Suspension:
    """That nothing moves for now: since when and why, and what came meanwhile, in order of arrival."""

    __slots__ = ("by", "facts", "reason", "since")

    def __init__(self, since: datetime, by: str, reason: str) -> None:
        self.since = since
        self.by = by
        self.reason = reason
        self.facts: list[Fact] = []


class State:
    """All tokens, waits and incidents of one instance, and its counters."""

    __slots__ = (
        "clock",
        "conditional",
        "finished",
        "incidents",
        "inclusive",
        "known_as",
        "last_id",
        "last_seq",
        "root",
        "suspension",
        "tokens",
        "waits",
    )

    def __init__(self) -> None:
        self.clock: datetime | None = None  # time of the latest fact; None before the first
        self.last_id = 0  # tokens, waits, incidents, messages share one count
        self.last_seq = 0  # of the records
        self.root = 0  # token of the process; 0 before the start
        self.tokens: dict[int, Token] = {}
        self.waits: dict[int, Wait] = {}
        self.conditional: dict[int, None] = {}  # ids of the waits for a condition, to be looked at after every change
        self.incidents: dict[int, Incident] = {}
        self.inclusive: dict[tuple[int, int], None] = {}  # (scope, gateway) where an inclusive join waits
        self.finished = ""  # outcome, once it is over
        self.suspension: Suspension | None = None
        self.known_as: dict[int, str] = {}  # token -> element its effects are known by, where a migration renamed it

    def next_id(self) -> int:
        """Give a number nobody else in this instance has."""
        self.last_id += 1
        return self.last_id

    def children_of(self, token: Token) -> list[Token]:
        """Give the tokens directly inside a scope, oldest first."""
        return [self.tokens[child] for child in token.children or ()]

    def scopes_above(self, token: Token) -> Iterator[Token]:
        """Walk the enclosing scopes, from the nearest out."""
        parent = token.parent
        while parent:
            scope = self.tokens[parent]
            yield scope
            parent = scope.parent
