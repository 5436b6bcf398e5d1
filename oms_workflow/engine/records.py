"""What stays of a run: one record per thing that happened, in order. People read them, projections feed on them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class RecordKind(StrEnum):
    """What a record tells."""

    STARTED = "started"  # detail: variables (names only), start
    ACTIVATED = "activated"  # the token waits at, or works in, the node; detail: key facts of the wait
    COMPLETED = "completed"
    TERMINATED = "terminated"  # the token was taken away before the node was done; detail: by
    FLOW_TAKEN = "flow_taken"  # element: the flow
    TASK_OPENED = "task_opened"  # work for a person; detail: what the engine knows of it, see commands.OpenTask
    TASK_DONE = "task_done"  # detail: by
    JOB_FAILED = "job_failed"  # an attempt failed
    TIMER_FIRED = "timer_fired"
    MESSAGE_CAUGHT = "message_caught"
    MESSAGE_SENT = "message_sent"
    SIGNAL_CAUGHT = "signal_caught"
    SIGNAL_SENT = "signal_sent"
    ERROR_THROWN = "error_thrown"  # detail: code, caught_by
    ESCALATION_THROWN = "escalation_thrown"  # detail: code, caught_by
    COMPENSATED = "compensated"  # element: the activity undone; detail: handler
    DECISION_TAKEN = "decision_taken"  # detail: decision, rules, answer
    VARIABLES_SET = "variables_set"  # detail: names, by; with a reason also before, after, reason
    INCIDENT_RAISED = "incident_raised"
    INCIDENT_RESOLVED = "incident_resolved"
    SLA_STARTED = "sla_started"  # detail: due, warn, calendar
    SLA_PAUSED = "sla_paused"
    SLA_RESUMED = "sla_resumed"
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"
    TOKEN_MOVED = "token_moved"
    ELEMENT_CHOSEN = "element_chosen"  # a person began it in an ad-hoc sub-process; detail: by, reason
    TOKEN_SKIPPED = "token_skipped"  # detail: state before, by, reason
    ELEMENT_REPEATED = "element_repeated"  # detail: instead_of (token, 0: none), by, reason
    BRANCH_CANCELLED = "branch_cancelled"  # detail: inside (tokens that went with it), by, reason
    SUSPENDED = "suspended"  # detail: by, reason
    RESUMED = "resumed"  # detail: held (how much had come meanwhile), since, by, reason
    MIGRATED = "migrated"  # detail: sha256, version, from_version, by, reason
    TOKEN_MIGRATED = "token_migrated"  # element: as it is called now; detail: origin, milestone
    FACT_IGNORED = "fact_ignored"  # it came for something that is over; detail: fact, why
    FINISHED = "finished"  # detail: outcome, code, message


class Record(NamedTuple):
    """One thing that happened.

    `seq` counts from 1 without gaps within one instance, also across continue-as-new. `token` is 0 where no single
    token is meant, `scope` is the token of the enclosing scope. `detail` is plain JSON and holds no personal data.
    """

    seq: int
    at: datetime
    kind: RecordKind
    element: str
    token: int
    scope: int
    detail: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Give the record as plain JSON; `at` is ISO 8601 in UTC."""
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "kind": self.kind.value,
            "element": self.element,
            "token": self.token,
            "scope": self.scope,
            **({"detail": self.detail} if self.detail else {}),
        }
