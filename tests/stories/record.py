"""Records the histories of stories, so that a later version can prove that it decides as this one did.

    python -m tests.stories.record [STORY ...]

Record anew only when a story or a shipped diagram was changed on purpose; histories of earlier versions stay valid
for as long as orders of that version may still run.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from temporalio.client import Client

from oms_workflow.temporal.devserver import serve
from oms_workflow.temporal.plugin import oms_plugin
from tests.stories.histories import write_histories
from tests.stories.telling import FOLDER, prepare, tell


async def record(names: Sequence[str]) -> None:
    """Tell stories and write down their histories; says for each what came of it."""
    with tempfile.TemporaryDirectory() as place:
        async with serve() as server:
            ground = await prepare(server.address, Path(place))
            client = await Client.connect(server.address, plugins=[oms_plugin()])
            for name in names:
                told = await tell(ground, [name], Path(place, name))
                told.assert_all_is_well()
                histories = {
                    walk.instance: (await client.get_workflow_handle(walk.instance).fetch_history()).to_json()
                    for walk in told.walks
                }
                path = write_histories(name, histories)
                sys.stdout.write(f"{path.name}: {len(histories)} histories, {path.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1:] or sorted(path.stem for path in FOLDER.glob("*.json"))))
