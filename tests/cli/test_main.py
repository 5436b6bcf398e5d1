"""The frame of the command line: what it imports, what it says of wrong use, and what nobody must ever see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oms_workflow.cli import failing, main
from oms_workflow.cli.documenting import EXAMPLES, commands, commands_page
from oms_workflow.cli.generate import ROOT
from oms_workflow.cli.shapes import ERROR, SHAPES
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.settings import Settings

from .conftest import Oms

HEAVY = ("temporalio", "sqlalchemy", "SpiffWorkflow", "cryptography")


@pytest.mark.parametrize(
    ("arguments", "light"),
    [(["--help"], HEAVY), (["orders", "list", "--help"], HEAVY), (["lint", "--help"], ("temporalio", "sqlalchemy"))],
)
def test_the_help_does_not_wait_for_what_it_does_not_need(arguments: list[str], light: tuple[str, ...]) -> None:
    """Temporal's client and the database take seconds to import; a person who asks for help waits for none of them."""
    run = f"import sys; from oms_workflow.cli.main import run; run({arguments!r})"
    asked = f"{run}; print([name for name in {light!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.rstrip().endswith("[]")


def test_a_list_does_not_wait_for_temporal(tmp_path: Path) -> None:
    """Whoever looks something up does so many times a day."""
    asked = "import sys; from oms_workflow.cli.main import run; run(['orders', 'list'])"
    asked += "; print([name for name in ('temporalio', 'SpiffWorkflow') if name in sys.modules])"
    environment = {**os.environ, "OMS_HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    assert ran.stdout.rstrip().endswith("[]")


def test_a_misspelt_command_is_corrected(oms: Oms) -> None:
    said = oms("ordrs")
    assert said.code == 2
    assert "Did you mean 'orders'" in said.err


def test_wrong_use_is_json_when_json_is_asked_for(oms: Oms) -> None:
    said = oms("orders", "list", "--limit", "none", "--json")
    assert said.code == 2
    assert said.json["error"] == "usage"
    assert set(ERROR) <= set(said.json)


@pytest.mark.parametrize(
    ("error", "code"), [(OrderRefused("no", code="NO"), 1), (WorldUnavailable("away"), 3), (failing.Unusable("bad"), 2)]
)
def test_each_family_of_errors_has_its_exit_code(error: Exception, code: int) -> None:
    assert failing.told(error).exit_code == code
    assert failing.told(error).message == str(error)


def test_a_defect_of_ours_is_a_sentence_and_a_private_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Tracebacks hold what the database was told, which may be a name or an address."""
    monkeypatch.setenv("OMS_LANGUAGE", "en")
    monkeypatch.setattr(failing, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr("oms_workflow.cli.lint.read_collection", lambda *_, **__: {}["Mrs Li"])

    assert main.run(["lint", "x", "--json"]) == 70

    read = capsys.readouterr()
    told = json.loads(read.out)
    assert told["error"] == "defect"
    assert "Mrs Li" not in read.out + read.err
    (kept,) = tmp_path.iterdir()
    assert "Mrs Li" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("toml", ["temporel = 'x'", "home = [", 'timelapse = "maybe"'])
def test_a_wrong_settings_file_is_told_and_not_thrown(oms: Oms, tmp_path: Path, toml: str) -> None:
    (tmp_path / "oms.toml").write_text(toml)
    said = oms("orders", "list")
    assert said.code == 2
    assert "oms.toml" in said.err


def test_a_setting_that_is_left_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose files and CI forms leave variables empty; the folder '.' is nobody's script."""
    for name in ("OMS_WORLD_SCRIPT", "OMS_ACTIVITIES", "OMS_TIMELAPSE"):
        monkeypatch.setenv(name, "")
    read = Settings()
    assert (read.world_script, read.activities, read.timelapse) == (None, ("activities",), False)


def test_what_an_activity_says_of_itself_stands_flush_left(oms: Oms) -> None:
    """Analysts read it; how our code is indented is not theirs to see."""
    said = oms("palette", "allocation.reserve", "--json")
    (one,) = said.json
    assert "\n" in one["documentation"]
    assert not [line for line in one["documentation"].splitlines() if line.startswith(" ")]


def test_a_secret_of_the_settings_is_in_no_message(oms: Oms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMS_DATABASE", "oracle://u:hunter2@host/x")
    said = oms("orders", "list")
    assert said.code == 2
    assert "hunter2" not in said.out + said.err
    assert "OMS_DATABASE" in said.err


def test_a_database_that_does_not_answer_is_exit_3(oms: Oms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMS_DATABASE", "postgresql://nobody:hunter2@127.0.0.1:1/none")
    said = oms("orders", "list", "--json")
    assert said.code == 3
    assert said.json["error"] == "unavailable"
    assert "hunter2" not in said.out + said.err


def test_a_file_that_is_no_database_is_exit_3(oms: Oms, tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "oms.db").write_bytes(b"certainly no database" * 500)
    assert oms("stock", "show").code == 3


def test_a_house_that_cannot_be_made_is_told_with_its_path(
    oms: Oms, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("OMS_HOME", str(tmp_path / "file" / "house"))
    said = oms("orders", "list")
    assert said.code == 2
    assert str(tmp_path / "file") in said.err


HOSTILE = [
    "",
    " ",
    "'; DROP TABLE orders; --",
    "%",
    "\udcff",
    "a\nb",
    "{0}",
    "[red]x[/red]",
    "#7",
    "x#" + "9" * 30,
    "订单" * 500,
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "command",
    [
        ["orders", "show"], ["orders", "history"], ["orders", "cancel"], ["orders", "list", "--text"],
        ["orders", "list", "--status"], ["orders", "list", "--channel"], ["tasks", "complete"],
        ["incidents", "retry"], ["stock", "show"], ["process", "show"], ["process", "deploy"],
        ["tasks", "list", "--order"], ["sla", "list", "--process"], ["messages", "publish", "--key", "k"],
    ],
)  # fmt: skip
def test_whatever_is_typed_is_answered_in_words(oms: Oms, command: list[str], text: str) -> None:
    """The fixture fails on a traceback, and on an error that has no family."""
    said = oms(*command, text)
    assert said.code in (0, 1, 2)


def test_every_command_has_an_example_and_a_shape() -> None:
    """docs/cli.md promises both; a new command adds a line to EXAMPLES and SHAPES."""
    paths = {path for path, _ in commands()}
    assert paths - set(EXAMPLES) == set()
    assert set(SHAPES) <= paths


@pytest.mark.parametrize("path", sorted(EXAMPLES))
def test_an_example_can_be_typed(path: str) -> None:
    """Its options exist: typer reads it up to the point where it would do something."""
    import shlex

    command = dict(commands())[path]
    arguments = shlex.split(EXAMPLES[path])[1 + len(path.split()) :]
    command.make_context(path, arguments, resilient_parsing=False)


def test_the_page_about_the_command_line_is_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMS_LANGUAGE", "zh")
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == commands_page(), "run `make docs`"
