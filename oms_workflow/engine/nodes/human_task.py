"""User and manual tasks: a person does the work; the engine opens the task and waits (BPMN 2.0.2, 13.3.3)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from oms_workflow import feel
from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.work import HumanTask as Drawn
from oms_workflow.engine import mapping
from oms_workflow.engine.commands import CloseTask, OpenTask
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.jobs import JobTask
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token

NORMAL_PRIORITY = 50  # Camunda 8's own default, on its scale from 0 to 100


class HumanTask(JobTask):
    """Puts work before a person. A user task drawn with a job runs the job instead."""

    def __init__(self, kind: Literal["userTask", "manualTask"]) -> None:
        self._kind = kind

    def work(self, run: Run, token: Token, step: Step) -> None:
        """Open the task."""
        if step.node.job is not None:
            super().work(run, token, step)
            return
        node = step.node
        drawn = node.human or Drawn()
        task = OpenTask(
            token=token.id,
            element=node.id,
            name=node.label,
            kind=self._kind,
            inputs=mapping.work_inputs(run, token, step) if node.inputs else {},
            assignee=run.text(drawn.assignee, token, "assignee") if drawn.assignee else "",
            candidate_groups=_names(run, token, drawn.candidate_groups, "candidate groups"),
            candidate_users=_names(run, token, drawn.candidate_users, "candidate users"),
            due=_time(run, token, drawn.due_date, "due date"),
            follow_up=_time(run, token, drawn.follow_up_date, "follow-up date"),
            priority=_priority(run, token, drawn.priority),
            form=run.text(drawn.form, token, "form") if drawn.form else "",
            owner=node.owner,
            headers=node.headers,
        )
        run.record_token(RecordKind.TASK_OPENED, token, **_told(task))
        run.command(task)

    def withdraw(self, run: Run, token: Token, step: Step, was: TokenState) -> None:
        """Close the task again."""
        if step.node.job is not None:
            super().withdraw(run, token, step, was)
        elif was is TokenState.ACTIVE and token.role not in ("body", "undo"):
            run.command(CloseTask(token=token.id, element=step.node.id))


def _told(task: OpenTask) -> dict[str, Any]:
    return {
        "name": task.name,
        "kind": task.kind,
        "inputs": feel.to_plain(task.inputs),
        "assignee": task.assignee,
        "groups": list(task.candidate_groups),
        "users": list(task.candidate_users),
        "due": task.due.isoformat() if task.due else "",
        "follow_up": task.follow_up.isoformat() if task.follow_up else "",
        "priority": task.priority,
        "form": task.form,
        "owner": task.owner,
    }


def user_task() -> HumanTask:
    """Give the behaviour of user tasks."""
    return HumanTask(NodeKind.USER_TASK.value)


def manual_task() -> HumanTask:
    """Give the behaviour of manual tasks: done outside any system, confirmed here."""
    return HumanTask(NodeKind.MANUAL_TASK.value)


def _names(run: Run, token: Token, text: str, what: str) -> tuple[str, ...]:
    value: Any = run.value(text, token) if text else ""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(value)
    raise ExpressionFailed(f"The {what} {text!r} must be a list of names. Set the variables it reads, then retry.")


def _time(run: Run, token: Token, text: str, what: str) -> datetime | None:
    value: Any = run.value(text, token) if text else None
    if isinstance(value, str):
        value = feel.parse_date_time(value)
    if value is None and text.startswith("="):
        return None  # a due date is optional: FEEL that gives null sets none
    if value is None and not text:
        return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    raise ExpressionFailed(f"The {what} {text!r} must be a date and time with a zone, such as 2026-11-22T18:00:00Z.")


def _priority(run: Run, token: Token, text: str) -> int:
    value: Any = run.value(text, token) if text else NORMAL_PRIORITY
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if isinstance(value, int | Decimal) and 0 <= value <= 100 and value == int(value):
        return int(value)
    raise ExpressionFailed(f"The priority {text!r} must be a whole number from 0 to 100.")
