"""What the engine, the reading of diagrams and FEEL cost in memory, beside a larger diagram or plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from benchmarks.diagrams import chain
from benchmarks.figures import Figure, announced, best
from oms_workflow.diagrams.reading import Source, read_diagrams
from oms_workflow.engine import facts
from oms_workflow.engine.commands import RunActivity
from oms_workflow.engine.instance import Instance, prepare
from oms_workflow.engine.program import Program
from oms_workflow.feel import compile_expression, normalise

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
SHORT, LONG = 50, 1_000
EXPRESSION = 'if total > 100 and level = "vip" then total * 0.9 else total + freight'
CONTEXT = {"total": 120, "level": "vip", "freight": 8}


def figures() -> Iterator[Figure]:
    """Measure everything that needs no server."""
    yield from _engine()
    yield from _reading()
    yield from _feel()


def _engine() -> Iterator[Figure]:
    with announced("the engine"):
        short, long = _program(SHORT), _program(LONG)
        per_short = best(lambda: [_walk(short) for _ in range(LONG // SHORT)]) / LONG
        per_long = best(lambda: _walk(long)) / LONG
    says = "service tasks with a service level, in memory"
    yield Figure(name="engine_tasks_per_second", value=1 / per_long, unit="tasks/s", says=says)
    says = f"cost of a task in a chain of {LONG} / of {SHORT}; 1 is linear"
    yield Figure(name="engine_growth_ratio", value=per_long / per_short, unit="ratio", says=says)


def _program(length: int) -> Program:
    source = Source(name="chain.bpmn", raw=chain(length))
    (definition,) = read_diagrams([source]).require()
    return prepare(definition, {})


def _walk(program: Program) -> None:
    instance, at = Instance(program), BEGIN
    commands = instance.receive(facts.Started(at=at))
    while jobs := [one for one in commands if isinstance(one, RunActivity)]:
        at += timedelta(seconds=1)
        commands = instance.receive(facts.JobCompleted(at=at, token=jobs[0].token))
        instance.take_records()


def _reading() -> Iterator[Figure]:
    with announced("the reading of diagrams"):
        short, long = chain(SHORT), chain(LONG)
        per_short = best(lambda: _read(short)) / SHORT
        per_long = best(lambda: _read(long)) / LONG
    says = "parse, validate, lint and compile one node"
    yield Figure(name="reading_ms_per_node", value=per_long * 1000, unit="ms", says=says)
    says = f"cost of a node in a diagram of {LONG} / of {SHORT}"
    yield Figure(name="reading_growth_ratio", value=per_long / per_short, unit="ratio", says=says)


def _read(raw: bytes) -> None:
    read_diagrams([Source(name="chain.bpmn", raw=raw)]).require()


def _feel() -> Iterator[Figure]:
    with announced("FEEL"):
        compiled, context, times = compile_expression(EXPRESSION), normalise(CONTEXT), 5_000
        ours = best(lambda: [compiled.evaluate(context) for _ in range(times)]) / times
        python = best(lambda: [_in_python(CONTEXT) for _ in range(times)]) / times
    yield Figure(name="feel_microseconds", value=ours * 1e6, unit="µs", says=EXPRESSION)
    says = "the same in Python with floats, which may not decide about money"
    yield Figure(name="feel_to_python_ratio", value=ours / python, unit="ratio", says=says)


def _in_python(values: dict[str, object]) -> object:
    total, freight = values["total"], values["freight"]
    assert isinstance(total, int)
    assert isinstance(freight, int)
    return total * 0.9 if total > 100 and values["level"] == "vip" else total + freight
