"""A second opinion on plain diagrams: SpiffWorkflow, where it can be trusted, goes the same way as the engine."""

from __future__ import annotations

from random import Random

import pytest

from oms_workflow.play.stage import Stage
from tests.reference.engine_side import EngineSide
from tests.reference.referee import Plain, Referee
from tests.reference.walking import BEGIN, read

SEEDS = range(1, 61)


def compare(seed: int) -> int:
    """Walk one diagram on both and give how many steps it took; fails at the first difference."""
    chance = Random(seed)
    plain = Plain(chance, chance.randrange(4, 14))
    diagram = plain.diagram
    engine, referee = EngineSide(Stage(read(diagram))), Referee(diagram, BEGIN)
    engine.take({"start": {"process": diagram.main, "variables": dict(BEGIN)}})
    for step in range(40):
        shown = engine.shows()
        assert shown["open"] == referee.open, f"seed {seed}, step {step}\n{diagram.text}"
        assert shown["completed"] == referee.completed, f"seed {seed}, step {step}\n{diagram.text}"
        assert (shown["status"] == "completed") == referee.finished, f"seed {seed}, step {step}\n{diagram.text}"
        if not shown["open"]:
            return step
        name = chance.choice(shown["open"])
        brought = {chance.choice(("v0", "v1", "v2")): chance.randrange(4)} if name in plain.writers else {}
        engine.take({"complete": name, "index": 0, "variables": brought})
        referee.complete(name, 0, brought)
    return 40


@pytest.mark.slow
def test_plain_diagrams_go_the_same_way_on_spiffworkflow():
    """Our reading of the standard and somebody else's agree on what both can do."""
    steps = sum(compare(seed) for seed in SEEDS)

    assert steps > 3 * len(SEEDS)
