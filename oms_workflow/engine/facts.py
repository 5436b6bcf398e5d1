"""What the engine can be told. Every fact says when it became true; the engine has no clock of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from oms_workflow.dmn.model import DecisionModel
    from oms_workflow.engine.program import Program

Variables = Mapping[str, Any]  # FEEL values, see oms_workflow.feel.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that became true outside the engine."""

    at: datetime  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Fact):
    """The instance begins, at its none start event or at the start event whose trigger happened."""

    variables: Variables = field(default_factory=dict)
    start: str = ""  # id of the start event, or of another node whose event starts it; '' means the none start event


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCompleted(Fact):
    """An activity, a person or an operator finished the work of a token."""

    token: int
    variables: Variables = field(default_factory=dict)
    by: str = ""  # who, for human tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed(Fact):
    """An attempt failed; with no attempts left the token becomes an incident."""

    token: int
    message: str
    attempts_left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorThrown(Fact):
    """The work of a token ended with a business error the diagram may catch."""

    token: int
    code: str
    message: str = ""
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationThrown(Fact):
    """The work of a token raised an escalation and goes on."""

    token: int
    code: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(Fact):
    """A timer the engine asked for is due."""

    timer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageArrived(Fact):
    """A message matched a subscription the engine asked for."""

    subscription: int
    message_id: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalArrived(Fact):
    """A signal was broadcast."""

    name: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEnded(Fact):
    """The process that a call activity started is over."""

    token: int
    outcome: Literal["completed", "failed", "terminated"]
    variables: Variables = field(default_factory=dict)
    code: str = ""  # failed: the error nobody caught
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEscalated(Fact):
    """The process that a call activity started raised an escalation it did not catch, and goes on."""

    token: int
    code: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariablesSet(Fact):
    """Someone outside sets variables; `scope` is a token that is a scope, 0 means the process."""

    variables: Variables
    scope: int = 0
    by: str = ""
    reason: str = ""  # with a reason, the record tells the values before and after, too


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentResolved(Fact):
    """A person answers an incident: try again, complete the node by hand, or go on without its work."""

    incident: int
    action: Literal["retry", "complete", "skip"] = "retry"
    variables: Variables = field(default_factory=dict)
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMoved(Fact):
    """A person takes a token from its node and sets it on another node."""

    token: int
    element: str
    across: bool = True  # also into and out of sub-processes; False: as moves were when they could not yet
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementsChosen(Fact):
    """A person has elements of an open ad-hoc sub-process begin."""

    token: int  # of the ad-hoc sub-process
    elements: tuple[str, ...]
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSkipped(Fact):
    """A person lets a token leave its node without the work, whether an incident is open there or not."""

    token: int
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementRepeated(Fact):
    """A person has a node begin once more: instead of the token that waits there, or in addition in its scope."""

    element: str
    token: int = 0  # the token to begin anew; 0: none waits there, another one is set
    scope: int = 0  # without a token: the scope to set it in; 0: the only one there is
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchCancelled(Fact):
    """A person takes a token away, with everything inside it; what else moves in its scope goes on."""

    token: int
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended(Fact):
    """From now on nothing moves: what comes is kept."""

    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Fact):
    """What was kept while suspended is acted on now, in its order of arrival, and everything moves again."""

    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated(Fact):
    """The instance goes on in another version of its process, all of which comes along."""

    program: Program
    decisions: tuple[DecisionModel, ...] = ()
    elements: Mapping[str, str | None] = field(default_factory=dict)  # old id -> new id; None: closed or forgotten
    sha256: str = ""  # of the bundle it comes from
    version: int | None = None
    from_version: int | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(Fact):
    """The whole instance is to end now, from outside; nothing is compensated."""

    by: str = ""
    reason: str = ""
