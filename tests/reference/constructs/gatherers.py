"""Complex gateways, and activities that gather and give several tokens (BPMN 2.0.2, 13.4.5 and 10.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference.drafting import VARIABLES, Loose
from tests.reference.drawn import Scope

if TYPE_CHECKING:
    from tests.reference.blocks import Blocks

QUANTITATIVE = ("user", "user", "script", "task", "service")


def complex_join(draft: Blocks, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
    """Branches that a complex gateway joins by a condition; sometimes it chooses the ways on, too."""
    split = draft.node(scope, draft.chance.choice(("and", "and", "or")))
    draft.lead(scope, ends, split)
    count, found = draft.chance.randrange(2, 4), []
    ways = [Loose(split.id)] * count if split.kind == "and" else draft.conditional(split, count)
    for way in ways:
        found += draft.one(scope, draft.sequence(scope, [way], depth + 1, 2))
    if len(found) < 2:
        return found
    gateway = draft.node(scope, "complex")
    draft.lead(scope, found, gateway)
    flows = [flow.id for flow in scope.into(gateway.id)]
    gateway.keys["when"] = draft.chance.choice(
        (
            f"=activationCount >= {draft.chance.randrange(1, 4)}",
            f"=activationCount >= {draft.chance.choice(VARIABLES)}",
            f"=activationCounts.{draft.chance.choice(flows)} >= 1",
            draft.condition(),
        )
    )
    if draft.maybe(50):
        return [Loose(gateway.id)]
    return complex_ways(draft, scope, gateway.id, depth)


def complex_split(draft: Blocks, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
    """A complex gateway that only chooses ways on."""
    gateway = draft.then(scope, draft.one(scope, ends), "complex")[0].source
    return complex_ways(draft, scope, gateway, depth)


def complex_ways(draft: Blocks, scope: Scope, gateway: str, depth: int) -> list[Loose]:
    """Several ways out of a complex gateway; some only when it fires, or only at its reset."""
    asked = ("=waitingForStart", "=waitingForStart = false", draft.condition(), "=activationCount >= 2")
    ways = [Loose(gateway, draft.chance.choice(asked)) for _ in range(draft.chance.randrange(1, 3))]
    if draft.maybe(80) or len(ways) < 2:
        ways.append(Loose(gateway, "", True))
    found = []
    for way in ways:
        found += draft.branch(scope, [way], depth)
    return draft.one(scope, found)


def quantities(draft: Blocks, scope: Scope, ends: list[Loose], depth: int) -> list[Loose]:
    """An activity that gives several tokens, or branches, and behind them one that begins with several."""
    if draft.maybe(50):
        kind = draft.chance.choice(QUANTITATIVE)
        giver = draft.node(scope, kind, draft.work_keys(kind) | {"give": str(draft.chance.randrange(2, 4))})
        draft.lead(scope, ends, giver)
        if draft.maybe(20):
            giver.keys |= draft.repeated()
        found, most = [Loose(giver.id)], int(giver.keys["give"])
        found = draft.then(scope, found, "user") if draft.maybe(40) else found
    else:
        found = draft.then(scope, ends, "and")
        found = [draft.then(scope, found, draft.chance.choice(("user", "task")))[0] for _ in range(2 + draft.maybe(40))]
        most = len(found)
    kind = draft.chance.choice(QUANTITATIVE)
    taker = draft.node(scope, kind, draft.work_keys(kind) | {"start": str(draft.chance.randrange(2, most + 1))})
    draft.lead(scope, found, taker)
    return draft.dress(scope, taker, depth)
