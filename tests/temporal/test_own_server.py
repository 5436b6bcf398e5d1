"""The server of a folder: shared by the commands there, and none left behind by one that was killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.client import Client

from oms_workflow.cli.own_server import DATABASE, RECORD, is_open, is_server, own_server

pytestmark = pytest.mark.server

HOLDER = """
import asyncio, sys
from pathlib import Path
from temporalio.client import Client
from oms_workflow.cli.own_server import own_server

async def hold():
    async with own_server(Path(sys.argv[1]), timelapse=False) as server:
        client = await Client.connect(server.address)
        await client.start_workflow("nobody", id="kept", task_queue="nowhere")
        print(server.address, server.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(hold())
"""


async def holder(home: Path) -> tuple[subprocess.Popen[str], str, int]:
    """Have another process open the folder; gives it, and address and process id of its server."""
    process = subprocess.Popen(  # noqa: ASYNC220 - a millisecond
        [sys.executable, "-c", HOLDER, str(home)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    said = await asyncio.to_thread(process.stdout.readline)
    process.stdout.close()
    address, pid = said.split()
    return process, address, int(pid)


async def test_a_server_that_a_killed_command_left_behind_is_ended_and_its_file_taken_over(tmp_path: Path):
    """It would hold the file, and every later command would fail until somebody found it."""
    process, _, orphan = await holder(tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert is_server(orphan)

    async with own_server(tmp_path, timelapse=False) as server:
        assert not is_server(orphan)
        assert server.is_ours
        client = await Client.connect(server.address)
        assert (await client.get_workflow_handle("kept").describe()).workflow_type == "nobody"

    assert (tmp_path / DATABASE).exists()
    assert not (tmp_path / RECORD).exists()
    assert not is_open(tmp_path)


async def test_a_second_command_uses_the_server_of_the_first(tmp_path: Path):
    process, address, _ = await holder(tmp_path)
    try:
        assert is_open(tmp_path)
        async with own_server(tmp_path, timelapse=True) as server:
            assert (server.address, server.is_ours, server.timelapse) == (address, False, False)
        assert is_open(tmp_path)
    finally:
        process.send_signal(signal.SIGINT)  # politely, so that it ends its server
        process.wait()


async def test_a_process_that_only_has_the_number_of_a_lost_server_is_let_live(tmp_path: Path):
    """Numbers are given again; after a restart of the machine it may be anybody's."""
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])  # noqa: ASYNC220 - a millisecond
    try:
        lost = {"address": "127.0.0.1:1", "ui": "", "timelapse": False, "pid": stranger.pid, "is_ours": False}
        (tmp_path / RECORD).write_text(json.dumps(lost))

        async with own_server(tmp_path, timelapse=False) as server:
            assert server.is_ours

        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
