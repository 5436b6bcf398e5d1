"""What one visit of a node costs the engine alone, and that it costs the same in small and large processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from benchmarks.diagrams import HEAD, TAIL
from benchmarks.figures import Figure, announced, best
from oms_workflow.diagrams.reading import Source, read_diagrams
from oms_workflow.engine import facts
from oms_workflow.engine.instance import Instance, prepare
from oms_workflow.engine.program import Program
from oms_workflow.engine.records import RecordKind

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
VISITS = 20_000  # at least so many for one reading of the clock
NODES = (10, 100, 2_000)
TURNS = (1, 100, 10_000)
NO_WORK = '    <task id="{id}" name="{id}"/>\n'
FLOW = '    <sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>\n'
CONDITION = "<conditionExpression>={}</conditionExpression>"
BLOCK = """    <exclusiveGateway id="X{n}" default="D{n}"/><task id="A{n}"/><scriptTask id="B{n}"><extensionElements>
      <zeebe:script expression="=total + 1" resultVariable="total"/></extensionElements></scriptTask>
    <exclusiveGateway id="Y{n}"/><parallelGateway id="P{n}"/><task id="L{n}"/><task id="R{n}"/>
    <parallelGateway id="Q{n}"/>
"""
LOOP = """    <exclusiveGateway id="Again"/><scriptTask id="Count"><extensionElements>
      <zeebe:script expression="=turn + 1" resultVariable="turn"/></extensionElements></scriptTask>
    <exclusiveGateway id="Enough" default="out"/>
"""


def figures() -> Iterator[Figure]:
    """Measure chains, a mixture and a loop."""
    with announced("visits of nodes"):
        per_node = dict(_chains())
        mixed = _seconds(_mixture(100), {"total": 0})
        per_turn = dict(_turns())
    says = "tasks without work in a row, begin and end of the instance not counted"
    for length, seconds in per_node.items():
        yield Figure(name=f"engine_visits_per_second_{length}_nodes", value=1 / seconds, unit="visits/s", says=says)
    says = f"cost of a visit among {NODES[-1]} nodes / among {NODES[0]}; 1 is flat"
    yield Figure(name="engine_nodes_ratio", value=per_node[NODES[-1]] / per_node[NODES[0]], unit="ratio", says=says)
    says = "exclusive and parallel blocks, one FEEL condition and script in seven visits, all counted"
    yield Figure(name="engine_visits_per_second_mixed", value=1 / mixed, unit="visits/s", says=says)
    says = "three visits, one FEEL condition and one FEEL script a turn"
    for turns, seconds in per_turn.items():
        yield Figure(name=f"engine_loop_visits_per_second_{turns}", value=3 / seconds, unit="visits/s", says=says)
    says = f"cost of one of {TURNS[-1]} turns / of one of {TURNS[0]}; 1 is flat"
    yield Figure(name="engine_turns_ratio", value=per_turn[TURNS[-1]] / per_turn[TURNS[0]], unit="ratio", says=says)


def _chains() -> Iterator[tuple[int, float]]:
    """Give the seconds a further node costs, by length: what no chain has is taken off."""
    bare = _whole(_chain(1), {}, 2_000)
    for length in NODES:
        program = _chain(length + 1)
        yield length, (_whole(program, {}, max(1, VISITS // length)) - bare) / length


def _turns() -> Iterator[tuple[int, float]]:
    """Give the seconds a further turn costs, by turns."""
    program = _loop()
    bare = _whole(program, {"turn": 0, "turns": 1}, 2_000)
    for turns in TURNS:
        variables = {"turn": 0, "turns": turns + 1}
        yield turns, (_whole(program, variables, max(1, VISITS // turns // 3)) - bare) / turns


def _whole(program: Program, variables: Mapping[str, Any], times: int) -> float:
    """Give the seconds of one instance from start to end."""
    return best(lambda: [_run(program, variables) for _ in range(times)], times=9) / times


def _seconds(program: Program, variables: Mapping[str, Any]) -> float:
    visits = sum(record.kind is RecordKind.COMPLETED for record in _run(program, variables).take_records())
    return _whole(program, variables, VISITS // visits) / visits


def _run(program: Program, variables: Mapping[str, Any]) -> Instance:
    instance = Instance(program)
    instance.receive(facts.Started(at=BEGIN, variables=variables))
    assert instance.finished
    return instance


def _chain(length: int) -> Program:
    nodes = ["Begin", *(f"Task{number}" for number in range(length)), "End"]
    drawn = "".join(NO_WORK.format(id=node) for node in nodes[1:-1])
    flows = "".join(_flow(f"f{number}", *ends) for number, ends in enumerate(pairwise(nodes)))
    return _program(drawn + flows)


def _mixture(blocks: int) -> Program:
    drawn, before = "", "Begin"
    for n in range(blocks):
        drawn += BLOCK.format(n=n) + _flow(f"in{n}", before, f"X{n}")
        drawn += _flow(f"a{n}", f"X{n}", f"A{n}", "total &lt; 0") + _flow(f"D{n}", f"X{n}", f"B{n}")
        pairs = ("AY", "BY", "YP", "PL", "PR", "LQ", "RQ")
        drawn += "".join(_flow(f"{one}{other}{n}", f"{one}{n}", f"{other}{n}") for one, other in pairs)
        before = f"Q{n}"
    return _program(drawn + _flow("last", before, "End"))


def _loop() -> Program:
    back = _flow("back", "Enough", "Again", "turn &lt; turns")
    ways = (("in", "Begin", "Again"), ("go", "Again", "Count"), ("ask", "Count", "Enough"), ("out", "Enough", "End"))
    return _program(LOOP + back + "".join(_flow(*way) for way in ways))


def _flow(flow: str, source: str, target: str, condition: str = "") -> str:
    shown = CONDITION.format(condition) if condition else ""
    return FLOW.format(id=flow, source=source, target=target, condition=shown)


def _program(drawn: str) -> Program:
    source = Source(name="measured.bpmn", raw=(HEAD.format(process="measured") + drawn + TAIL).encode())
    (definition,) = read_diagrams([source]).require()
    return prepare(definition, {})
