"""The Temporal server of this folder: one at a time, found by every command, and none left behind by a killed one."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from io import TextIOWrapper
from pathlib import Path

from oms_workflow.cli.language import say
from oms_workflow.errors import WorldUnavailable
from oms_workflow.temporal import devserver

RECORD, LOCK, DATABASE, LOG = "server.json", "server.lock", "temporal.db", "temporal.log"
OPENING_SECONDS = 60  # another command may be in the midst of opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the server of a folder is."""

    address: str
    ui: str  # Temporal's own pages; '' without
    timelapse: bool
    pid: int = 0  # of the server
    is_ours: bool = False  # this command has started it, and ends it


@asynccontextmanager
async def own_server(home: Path, *, timelapse: bool, ui_port: int = 0, fresh: bool = False) -> AsyncIterator[Server]:
    """Give the server of a folder: the one another command runs there, or a new one that ends with the block.

    Args:
        timelapse: Whether the time of instances is skipped, for others to know; a server that runs already says itself.
        ui_port: Of Temporal's own pages; 0 leaves them out.
        fresh: Keep histories in memory only.

    Raises:
        WorldUnavailable: When it does not come up.
    """
    with (home / LOCK).open("a", encoding="utf-8") as lock:
        others = await _others(home, lock)
        if others is not None:
            yield others
            return
        _end_left_behind(home)
        database = None if fresh else home / DATABASE
        async with devserver.serve(ui_port=ui_port, database=database, log=home / LOG) as served:
            told = Server(address=served.address, ui=served.ui, timelapse=timelapse, pid=served.process.pid)
            record = home / RECORD
            record.write_text(json.dumps(asdict(told)), encoding="utf-8")
            try:
                yield Server(**{**asdict(told), "is_ours": True})
            finally:
                record.unlink(missing_ok=True)


def _is_mine(lock: TextIOWrapper) -> bool:
    """Take the folder; the system gives it back when this process ends, however it ends."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


async def _others(home: Path, lock: TextIOWrapper) -> Server | None:
    """The server another command runs; None when the folder is ours now."""
    for _ in range(OPENING_SECONDS * 10):
        if _is_mine(lock):
            return None
        server = _recorded(home)
        if server is not None:
            return server
        await asyncio.sleep(0.1)
    raise WorldUnavailable(say("server.opening", folder=home))


def _recorded(home: Path) -> Server | None:
    try:
        told = json.loads((home / RECORD).read_text(encoding="utf-8"))
        return Server(**told)
    except (OSError, ValueError, TypeError):
        return None


def _end_left_behind(home: Path) -> None:
    """A killed command could not end its server, which still holds the file that the next one needs."""
    left = _recorded(home)
    (home / RECORD).unlink(missing_ok=True)
    if left is not None and left.pid and is_server(left.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(left.pid, signal.SIGKILL)  # its file is written ahead; it loses nothing


def is_server(pid: int) -> bool:
    """Say whether a process is a Temporal server; its number may belong to another program by now."""
    return "server start-dev" in _command_of(pid)


def _command_of(pid: int) -> str:
    """The command line of a process; '' when there is none, or the system does not tell."""
    try:
        if Path("/proc/self").exists():  # Linux, where `ps` may not be installed
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        command = ["ps", "-p", str(pid), "-o", "command="]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def is_open(home: Path) -> bool:
    """Say whether a command that runs has its server in this folder."""
    if not (home / LOCK).exists():
        return False
    with (home / LOCK).open("a", encoding="utf-8") as lock:
        return not _is_mine(lock)
