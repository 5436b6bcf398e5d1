"""The state of an instance as JSON and back, for continue-as-new and for stored instances. Loses nothing.

Values of variables go through `feel.encode`, everything else is plain. A field that has its birth value is left out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from oms_workflow import feel
from oms_workflow.engine import held, remembered, times
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.state import AdHocState, Incident, LoopState, State, Token, Wait

FORMAT = 1
"""Version of this JSON; a reader of an older one must go on reading it, as it stands in stored histories."""

Json = dict[str, Any]


def to_json(state: State) -> Json:
    """Give the whole state as JSON values."""
    told: Json = {}
    if state.suspension is not None:
        told["suspension"] = held.suspension_to_json(state.suspension)
    known_as = [[token, name] for token, name in state.known_as.items() if token in state.tokens]
    if known_as:
        told["known_as"] = known_as
    return told | {
        "format": FORMAT,
        "clock": times.told(state.clock),
        "last_id": state.last_id,
        "last_seq": state.last_seq,
        "root": state.root,
        "finished": state.finished,
        "tokens": [_token(token) for token in state.tokens.values()],
        "waits": [_wait(wait) for wait in state.waits.values()],
        "incidents": [
            [one.id, one.token, one.code, one.message, one.phase, times.told(one.at)]
            for one in state.incidents.values()
        ],
        "inclusive": [list(pair) for pair in state.inclusive],
    }


def from_json(told: Json) -> State:
    """Give the state that `to_json` was given.

    Raises:
        ValueError: When the JSON has a format this engine does not know.
    """
    if told.get("format") != FORMAT:
        raise ValueError(f"state has format {told.get('format')!r}; this engine reads format {FORMAT}")
    state = State()
    state.clock = times.read(told["clock"])
    state.last_id, state.last_seq, state.root = told["last_id"], told["last_seq"], told["root"]
    state.finished = told["finished"]
    for one in told["tokens"]:
        token = _read_token(one)
        state.tokens[token.id] = token
    for one in told["waits"]:
        wait = _read_wait(one)
        state.waits[wait.id] = wait
        if wait.kind == "conditional":
            state.conditional[wait.id] = None
    for number, token_id, code, message, phase, at in told["incidents"]:
        state.incidents[number] = Incident(number, token_id, code, message, phase, datetime.fromisoformat(at))
    state.inclusive = dict.fromkeys((scope, gateway) for scope, gateway in told["inclusive"])
    if "suspension" in told:
        state.suspension = held.suspension_from_json(told["suspension"])
    state.known_as = dict(told.get("known_as", ()))
    return state


def _token(token: Token) -> Json:
    told = {
        "id": token.id,
        "node": token.node,
        "parent": token.parent,
        "since": times.told(token.since),
        "role": token.role,
        "state": token.state.value,
        "attempt": token.attempt,
        "pending": token.pending,
        "epoch": token.epoch,
        "index": token.index,
        "undoes": token.undoes,
    }
    return told | _held(token)


def _held(token: Token) -> Json:
    """Give what few tokens hold; what a token does not hold is left out."""
    told: Json = {}
    if token.variables is not None:
        told["variables"] = remembered.variables_to_json(token.variables)
    if token.children is not None:
        told["children"] = list(token.children)
    if token.waits:
        told["waits"] = list(token.waits)
    if token.joins:
        told["joins"] = [[gateway, [list(pair) for pair in flows.items()]] for gateway, flows in token.joins.items()]
    if token.resets:
        told["resets"] = [[gateway, list(flows)] for gateway, flows in token.resets.items()]
    if token.compensation is not None:
        told["compensation"] = remembered.compensables_to_json(token.compensation)
    if token.undoing is not None:
        told["undoing"] = remembered.compensables_to_json(token.undoing)
    if token.loop is not None:
        told["loop"] = _loop(token.loop)
    if token.ad_hoc is not None:
        told["ad_hoc"] = _ad_hoc(token.ad_hoc)
    if token.sla is not None:
        told["sla"] = times.told_sla(token.sla)
    return told


def _read_token(told: Json) -> Token:
    token = Token(told["id"], told["node"], told["parent"], datetime.fromisoformat(told["since"]), told["role"])
    token.state = TokenState(told["state"])
    token.attempt, token.pending, token.epoch = told["attempt"], told["pending"], told["epoch"]
    token.index, token.undoes = told["index"], told["undoes"]
    if "variables" in told:
        token.variables = remembered.variables_from_json(told["variables"])
    if "children" in told:
        token.children = dict.fromkeys(told["children"])
    if "waits" in told:
        token.waits = list(told["waits"])
    if "joins" in told:
        token.joins = {gateway: dict(flows) for gateway, flows in told["joins"]}
    if "resets" in told:
        token.resets = {gateway: dict.fromkeys(flows) for gateway, flows in told["resets"]}
    if "compensation" in told:
        token.compensation = remembered.compensables_from_json(told["compensation"])
    if "undoing" in told:
        token.undoing = remembered.compensables_from_json(told["undoing"])
    if "loop" in told:
        token.loop = _read_loop(told["loop"])
    if "ad_hoc" in told:
        token.ad_hoc = _read_ad_hoc(told["ad_hoc"])
    if "sla" in told:
        token.sla = times.read_sla(told["sla"])
    return token


def _wait(wait: Wait) -> Json:
    return {
        "id": wait.id,
        "kind": wait.kind,
        "token": wait.token,
        "target": wait.target,
        "due": times.told(wait.due),
        "interval": None if wait.interval is None else times.microseconds(wait.interval),
        "repeats": wait.repeats,
        "name": wait.name,
        "key": wait.key,
        "armed": wait.armed,
    } | remembered.rare_to_json(wait)


def _read_wait(told: Json) -> Wait:
    wait = Wait(told["id"], told["kind"], told["token"], told["target"])
    wait.due = times.read(told["due"])
    wait.interval = None if told["interval"] is None else timedelta(microseconds=told["interval"])
    wait.repeats, wait.name, wait.key, wait.armed = told["repeats"], told["name"], told["key"], told["armed"]
    remembered.rare_from_json(wait, told)
    return wait


def _loop(loop: LoopState) -> Json:
    return {
        "items": None if loop.items is None else [feel.encode(item) for item in loop.items],
        "count": loop.count,
        "next": loop.next,
        "done": loop.done,
        "outputs": None if loop.outputs is None else [feel.encode(output) for output in loop.outputs],
    }


def _read_loop(told: Json) -> LoopState:
    loop = LoopState(None if told["items"] is None else [feel.decode(item) for item in told["items"]], told["count"])
    loop.next, loop.done = told["next"], told["done"]
    loop.outputs = None if told["outputs"] is None else [feel.decode(output) for output in told["outputs"]]
    return loop


def _ad_hoc(state: AdHocState) -> Json:
    return {"epoch": state.epoch, "begun": state.begun, "ended": state.ended, "waiting": list(state.waiting)}


def _read_ad_hoc(told: Json) -> AdHocState:
    state = AdHocState(told["epoch"])
    state.begun, state.ended, state.waiting = told["begun"], told["ended"], list(told["waiting"])
    return state
