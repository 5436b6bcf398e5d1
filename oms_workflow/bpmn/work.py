"""What an activity in a diagram does: which job, task, script, decision or process, with which data. No running here.

Texts that start with `=` are FEEL, all others are meant literally.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Binding = Literal["latest", "deployment", "versionTag"]
"""Which version is called: the newest there is when the caller is deployed, the one deployed with it, a tagged one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """One `zeebe:input` or `zeebe:output`: where a value comes from and which variable it becomes.

    `target` may be a path (`order.total`): the value then lands inside that context.
    """

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how fast a failing job is tried again, from header `retryPolicy` or the activity's own default."""

    first: timedelta = timedelta(seconds=1)
    factor: float = 2.0
    maximum: timedelta = timedelta(minutes=5)
    attempts: int = 6  # in all, the first included: about a minute of trying before a person is asked
    never: tuple[str, ...] = ("OrderRefused",)  # names of errors that are not retried


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work for an activity of the catalog (`zeebe:taskDefinition`)."""

    activity: str
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    timeout: timedelta = timedelta(minutes=1)  # one attempt, from start to answer
    queue: str = ""  # task queue whose workers run it; '' means the default one
    accepts: tuple[str, ...] | None = None  # fields of the activity's input model; None: not known, it gets all it sees


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanTask:
    """Work for a person (`zeebe:assignmentDefinition`, `taskSchedule`, `formDefinition`, `priorityDefinition`)."""

    assignee: str = ""
    candidate_groups: str = ""
    candidate_users: str = ""
    due_date: str = ""
    follow_up_date: str = ""
    priority: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A FEEL expression and the variable that takes its value (`zeebe:script`)."""

    expression: str
    result_variable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCall:
    """A decision of the bundle and the variable that takes its answer (`zeebe:calledDecision`)."""

    decision: str
    result_variable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessCall:
    """Another process, run as an instance of its own (`zeebe:calledElement`).

    `propagate_parent`: the child starts with all variables in scope, not only with the input mappings.
    `propagate_child`: all variables of the finished child come back, not only the output mappings.
    """

    process: str
    propagate_parent: bool = True
    propagate_child: bool = True
    binding: Binding = "latest"
    version_tag: str = ""  # of the version to call, with binding versionTag


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiInstance:
    """One run of the activity per item (BPMN 2.0.2, 10.3.8; `zeebe:loopCharacteristics`)."""

    kind: Literal["multi_instance"] = "multi_instance"
    sequential: bool = False
    cardinality: str = ""  # FEEL; used when there is no collection
    collection: str = ""  # FEEL, gives a list
    item: str = ""  # variable that holds the item
    output_collection: str = ""  # variable that gathers the outputs, in input order
    output_element: str = ""  # FEEL, evaluated in the scope of each item
    completion_condition: str = ""  # FEEL, asked after each item; true ends the loop
    window: int = 0  # parallel: items under way at a time, the next begins as one ends; 0: all, as before there was one


@dataclass(frozen=True, slots=True, kw_only=True)
class AdHoc:
    """Which of its inner elements an ad-hoc sub-process begins with, and when it is done (BPMN 2.0.2, 10.3.5)."""

    active: str = ""  # FEEL, gives the ids of the elements to begin with (`zeebe:adHoc`); '': people choose
    completion_condition: str = ""  # FEEL, asked after each inner activity; '': done when nothing is active any more
    cancel_remaining: bool = True  # what is still active when the condition holds is ended, else waited for
    sequential: bool = False  # one inner activity at a time
    output_collection: str = ""  # variable that gathers the outputs, in the order in which inner paths end
    output_element: str = ""  # FEEL, evaluated where an inner path ends


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardLoop:
    """The activity again while a condition holds (BPMN 2.0.2, 10.3.8)."""

    kind: Literal["standard_loop"] = "standard_loop"
    condition: str = ""  # FEEL
    test_before: bool = False
    maximum: int | None = None
