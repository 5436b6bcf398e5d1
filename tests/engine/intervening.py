"""Doing what people do to a walk: by the name of the element that is meant."""

from __future__ import annotations

from typing import Any

from oms_workflow.engine import facts
from tests.engine.walking import Walk


def token_at(walk: Walk, element: str, index: int = 0) -> int:
    """The token at an element, the oldest first."""
    state = walk.first.instance.state
    found = [one.id for one in state.tokens.values() if walk.first.instance.program.steps[one.node].node.id == element]
    return found[index]


def do(walk: Walk, kind: type[facts.Fact], **told: Any) -> str:
    """Take in what a person does; gives why it was refused, '' when it was done."""
    before = len(walk.detail("fact_ignored"))
    walk.tell(kind(at=walk.stage.now, by="mei", reason="because", **told))
    refused = walk.detail("fact_ignored")[before:]
    return refused[0]["why"] if refused else ""


def skip(walk: Walk, element: str) -> str:
    return do(walk, facts.TokenSkipped, token=token_at(walk, element))


def repeat(walk: Walk, element: str, **told: Any) -> str:
    return do(walk, facts.ElementRepeated, element=element, **told)


def cancel(walk: Walk, element: str) -> str:
    return do(walk, facts.BranchCancelled, token=token_at(walk, element))


def move(walk: Walk, origin: str, to: str) -> str:
    return do(walk, facts.TokenMoved, token=token_at(walk, origin), element=to)


def suspend(walk: Walk) -> str:
    return do(walk, facts.Suspended)


def resume(walk: Walk) -> str:
    return do(walk, facts.Resumed)
