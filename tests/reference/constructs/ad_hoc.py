"""Ad-hoc sub-processes: some elements chosen by the diagram, the others by the walk, until it is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference.drafting import Loose
from tests.reference.drawn import Scope

if TYPE_CHECKING:
    from tests.reference.blocks import Blocks

FIRST = ("user", "user", "user", "service", "script", "task", "sub")
LATER = ("user", "script", "task", "catch", "xor", "and")


def ad_hoc(draft: Blocks, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
    """An ad-hoc sub-process of a few short chains."""
    node = draft.node(scope, "adhoc", {}, Scope())
    draft.lead(scope, ends, node)
    firsts = [_chain(draft, node.inside, depth + 1) for _ in range(draft.chance.randrange(2, 5))]
    if draft.maybe(75):
        node.keys["begin"] = ",".join(draft.chance.sample(firsts, draft.chance.randrange(1, len(firsts) + 1)))
    if draft.maybe(40):
        node.keys["inorder"] = ""
    if draft.maybe(40):
        node.keys["keep"] = ""
    if draft.maybe(60):
        node.keys["enough"] = draft.condition()
    if draft.maybe(30):
        node.keys |= {"collect": draft.name("all"), "element": draft.value()}
    if draft.maybe(25):
        draft.event_sub_process(node.inside, depth + 1)
    ends = draft.dress(scope, node, depth)
    if "gather" in node.keys and "collect" not in node.keys:  # a drawing has one key for both elements
        del node.keys["gather"], node.keys["element"]
    return ends


def _chain(draft: Blocks, inside: Scope, depth: int) -> str:
    """Draw one element that may be chosen, and what follows it; gives its id."""
    kind = draft.chance.choice(FIRST)
    first = draft.node(inside, kind, draft.work_keys(kind), Scope() if kind == "sub" else None)
    if first.inside is not None:
        draft.fill(first.inside, depth + 1)
    if draft.maybe(20):
        draft.undone(inside, first)
    if draft.maybe(15):
        first.keys |= draft.repeated()
    if draft.maybe(15) and kind in ("user", "service", "sub"):
        event = draft.node(inside, "catch", {"on": first.id} | draft.caught())
        draft.then(inside, [Loose(event.id)], "user")
    ends = [Loose(first.id)]
    for _ in range(draft.chance.randrange(3)):
        ends = _further(draft, inside, ends)
    return first.id


def _further(draft: Blocks, inside: Scope, ends: list[Loose]) -> list[Loose]:
    kind = draft.chance.choice(LATER)
    if kind == "catch":
        return draft.then(inside, ends, kind, draft.waited_for())
    if kind in ("xor", "and"):
        gateway = draft.then(inside, ends, kind)[0].source
        ways = [Loose(gateway, draft.condition()), Loose(gateway, "", True)] if kind == "xor" else [Loose(gateway)] * 3
        found = [draft.then(inside, [way], draft.chance.choice(("user", "task")))[0] for way in ways]
        return draft.then(inside, found[:2], "or") if draft.maybe(60) else found[:1]
    return draft.then(inside, ends, kind, draft.work_keys(kind))
