"""What a walk shows at any moment, as plain data, and what differs from what was expected of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from oms_workflow import feel
from oms_workflow.bpmn.kinds import ACTIVITIES, SCOPES, TASKS, NodeKind
from oms_workflow.engine import ad_hoc
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.state import Token
from oms_workflow.play.stage import Actor, Stage

ANSWERED_FROM_OUTSIDE = TASKS | {NodeKind.THROW_EVENT, NodeKind.END_EVENT}
TRACED = ACTIVITIES - SCOPES


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayResult:
    """A walk as it stands: every list in the order in which things happened."""

    status: str  # active, incident, completed, failed, terminated
    open: list[dict[str, str]]  # {"element", "kind"} of work that waits for an answer
    waiting: list[dict[str, str]]  # {"element", "kind"} of open timers, messages, signals, conditions
    offered: list[dict[str, str]]  # {"element", "in"} of what people may activate in open ad-hoc sub-processes
    trace: list[str]  # completed activities
    completed: list[str]  # completed elements of every kind
    taken: list[str]  # sequence flows
    variables: dict[str, Any]  # of the first instance's process scope
    incidents: list[dict[str, str]]  # {"element", "message"}
    escalations: list[str]  # codes nobody caught
    expired: list[str]  # names of messages that nobody took in time
    records: list[dict[str, Any]]
    checks: list[list[str]]  # one list for each `expect` step: what differs, nothing when all is right

    def to_json(self) -> dict[str, Any]:
        """Give everything as plain JSON values."""
        return asdict(self)


def show(stage: Stage, checks: list[list[str]]) -> PlayResult:
    """Give the present state of a stage."""
    stage.letters.give_up(stage.now)
    records = [{"instance": actor.number, **record.to_json()} for actor in stage.actors for record in actor.records]
    records.sort(key=lambda one: one["at"])  # stable: one instance's records stay in their order
    done = list(_completions(stage))
    return PlayResult(
        status=stage.status,
        open=[{"element": _id(actor, token), "kind": _kind(actor, token)} for actor, token in open_work(stage)],
        waiting=list(_waiting(stage)),
        offered=[
            {"element": node.id, "in": _id(actor, token)}
            for actor in stage.actors
            for token in actor.instance.state.tokens.values()
            for node in ad_hoc.offered(actor.instance.program, token)
        ],
        trace=[element for element, kind, body in done if kind in TRACED and not body],
        completed=[element for element, _, _ in done],
        taken=[one["element"] for one in records if one["kind"] == RecordKind.FLOW_TAKEN],
        variables=feel.to_plain(dict(stage.actors[0].variables)) if stage.actors else {},
        incidents=[
            {"element": _id(actor, actor.instance.state.tokens[one.token]), "message": one.message}
            for actor in stage.actors
            for one in actor.instance.state.incidents.values()
        ],
        escalations=list(stage.escalations),
        expired=[one.name for one in stage.letters.expired],
        records=records,
        checks=checks,
    )


def open_work(stage: Stage) -> list[tuple[Actor, Token]]:
    """Give the tokens that wait for an answer from outside, oldest first."""
    return [
        (actor, token)
        for actor in stage.actors
        for token in actor.instance.state.tokens.values()
        if token.state is TokenState.ACTIVE
        and token.role in ("plain", "item")
        and actor.instance.program.steps[token.node].node.kind in ANSWERED_FROM_OUTSIDE
        and token.undoing is None
    ]


def differences(expected: Mapping[str, Any], result: PlayResult) -> list[str]:
    """Say in one line each what is not as expected; [] when all is."""
    return [line for key, wanted in expected.items() if (line := _difference(key, wanted, expected, result))]


def _difference(key: str, wanted: Any, expected: Mapping[str, Any], result: PlayResult) -> str:
    if key == "waitingSubset":  # says how `waiting` is compared
        return ""
    compared = _compare(key, wanted, expected, result)
    if compared is None:
        return f"{key}: this is nothing a walk can expect"
    found, right = compared
    return "" if right else f"{key}: expected {wanted}, got {found}"


def _compare(key: str, wanted: Any, expected: Mapping[str, Any], result: PlayResult) -> tuple[Any, bool] | None:
    """Give what was found and whether it is right; None for a key that does not exist."""
    found: Any
    match key:
        case "status":
            found, right = result.status, result.status == wanted
        case "statusAnyOf":
            found, right = result.status, result.status in wanted
        case "open" | "waiting" | "offered":
            found = sorted(one["element"] for one in getattr(result, key))
            missing = Counter(wanted) - Counter(found)
            right = not missing if key == "waiting" and expected.get("waitingSubset") else found == sorted(wanted)
        case "trace" | "escalations" | "expired":
            found = getattr(result, key)
            right = found == list(wanted)
        case "completed" | "taken":
            found = sorted(set(getattr(result, key)))
            right = set(wanted) <= set(found)
        case "notCompleted" | "notTaken":
            found = sorted(set(wanted) & set(result.completed if key == "notCompleted" else result.taken))
            right = not found
        case "variables":
            found = {name: result.variables.get(name, "(absent)") for name in wanted}
            right = found == wanted
        case "incident":
            found = [one["element"] for one in result.incidents]
            right = wanted in found
        case _:
            return None
    return found, right


def _completions(stage: Stage) -> Iterator[tuple[str, NodeKind, bool]]:
    """(element, kind, is the body of a loop) of everything completed, in order of time."""
    found = []
    for actor in stage.actors:
        program = actor.instance.program
        for record in actor.records:
            if record.kind is RecordKind.COMPLETED and record.element != program.definition.id:
                kind = _kind_of(actor, record.element)
                found.append((record.at, (record.element, kind, "loop" in record.detail)))
    found.sort(key=lambda one: one[0])
    yield from (one for _, one in found)


def _waiting(stage: Stage) -> Iterator[dict[str, str]]:
    """What is waited for; an event with several definitions is named once."""
    for actor in stage.actors:
        told: set[tuple[int, int]] = set()
        for wait in actor.instance.state.waits.values():
            target = actor.instance.program.steps[wait.target].node
            known = (wait.token, wait.target) in told
            if not wait.kind.startswith("sla") and target.kind is not NodeKind.RECEIVE_TASK and not known:
                told.add((wait.token, wait.target))
                yield {"element": target.id, "kind": wait.kind}


def _id(actor: Actor, token: Token) -> str:
    return actor.instance.program.steps[token.node].node.id


def _kind(actor: Actor, token: Token) -> str:
    return actor.instance.program.steps[token.node].node.kind.value


def _kind_of(actor: Actor, element: str) -> NodeKind:
    """Give the kind of a node that stands in a record, of a version that the instance has left, too."""
    for program in (actor.instance.program, *reversed(actor.former)):
        if element in program.positions:
            return program.steps[program.positions[element]].node.kind
    raise KeyError(element)
