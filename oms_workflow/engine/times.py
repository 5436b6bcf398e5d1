"""Instants, durations and running deadlines as JSON and back, for snapshots."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from oms_workflow.bpmn.sla import Level, Terms
from oms_workflow.engine.state import SlaState

Json = dict[str, Any]


def told(instant: datetime | None) -> str | None:
    """Give an instant as ISO 8601 text."""
    return None if instant is None else instant.isoformat()


def read(text: str | None) -> datetime | None:
    """Give the instant that `told` was given."""
    return None if text is None else datetime.fromisoformat(text)


def microseconds(duration: timedelta) -> int:
    """Give a duration in whole microseconds."""
    return duration // timedelta(microseconds=1)


def told_sla(sla: SlaState) -> Json:
    """Give a running deadline as JSON."""
    told_asked: Json = {} if sla.terms is None else {"terms": _told_terms(sla.terms)}
    if sla.level:
        told_asked["level"] = sla.level
    return told_asked | {
        "since": told(sla.since),
        "spent": microseconds(sla.spent),
        "paused_at": told(sla.paused_at),
        "warned": sla.warned,
        "breached": sla.breached,
    }


def read_sla(json: Json) -> SlaState:
    """Give the running deadline that `told_sla` was given."""
    sla = SlaState(datetime.fromisoformat(json["since"]), _read_terms(json["terms"]) if "terms" in json else None)
    sla.level = json.get("level", 0)
    sla.spent = timedelta(microseconds=json["spent"])
    sla.paused_at = read(json["paused_at"])
    sla.warned, sla.breached = json["warned"], json["breached"]
    return sla


def _told_terms(terms: Terms) -> Json:
    return {
        "limit": microseconds(terms.limit),
        "warn": None if terms.warn_after is None else microseconds(terms.warn_after),
        "calendar": terms.calendar,
        "chain": [[level.role, microseconds(level.after)] for level in terms.chain],
    }


def _read_terms(json: Json) -> Terms:
    warn = json["warn"]
    return Terms(
        limit=timedelta(microseconds=json["limit"]),
        warn_after=None if warn is None else timedelta(microseconds=warn),
        calendar=json["calendar"],
        chain=tuple(Level(role=role, after=timedelta(microseconds=after)) for role, after in json["chain"]),
    )
