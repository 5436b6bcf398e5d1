"""Replays every stored history in one process; prints what does not replay, as a line of JSON.

The hash seed is the caller's:
PYTHONHASHSEED=1 python -m tests.replay.replaying [FOLDER]
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from oms_workflow.temporal.plugin import oms_plugin
from oms_workflow.temporal.workflow import ProcessWorkflow
from tests.stories.histories import FOLDER, read_histories


async def replay(files: Sequence[Path]) -> dict[str, object]:
    """Replay the histories in files; gives how many there are, and why some do not replay, by file and workflow id."""
    replayer = Replayer(workflows=[ProcessWorkflow], plugins=[oms_plugin()])
    count, failures = 0, {}
    for path in files:
        async with replayer.workflow_replay_iterator(_each(path)) as results:
            async for result in results:
                count += 1
                if result.replay_failure is not None:
                    failures[f"{path.parent.name}/{path.name} {result.history.workflow_id}"] = str(
                        result.replay_failure
                    )
    return {"histories": count, "failures": failures}


async def _each(path: Path) -> AsyncIterator[WorkflowHistory]:
    for history in read_histories(path):
        yield history


if __name__ == "__main__":
    logging.disable()  # the SDK tells each failure at length; the caller prints them
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    found = asyncio.run(replay(sorted(folder.rglob("*.json.gz"))))
    sys.stdout.write(f"\n{json.dumps(found)}\n")
