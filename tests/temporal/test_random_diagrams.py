"""Random diagrams on a real server whose worker keeps nothing between two workflow tasks: every task replays it all."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from oms_workflow.temporal.devserver import DevServer
from oms_workflow.temporal.worker import WorkerSpec
from tests.temporal.random_walks import Walker, seeds_of_long_walks
from tests.temporal.stand import stand_on

pytestmark = pytest.mark.server

NO_CACHE = (WorkerSpec(queue="oms-processes", workflows=True, cached=0), WorkerSpec(queue="oms-shop"))
DIAGRAMS = 8
STEPS = 8


@pytest.mark.slow
async def test_random_diagrams_write_the_same_records_as_in_memory_when_every_task_is_a_replay(
    server: DevServer, tmp_path: Path
):
    """What an instance decided before, it decides again from its history alone, at every step of its life."""
    steps = 0
    async with stand_on(server.address, tmp_path, specs=NO_CACHE) as stand:
        for seed in itertools.islice(seeds_of_long_walks(STEPS), DIAGRAMS):
            walker = Walker(stand, seed)
            differing = await walker.walk(STEPS)
            assert not differing, "\n".join([f"seed {seed}", walker.diagram.text, *map(str, walker.steps), *differing])
            await walker.both.replay()
            await walker.both.end()
            steps += len(walker.steps)

    assert steps > DIAGRAMS * STEPS // 2
