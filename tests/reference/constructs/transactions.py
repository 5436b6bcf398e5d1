"""Transactions with cancel ends, something to undo, and work that is under way when they are cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference.drafting import Loose
from tests.reference.drawn import Scope

if TYPE_CHECKING:
    from tests.reference.blocks import Blocks


def transaction(draft: Blocks, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
    """A transaction: work that can be undone, and a person who may cancel, behind it or beside it."""
    node = draft.node(scope, "tx", {}, Scope())
    draft.lead(scope, ends, node)
    inside = node.inside
    inner = [Loose(draft.node(inside, "start").id)]
    if draft.maybe(50):
        split = draft.then(inside, inner, "and")
        done = draft.regret(inside, split, depth + 1)
        done = draft.sequence(inside, done, depth + 1, 2) if draft.maybe(50) else done
        if done:
            draft.then(inside, done, "end")
        inner = split
    else:
        inner = draft.regret(inside, inner, depth + 1)
    if draft.maybe(30):
        inner = draft.sequence(inside, inner, depth + 1, 2) or draft.then(inside, inner, "user")
    inner = draft.then(inside, inner, "user")
    choice = draft.then(inside, inner, "xor")[0].source
    draft.then(inside, [Loose(choice, draft.condition())], "end", cancelled(draft))
    draft.then(inside, [Loose(choice, "", True)], "end")
    if draft.maybe(25):
        draft.event_sub_process(inside, depth + 1)
    if draft.maybe(15):
        node.keys |= draft.repeated()
    if draft.maybe(15):
        draft.undone(scope, node)
    out = [Loose(node.id), *draft.boundary(scope, node, depth, {"cancel": ""})]
    if draft.maybe(40):
        out += draft.boundary(scope, node, depth)
    return draft.one(scope, out)


def cancelled(draft: Blocks) -> dict[str, str]:
    """Give the keys of a cancel end event, which may throw something else as well."""
    return {"any": "cancel; signal=s1"} if draft.maybe(10) else {"cancel": ""}
