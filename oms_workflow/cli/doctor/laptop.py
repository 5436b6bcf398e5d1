"""What this machine has to have: Python, settings, a folder that can be written to, room on the disk, Temporal."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from oms_workflow.cli.doctor.finding import Finding, fine, off
from oms_workflow.errors import WorldUnavailable
from oms_workflow.settings import Settings

OLDEST_PYTHON = (3, 11)
LITTLE, TOO_LITTLE = 2_000, 200  # MiB; ten thousand orders take about 1 GiB of histories on the embedded server
PROGRAM_SECONDS = 20


def python() -> Iterator[Finding]:
    """Look at the interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        yield off("python", "fail", "python.old", version=version)
    else:
        yield fine("python", "python", version=version, path=sys.executable)


def home(settings: Settings) -> Iterator[Finding]:
    """Look at the folder for what an own server and the default databases keep."""
    path = settings.home.absolute()
    above = next((one for one in (path, *path.parents) if one.exists()), path)
    try:
        with tempfile.TemporaryFile(dir=above):
            yield fine("home", "home" if above == path else "home.new", path=path)
    except OSError as error:
        yield off("home", "fail", "home.unwritable", path=path, reason=error.strerror or type(error).__name__)
        return
    free = shutil.disk_usage(above).free // 2**20
    if free < TOO_LITTLE:
        yield off("disk", "fail", "disk.full", free=free, path=path)
    elif free < LITTLE:
        yield off("disk", "warn", "disk.little", free=free, path=path)
    else:
        yield fine("disk", "disk", free=free)


def temporal_program(settings: Settings) -> Iterator[Finding]:
    """Look for the server's program; a configured cluster does without."""
    from oms_workflow.temporal.devserver import binary

    try:
        path = binary()
        ran = subprocess.run([path, "--version"], capture_output=True, timeout=PROGRAM_SECONDS, check=True)
    except WorldUnavailable as missing:
        if settings.temporal:
            yield fine("temporal-program", "program.not_needed", address=settings.temporal)
        else:
            yield off("temporal-program", "fail", "program.missing", reason=missing)
    except (OSError, subprocess.SubprocessError) as error:
        yield off("temporal-program", "fail", "program.broken", reason=type(error).__name__)
    else:
        version = ran.stdout.decode("utf-8", "replace").strip().partition("\n")[0]
        yield fine("temporal-program", "program", version=version, path=Path(path))


def keys(settings: Settings) -> Iterator[Finding]:
    """Look at the keys that encrypt what Temporal stores, and the secret of the vault."""
    try:
        found = list(settings.keys())
    except ValueError as error:
        yield off("payload-keys", "fail", "keys.wrong", reason=error)
    else:
        if found:
            yield fine("payload-keys", "keys", first=found[0], count=len(found))
        elif settings.temporal:
            yield off("payload-keys", "warn", "keys.none")
        else:
            yield fine("payload-keys", "keys.not_needed")
    if settings.vault_key.get_secret_value():
        short = len(settings.vault_key.get_secret_value()) < 16
        yield off("vault-key", "fail", "vault.short") if short else fine("vault-key", "vault")
    elif settings.database.get_secret_value():
        yield off("vault-key", "warn", "vault.in_home", path=settings.home / "vault.key")
    else:
        yield fine("vault-key", "vault.own", path=settings.home / "vault.key")
