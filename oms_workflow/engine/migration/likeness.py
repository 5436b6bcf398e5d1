"""What must be alike in two versions of a node so that a token at the one can go on at the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from oms_workflow.bpmn.events import MessageEvent, SignalEvent, TimerEvent
from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Node
from oms_workflow.bpmn.work import MultiInstance
from oms_workflow.engine.program import WAITED_FOR

Difference = tuple[str, str]
"""A stable code, and in words what differs."""

CATCHING = frozenset({NodeKind.CATCH_EVENT, NodeKind.RECEIVE_TASK, NodeKind.BOUNDARY_EVENT, NodeKind.START_EVENT})


def differences(old: Node, new: Node) -> Iterator[Difference]:
    """Say why a token cannot go on at another node; nothing when it can."""
    if old.kind is not new.kind:
        yield "kind-differs", f"it is a {old.kind} and would become a {new.kind}"
        return
    if (old.job is None) != (new.job is None):
        words = ("a job does its work", "no job does")
        yield "work-differs", f"{words[old.job is None]} now, and {words[new.job is None]} in the new version"
    if _loop(old) != _loop(new):
        yield "loop-differs", f"it {_told(old)}, and in the new version it {_told(new)}"
    if old.for_compensation != new.for_compensation:
        yield "compensation-differs", "only one of the two undoes something"
    if old.ad_hoc is not None and new.ad_hoc is not None and old.ad_hoc.sequential != new.ad_hoc.sequential:
        yield "loop-differs", "its activities run one at a time in only one of the two"
    if old.kind in CATCHING:
        yield from event_differences(old, new)


def event_differences(old: Node, new: Node) -> Iterator[Difference]:
    """Say why something that waits cannot wait at another event."""
    mine, other = [event.kind for event in old.events], [event.kind for event in new.events]
    if mine != other or old.all_events != new.all_events:
        yield "event-differs", f"it waits for {_kinds(mine)}, and in the new version for {_kinds(other)}"


def waits_the_same(old: Node, new: Node) -> bool:
    """Whether what waits at the old event can be left as it is: same trigger, same text, same effect on its host."""
    return bool(_waits(old) == _waits(new))


def _waits(node: Node) -> Any:
    events = [event for event in node.events if event.kind in WAITED_FOR]
    subscribes = [event for event in events if isinstance(event, MessageEvent | SignalEvent | TimerEvent)]
    lasting = node.interrupting if subscribes else True
    return events, lasting, node.all_events


def _loop(node: Node) -> Any:
    loop = node.loop
    if isinstance(loop, MultiInstance):
        return "multiple", loop.sequential, bool(loop.collection), bool(loop.output_collection)
    return "standard" if loop is not None else None


def _told(node: Node) -> str:
    match _loop(node):
        case None:
            return "runs once"
        case "standard":
            return "runs while a condition holds"
        case (_, sequential, listed, gathers):
            how = "one after the other" if sequential else "side by side"
            over = "for each of a list" if listed else "a number of times"
            return f"runs {over}, {how}{', gathering outputs' if gathers else ''}"
        case _:
            raise AssertionError(node.id)


def _kinds(kinds: Sequence[str]) -> str:
    return " and ".join(kinds) or "nothing"
