"""Fixtures: commands run in a house of their own, over a shop that a test fills in one line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from oms_workflow.cli.database import open_database
from oms_workflow.cli.language import _in_file
from oms_workflow.cli.main import run
from oms_workflow.cli.shapes import SHAPES, misfits
from oms_workflow.settings import settings
from tests.store.shop import Shop
from tests.temporal.conftest import server, stand

__all__ = ["server", "stand"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Oms:
    """Runs commands as a person does; nobody ever sees a traceback."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Said:
        settings.cache_clear()
        _in_file.cache_clear()
        self._capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        read = self._capsys.readouterr()
        assert "Traceback" not in read.out + read.err
        assert code != 70, read.err
        return Said(code=code, out=read.out, err=read.err)

    async def inside(self, *arguments: object) -> Said:
        """Run one beside a loop that goes on, as workers do."""
        return await asyncio.to_thread(self, *arguments)

    async def document(self, command: str, *arguments: object) -> Any:
        """Run one with --json and give its document, which has the shape that is documented."""
        said = await self.inside(*command.split(), *arguments, "--json")
        assert said.code == 0, said.out + said.err
        assert misfits(said.json, SHAPES[command]) == []
        return said.json


@pytest.fixture
def oms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Oms]:
    """Commands in a house of their own, in English, on a wide terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMS_HOME", str(tmp_path / "house"))
    monkeypatch.setenv("OMS_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("TZ", "UTC")
    for name in ("OMS_DATABASE", "OMS_TEMPORAL"):
        monkeypatch.delenv(name, raising=False)
    yield Oms(capsys)
    structlog.reset_defaults()
    settings.cache_clear()
    _in_file.cache_clear()


@pytest.fixture
async def shop(oms: Oms) -> AsyncIterator[Shop]:
    """The shop of that house, with a warehouse that has 10 teas and a pot."""
    settings.cache_clear()
    async with open_database(settings()) as database:
        opened = Shop(database)
        await opened.warehouse("HZ", {"TEA": 10, "POT": 1})
        yield opened
