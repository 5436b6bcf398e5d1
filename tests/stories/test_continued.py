"""All stories on a server that has instances continue as new every few steps: nobody notices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oms_workflow.temporal.devserver import serve
from tests.stories.telling import FOLDER, Ground, tell

EARLY = ("limit.historyCount.suggestContinueAsNew=60",)


@pytest.mark.slow
async def test_stories_end_as_well_when_instances_continue_as_new_all_the_time(
    ground: Ground, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A long-lived order does so once in its life, at whatever moment: each of them must do."""
    names = sorted(path.stem for path in FOLDER.glob("*.json"))
    async with serve(config=EARLY) as server:
        told = await tell(replace(ground, address=server.address), names, tmp_path_factory.mktemp("continued"))

    told.assert_all_is_well()
    assert len(told.views) == 37
