"""Carrying what an instance has open over into another version of its process.

The rules: tokens, work in flight, tasks, incidents and running deadlines go on as they are, and stand at the elements
that take their places. An event that waits goes on waiting when it is drawn alike; when its trigger or text differs,
what was open is closed and opened anew, from now on. Events that the new version adds begin to wait, where their host
or scope is active. Everything else of the new version counts from the next time a node is entered.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.engine import waits
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.migration.atlas import DROPPED, Atlas
from oms_workflow.engine.migration.likeness import waits_the_same
from oms_workflow.engine.nodes.complex_gateway import COUNTS
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Compensable, Token, Wait


def carry_over(run: Run, atlas: Atlas) -> None:
    """Change the state of `run`, which has the new version, as `atlas` says; what was checked before is not again.

    Raises:
        ExpressionFailed: When an event that has to be opened has no usable time, key or name.
    """
    hosts = {token.id: token.node for token in run.state.tokens.values()}
    for token in run.state.tokens.values():
        _stand(run, atlas, token)
    run.state.inclusive = {(scope, atlas.node(gateway)): None for scope, gateway in run.state.inclusive}
    _rearrange_waits(run, atlas)
    for token in list(run.state.tokens.values()):
        for target in _added(run, atlas, token, hosts[token.id]):
            waits.open_for(run, token, target)


def _stand(run: Run, atlas: Atlas, token: Token) -> None:
    old = atlas.old.steps[token.node].node
    token.node = atlas.node(token.node)
    new = run.steps[token.node].node
    if old.id != new.id:
        _keep_known(run, token, old.id, new.id)
    if token.role == "plain" and token.index >= 0:  # of an event sub-process: the start event; of an item: its number
        token.index = max(atlas.node(token.index), -1)
    if token.joins is not None:
        token.joins = {atlas.node(gateway): _flows(atlas, waiting) for gateway, waiting in token.joins.items()}
    if token.resets is not None:
        token.resets = {
            atlas.node(gateway): dict.fromkeys(atlas.flow(flow) for flow in taken)
            for gateway, taken in token.resets.items()
        }
    if new.kind is NodeKind.COMPLEX_GATEWAY and token.variables and COUNTS in token.variables:
        token.variables[COUNTS] = _counts(atlas, token.variables[COUNTS], new.incoming)
    if token.compensation is not None:
        token.compensation = _entries(atlas, token.compensation) or None
    if token.undoing is not None:
        token.undoing = _entries(atlas, token.undoing)
    if token.ad_hoc is not None:
        token.ad_hoc.waiting = [atlas.node(position) for position in token.ad_hoc.waiting]
    if (old.id, old.milestone) != (new.id, new.milestone) and token.parent:
        run.record_token(RecordKind.TOKEN_MIGRATED, token, origin=old.id, milestone=new.milestone)


def _keep_known(run: Run, token: Token, old: str, new: str) -> None:
    """The effects of a token go by the id of its first node; one that came back to that has nothing to remember."""
    known_as = run.state.known_as
    if old and known_as.setdefault(token.id, old) == new:
        del known_as[token.id]


def _flows(atlas: Atlas, waiting: dict[int, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for flow, many in waiting.items():
        new = atlas.flow(flow)
        found[new] = found.get(new, 0) + many
    return found


def _entries(atlas: Atlas, entries: list[Compensable]) -> list[Compensable]:
    kept = [one for one in entries if atlas.node(one.node) != DROPPED]
    return [
        Compensable(
            atlas.node(one.node),
            one.variables,
            None if one.inner is None else _entries(atlas, one.inner),
            completed=one.completed,
        )
        for one in kept
    ]


def _counts(atlas: Atlas, counts: dict[str, Any], incoming: tuple[int, ...]) -> dict[str, Any]:
    """What a complex gateway has gathered, by the ids that its flows have now; a flow that is new brought nothing."""
    flows = atlas.new.definition.flows
    found = {flows[flow].id: Decimal(0) for flow in incoming}
    for index, flow in enumerate(atlas.old.definition.flows):
        if counts.get(flow.id):
            found[flows[atlas.flow(index)].id] += counts[flow.id]
    return found


def _rearrange_waits(run: Run, atlas: Atlas) -> None:
    """Let each wait stand at its new event, or close it, and open anew what is drawn otherwise now."""
    anew: dict[tuple[int, int], None] = {}
    for wait in list(run.state.waits.values()):
        token, target = run.state.tokens[wait.token], atlas.node(wait.target)
        if wait.kind in ("sla_warning", "sla_breach"):
            _keep_deadline(run, token, wait, target)
        elif target == DROPPED:
            waits.close(run, wait)
        elif waits_the_same(atlas.old.steps[wait.target].node, run.steps[target].node):
            wait.target = target
        else:
            waits.close(run, wait)
            anew[token.id, target] = None
    for token_id, target in anew:
        waits.open_for(run, run.state.tokens[token_id], target)
    for token in run.state.tokens.values():
        if token.sla is not None and run.node_of(token).sla is None:
            token.sla = None


def _keep_deadline(run: Run, token: Token, wait: Wait, target: int) -> None:
    wait.target = target
    if run.node_of(token).sla is None:
        waits.close(run, wait)


def _added(run: Run, atlas: Atlas, token: Token, before: int) -> list[int]:
    """Events of the new version that no event of the old one became, and that this token would be waiting for."""
    step = run.steps[token.node]
    found: list[int] = []
    if token.undoing is not None:
        return found  # it undoes what was done in it, and waits for nothing else
    if _is_open(run, token) and token.role in ("plain", "body"):
        found += step.attached_waits
    if token.state is TokenState.ACTIVE and token.role in ("plain", "item") and not _is_interrupted(run, token):
        found += step.sub_process_waits
    if token.state is TokenState.ACTIVE and step.node.kind is NodeKind.EVENT_BASED_GATEWAY:
        found += [flow.target for _, flow in step.flows]
    return [target for target in found if target not in atlas.images]


def _is_open(run: Run, token: Token) -> bool:
    """Whether the events at the border of a node wait: from when it was entered until it is left."""
    if token.state is TokenState.INCIDENT:
        mine = [one.phase for one in run.state.incidents.values() if one.token == token.id]
        return not {"activating", "entering"} & set(mine)
    return token.state is TokenState.ACTIVE


def _is_interrupted(run: Run, scope: Token) -> bool:
    """Whether an event sub-process has interrupted a scope: its other event sub-processes are closed then."""
    for child in run.state.children_of(scope):
        node = run.node_of(child)
        if node.kind is NodeKind.EVENT_SUB_PROCESS and (child.index < 0 or run.steps[child.index].node.interrupting):
            return True
    return False
