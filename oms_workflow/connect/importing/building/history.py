"""What is known of an order's past: read, checked for contradictions, written as a note, and read back from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from oms_workflow.connect.importing.building.fields import Fields
from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.problem import Place, Report
from oms_workflow.connect.importing.results import History, Paid, Refunded
from oms_workflow.connect.importing.scope import Scope
from oms_workflow.domain.money import Money, total

MARK = "imported history: "
"""How the line of a note begins that holds a history."""


def read_history(
    mapping: ImportMapping,
    scope: Scope,
    report: Report,
    *,
    placed_at: datetime | None,
    payments: Sequence[Paid],
    refunds: Sequence[Refunded],
) -> History:
    """Give what the file knows of an order's past."""
    fields = Fields(mapping, mapping.section("history"), scope, report)
    status = fields.text("status")
    times = {name: fields.time_of(source) for name, source in mapping.steps.items()}
    known = {name: at for name, at in times.items() if at is not None}
    facts = {name: Fields(mapping, {name: source}, scope, report).text(name) for name, source in mapping.facts.items()}
    _check_status(mapping, status, known, scope.row.place, report)
    _check_order(known, placed_at, scope.row.place, report)
    return History(
        status=status,
        times=known,
        facts={name: text for name, text in facts.items() if text},
        paid=_sum([one.amount for one in payments]),
        refunded=_sum([one.amount for one in refunds]),
    )


def _sum(amounts: Sequence[Money]) -> Money | None:
    return total(amounts, amounts[0].currency) if amounts else None


def history_note(history: History) -> str:
    """Write a history as one line of a note; '' when nothing is known."""
    if history.is_empty:
        return ""
    known = {
        "status": history.status,
        "times": {name: at.isoformat() for name, at in history.times.items()},
        "facts": dict(history.facts),
        "paid": str(history.paid) if history.paid else "",
        "refunded": str(history.refunded) if history.refunded else "",
    }
    return MARK + json.dumps({name: value for name, value in known.items() if value}, ensure_ascii=False)


def history_in(texts: Iterable[str]) -> History | None:
    """Read a history back from the texts of an order's notes; None when there is none in them."""
    for text in texts:
        for line in text.splitlines():
            if line.startswith(MARK):
                return _from_json(json.loads(line.removeprefix(MARK)))
    return None


def _from_json(known: Mapping[str, Any]) -> History:
    def money(text: str | None) -> Money | None:
        return Money.of(*text.split(" ")) if text else None

    return History(
        status=known.get("status", ""),
        times={name: datetime.fromisoformat(text) for name, text in known.get("times", {}).items()},
        facts=known.get("facts", {}),
        paid=money(known.get("paid")),
        refunded=money(known.get("refunded")),
    )


def _check_status(
    mapping: ImportMapping, status: str, known: Mapping[str, datetime], place: Place, report: Report
) -> None:
    shape = mapping.shape.history
    source = mapping.section("history").get("status")
    column = source.shown if source else ""
    if status and shape.statuses and status not in shape.statuses:
        message = f"expected one of {', '.join(shape.statuses)}"
        report.found("unknown-status", message, place=place, column=column, field="history.status")
        return
    for step in shape.expects.get(status, ()):
        if step not in known:
            message = f"the status is {status!r}, but {step!r} has no time"
            report.found("missing-time", message, place=place, field=f"history.times.{step}")
    for step in shape.contradicts.get(status, ()):
        if step in known:
            message = f"the status is {status!r}, but {step!r} has a time"
            report.found("status-contradiction", message, place=place, field=f"history.times.{step}")


def _check_order(known: Mapping[str, datetime], placed_at: datetime | None, place: Place, report: Report) -> None:
    """Compare each step with the latest one before it: a step may be left out, but not overtaken."""
    latest, at = ("placed_at", placed_at) if placed_at else ("", None)
    for step, moment in known.items():
        if at is not None and moment < at:
            message = f"{step!r} lies {_length(at, moment)} before {latest!r}"
            report.found("dates-out-of-order", message, place=place, field=f"history.times.{step}")
        else:
            latest, at = step, moment


def _length(later: datetime, earlier: datetime) -> str:
    gap = later - earlier
    return f"{gap.days} days" if gap.days > 1 else str(gap)
