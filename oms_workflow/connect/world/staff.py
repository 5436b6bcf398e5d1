"""What the people of the shop do with tasks and incidents, in their working hours, or never."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from oms_workflow.connect.world.callbacks import News, call_off, tell
from oms_workflow.connect.world.script.matching import find
from oms_workflow.connect.world.script.people import HoldMove, IncidentAnswer, TaskAnswer
from oms_workflow.connect.world.tables import callbacks
from oms_workflow.connect.world.visit import Visit
from oms_workflow.domain.hold import RULES

APPROVAL: dict[str, Any] = {"approved": True, "decision": "approve"}
"""What staff fills in when the script says nothing: everything that is asked for is approved."""

PATIENCE = 3
"""How often staff retries an incident of one node of one instance before it is left for somebody else."""


def holds(visit: Visit) -> list[News]:
    """Give the holds that staff puts on an order of its own accord, and what becomes of them."""
    found = next(iter(find(visit.script, visit.seed, visit.facts, "staff", "holds")), None)
    told: list[News] = []
    for number, move in enumerate(found.value or () if found else ()):
        told += _hold(visit, number, move)
    return told


def _hold(visit: Visit, number: int, move: HoldMove) -> list[News]:
    rule, began = RULES[move.kind], visit.began_at or visit.at
    role = move.role or rule.resolver_role
    named = {"order": visit.subject, "kind": move.kind.value, "handle": f"staff-{number + 1}", "role": role}
    body: dict[str, Any] = named | {"reason": move.reason, "by": "staff"}
    if move.blocks is not None:
        body["blocks"] = [gate.value for gate in move.blocks]
    if move.limit is not None:
        body["limit_seconds"] = int(move.limit.total_seconds())
    told = [News(kind="hold.placed", at=began + move.after, body=body, source=f"hold.placed:{number}")]
    if move.lifted_after is not None:
        kind = "hold.rejected" if move.rejected else "hold.resolved"
        moment = began + move.lifted_after
        told.append(News(kind=kind, at=moment, body=named | {"by": role}, source=f"hold.closed:{number}"))
    return told


def take_task(visit: Visit, instance: str, element: str, token: int) -> datetime | None:
    """Plan the answer to a user task; gives when it comes, None when nobody answers.

    The same task opened again is answered once.
    """
    answer, place = _answer(visit, "tasks", element)
    answer = answer or TaskAnswer()
    if answer.never:
        return None
    source = f"staff.task_answered:{instance}:{element}:{token}"
    moment = visit.done_at("staff.answers", visit.at, source, instead=answer.after)
    variables = APPROVAL if answer.variables is None else answer.variables
    body = {"instance": instance, "element": element, "token": token, "variables": variables}
    private = place if answer.contact is not None else ""
    _tell(visit, "staff.task_answered", moment, body, source, _task(instance, element, token), private)
    return moment


def drop_task(visit: Visit, instance: str, element: str, token: int) -> None:
    """Nobody answers a task any more that is gone."""
    call_off(visit, _task(instance, element, token))


def mend(visit: Visit, instance: str, element: str, incident: int) -> datetime | None:
    """Plan what staff does about an incident; gives when, None when nobody does anything."""
    answer, _ = _answer(visit, "incidents", element)
    about = f"incidents:{instance}:{element}"
    if answer is None:
        before = select(func.count()).where(callbacks.c.about == about)
        if visit.connection.execute(before).scalar_one() >= PATIENCE:
            return None
        answer = IncidentAnswer()
    if answer.action == "none":
        return None
    source = f"staff.incident_answered:{instance}:{element}:{incident}"
    moment = visit.done_at("staff.mends", visit.at, source, instead=answer.after)
    body = {
        "instance": instance,
        "element": element,
        "incident": incident,
        "action": answer.action,
        "variables": answer.variables,
    }
    _tell(visit, "staff.incident_answered", moment, body, source, about)
    return moment


def _answer(visit: Visit, matter: str, element: str) -> tuple[Any | None, str]:
    """Give the first answer for this element that is not used up, and where in the script it stands."""
    for found in find(visit.script, visit.seed, visit.facts, "staff", matter):
        answers: Iterable[TaskAnswer | IncidentAnswer] = found.value
        for number, answer in enumerate(answers):
            concerned = answer.element in ("*", element)
            place = f"{found.rule}[{number}]"
            if concerned and visit.use(place, answer.times):
                return answer, place
    return None, ""


def _tell(
    visit: Visit, kind: str, moment: datetime, body: dict[str, Any], source: str, about: str, private: str = ""
) -> None:
    told = {"order": visit.subject} | body
    tell(visit, "", [News(kind=kind, at=moment, body=told, source=source, about=about, private=private)])


def _task(instance: str, element: str, token: int) -> str:
    return f"task:{instance}:{element}:{token}"
