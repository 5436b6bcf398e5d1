"""Random diagrams: an instance that is migrated and comes back before every fact behaves as if it had stayed."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oms_workflow.play.stage import Stage
from tests.reference.choosing import choices, take
from tests.reference.drawn import Diagram
from tests.reference.engine_side import EngineSide
from tests.reference.interpreter.values import Unsure
from tests.reference.interpreter.world import World
from tests.reference.trials import drawn
from tests.reference.walking import BEGIN, chosen, of_world, read
from tests.reference.wandering import WanderingStage


def wander(diagram: Diagram, seed: int, most: int = 16) -> int:
    """Walk a diagram as a seed says; gives the number of steps after which both showed the same."""
    definitions = read(diagram)
    chance, world = Random(seed), World(diagram)
    stayed, wandered = EngineSide(Stage(definitions)), EngineSide(WanderingStage(definitions))
    step = {"start": {"process": diagram.main, "variables": dict(BEGIN)}}
    for number in range(most):
        try:
            take(world, step)
        except Unsure:
            return number
        stayed.take(step)
        wandered.take(step)
        assert wandered.shows() == stayed.shows(), f"{diagram.text}\n{step}"
        assert set(of_world(world)) <= set(wandered.shows())
        ahead = choices(world)
        if not ahead:
            return number
        step = chosen(chance, ahead, world)
    return most


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(1, 100_000))
def test_who_was_migrated_there_and_back_goes_on_as_if_it_had_stayed(seed: int):
    """Nothing is lost, doubled, or asked of the host again: not a token, a wait, a turn of a loop, or an undo."""
    _, diagram = drawn(seed)
    wander(diagram, seed)


def test_the_walks_are_long_enough_to_show_something():
    steps = [wander(drawn(seed)[1], seed) for seed in range(1, 31)]
    assert sum(steps) > 100
