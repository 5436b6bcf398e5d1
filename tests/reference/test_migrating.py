"""Random diagrams and versions of them: who goes and comes back is who left, and who goes on is as one begun anew."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oms_workflow.engine import snapshot
from oms_workflow.engine.commands import Command
from oms_workflow.engine.facts import Fact, Migrated
from oms_workflow.engine.instance import Instance, prepare
from oms_workflow.engine.migration.atlas import inverse
from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.play.stage import Actor, Stage
from tests.reference.choosing import choices, take
from tests.reference.drawn import Diagram, Flow, Node
from tests.reference.engine_side import EngineSide
from tests.reference.interpreter.values import Unsure
from tests.reference.interpreter.world import World
from tests.reference.trials import drawn
from tests.reference.walking import BEGIN, chosen, read
from tests.reference.wandering import elsewhere

Step = dict[str, Any]
HISTORY = ("last_seq",)  # how many records there are


class Returning(Instance):
    """An instance that goes away and comes back before each fact, and is then what it was."""

    journeys = 0

    def receive(self, fact: Fact) -> list[Command]:
        """Go and come back to the very same version, then take in the fact."""
        if self.state.root and not self.state.finished:
            home = self.program
            away = prepare(elsewhere(home.definition), home.calendars)
            names: dict[str, str | None] = {
                one.id: f"{one.id}x" for one in (*home.definition.nodes[1:], *home.definition.flows)
            }
            before = whole(self)
            at, decisions = self.state.clock or fact.at, self.decisions
            for program, map_ in ((away, names), (home, inverse(names, home.definition, away.definition))):
                asked = super().receive(Migrated(at=at, program=program, decisions=decisions, elements=map_))
                assert (asked, self.program) == ([], program)
            assert whole(self) == before
            Returning.journeys += 1
        return super().receive(fact)


def whole(instance: Instance) -> dict[str, Any]:
    """The state as it is kept, but for what counts its history."""
    return {key: value for key, value in snapshot.to_json(instance.state).items() if key not in HISTORY}


class ReturningStage(Stage):
    """A stage of such instances."""

    def _add(self, process: str, caller: tuple[Actor, int] | None) -> Actor:
        actor = super()._add(process, caller)
        actor.instance = Returning(actor.instance.program, decisions=actor.instance.decisions)
        return actor


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(1, 100_000))
def test_a_migration_and_its_way_back_leave_nothing_but_history(seed: int):
    _, diagram = drawn(seed)
    walked(diagram, seed, EngineSide(ReturningStage(read(diagram))), most=16)


def test_so_many_journeys_were_made():
    """Else the property above would say nothing."""
    Returning.journeys = 0
    for seed in range(1, 11):
        diagram = drawn(seed)[1]
        walked(diagram, seed, EngineSide(ReturningStage(read(diagram))), most=16)
    assert Returning.journeys > 40


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(1, 100_000), is_new_longer=st.booleans())
def test_the_rest_of_a_walk_is_that_of_an_instance_begun_in_the_new_version(seed: int, is_new_longer: bool):
    """Nodes come or go where no token has been: who migrated half-way and who began there write the same records."""
    went_on(seed, is_new_longer)


def test_enough_of_the_way_is_left_after_the_migration():
    assert sum(went_on(seed, seed % 2 == 0) for seed in range(1, 31)) > 50


def went_on(seed: int, is_new_longer: bool) -> int:
    """Compare the two step by step; gives the number of records that both wrote after the migration."""
    _, diagram = drawn(seed)
    chance, scout = Random(seed), EngineSide(Stage(read(diagram)))
    steps = walked(diagram, seed, scout, most=chance.randrange(1, 8))
    untouched = [flow for level in diagram.levels() for flow in level.flows if is_free(diagram, flow, scout)]
    if not untouched:
        return 0
    longer = with_node_in(diagram, chance.choice(untouched), chance.choice(("task", "user")))
    old, new = (diagram, longer) if is_new_longer else (longer, diagram)
    migrated, fresh, world = EngineSide(Stage(read(old))), EngineSide(Stage(read(new))), World(new)
    for step in steps:
        take(world, step)
        migrated.take(step)
        fresh.take(step)
    take_over(migrated.stage, fresh.stage)
    return compared(world, migrated, fresh, chance)


def compared(world: World, migrated: EngineSide, fresh: EngineSide, chance: Random) -> int:
    """Walk on with both, as the reference sees the new version."""
    many = 0
    for _ in range(16):
        ahead = choices(world)
        if not ahead:
            break
        step = chosen(chance, ahead, world)
        try:
            take(world, step)
        except Unsure:
            break
        mine, other = told(migrated.take(step)), told(fresh.take(step))
        assert mine == other, step
        assert migrated.shows() == fresh.shows(), step
        many += len(mine)
    return many


def walked(diagram: Diagram, seed: int, side: EngineSide, *, most: int) -> list[Step]:
    """Walk a diagram as a seed says; gives the steps."""
    chance, world, steps = Random(seed), World(diagram), list[Step]()
    step: Step = {"start": {"process": diagram.main, "variables": dict(BEGIN)}}
    for _ in range(most):
        try:
            take(world, step)
        except Unsure:
            break
        side.take(step)
        steps.append(step)
        ahead = choices(world)
        if not ahead:
            break
        step = chosen(chance, ahead, world)
    return steps


def is_free(diagram: Diagram, flow: Flow, scout: EngineSide) -> bool:
    """Whether nothing has come over a flow, and nothing waits for what is behind it."""
    kinds = {node.id: node.kind for node in diagram.nodes()}
    taken = {one.element for actor in scout.stage.actors for one in actor.records if one.kind is RecordKind.FLOW_TAKEN}
    return flow.id not in taken and kinds[flow.source] != "event"


def with_node_in(diagram: Diagram, flow: Flow, kind: str) -> Diagram:
    """The diagram with a node drawn into a flow."""
    changed = diagram.copy()
    for level in changed.levels():
        for at, one in enumerate(level.flows):
            if one.id == flow.id and level.nodes:
                level.nodes.append(Node(kind, "Between"))
                first = Flow(one.source, "Between", one.condition, one.default)
                level.flows[at : at + 1] = [first, Flow("Between", one.target)]
                return changed
    raise AssertionError(flow.id)


def take_over(stage: Stage, fresh: Stage) -> None:
    """Migrate every instance into the version that another stage has; what they call from now on comes from it."""
    stage.programs = fresh.programs
    for actor in stage.actors:
        if not actor.instance.finished:
            program = fresh.programs[actor.instance.program.definition.id]
            stage.tell(actor, Migrated(at=stage.now, program=program))
            assert actor.instance.program is program, actor.records[-1].detail


def told(records: list[Record]) -> list[dict[str, Any]]:
    """Records as people read them, without their numbers and without the journey itself."""
    walked_on = [one.to_json() for one in records if one.kind is not RecordKind.MIGRATED]
    return [{key: value for key, value in one.items() if key != "seq"} for one in walked_on]
