"""Other engines' test diagrams on a real server whose worker keeps nothing: each workflow task replays it all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oms_workflow.play.result import differences, show
from oms_workflow.play.stage import Stage
from oms_workflow.temporal.devserver import DevServer
from oms_workflow.temporal.worker import WorkerSpec
from tests.beside import BESIDE, needs
from tests.reference.engine_side import EngineSide
from tests.temporal.both_ways import BY, BothWays
from tests.temporal.stand import Stand, stand_on
from tests.temporal.walks_of_others import Case, sample

FOLDER = BESIDE / "conformance"
CASES = 22
NO_CACHE = (WorkerSpec(queue="oms-processes", workflows=True, cached=0), WorkerSpec(queue="oms-shop"))

pytestmark = [pytest.mark.server, needs(FOLDER)]


@pytest.mark.slow
async def test_other_engines_walks_write_the_same_records_as_in_memory_when_every_task_is_a_replay(
    server: DevServer, tmp_path: Path
):
    """The sample has most constructs of the suites, and plays as their authors say besides."""
    cases = sample(FOLDER, CASES)
    async with stand_on(server.address, tmp_path, specs=NO_CACHE) as stand:
        for number, case in enumerate(cases):
            wrong = await walked(stand, case, f"other-{number}")
            assert not wrong, "\n".join([case.id, *wrong])

    assert len(cases) == CASES
    assert len(frozenset().union(*(case.constructs for case in cases))) > 70


async def walked(stand: Stand, case: Case, instance: str) -> list[str]:
    """Take a walk both ways; gives what differs, or is not as its source says."""
    await stand.deploy_files(case.files)
    both = BothWays(stand, EngineSide(Stage(case.definitions), by=BY), instance)
    start = {"process": case.walk["start"]["process"], "variables": case.walk["start"].get("variables", {})}
    wrong = await both.take({"start": start})
    for step in case.walk["steps"]:
        if wrong:
            return wrong
        if "expect" in step:
            wrong = differences(step["expect"], show(both.memory.stage, []))
        else:
            wrong = await both.take(_in_our_words(step))
    wrong = wrong or differences(case.walk.get("expect", {}), show(both.memory.stage, []))
    await both.replay()
    await both.end()
    return wrong


def _in_our_words(step: dict[str, Any]) -> dict[str, Any]:
    if "message" in step:
        return step | {"correlationKey": str(step.get("correlationKey", ""))}
    return {"index": 0, "code": "", **step} if step.keys() & {"complete", "error"} else step
