"""Records the histories of stories, so that a later version can prove that it decides as this one did.

    python -m tests.stories.record [STORY ...]

Without names: all stories, and two of them once more with instances that continue as new all the time.

Record anew only when a story or a shipped diagram was changed on purpose; histories of earlier versions stay valid
for as long as orders of that version may still run. They go into the folder of this version of the engine.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import count
from pathlib import Path

from temporalio.client import Client

from oms_workflow.temporal.devserver import serve
from oms_workflow.temporal.plugin import oms_plugin
from tests.stories.histories import RUN, write_histories
from tests.stories.telling import FOLDER, prepare, tell
from tests.stories.test_continued import EARLY

CONTINUED = "continued-"
"""Begins the name of a file with a story told on a server whose instances continue as new all the time."""


async def record(names: Sequence[str]) -> None:
    """Tell stories and write down their histories; says for each what came of it."""
    plain = [name for name in names if not name.startswith(CONTINUED)]
    await _record({name: name for name in plain}, ())
    await _record({name: name.removeprefix(CONTINUED) for name in names if name not in plain}, EARLY)


async def _record(stories: Mapping[str, str], config: Sequence[str]) -> None:
    """Record stories by the name of their file, on a server with these settings."""
    if not stories:
        return
    with tempfile.TemporaryDirectory() as place:
        async with serve(config=config) as server:
            ground = await prepare(server.address, Path(place))
            client = await Client.connect(server.address, plugins=[oms_plugin()])
            for file, story in stories.items():
                told = await tell(ground, [story], Path(place, file))
                told.assert_all_is_well()
                histories = {name: text for walk in told.walks async for name, text in _runs(client, walk.instance)}
                path = write_histories(file, histories)
                sys.stdout.write(f"{path.name}: {len(histories)} histories, {path.stat().st_size // 1024} KiB\n")


async def _runs(client: Client, instance: str) -> AsyncIterator[tuple[str, str]]:
    """Give the history of each run of an instance as JSON, the first run first."""
    described = await client.get_workflow_handle(instance).describe()
    run = described.raw_description.workflow_execution_info.first_run_id
    for number in count(1):
        history = await client.get_workflow_handle(instance, run_id=run).fetch_history()
        yield f"{instance}{RUN}{number}", history.to_json()
        run = history.events[-1].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
        if not run:
            return


if __name__ == "__main__":
    shipped = sorted(path.stem for path in FOLDER.glob("*.json"))
    asyncio.run(record(sys.argv[1:] or [*shipped, f"{CONTINUED}exchange", f"{CONTINUED}several-warehouses"]))
