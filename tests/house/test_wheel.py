"""What is installed is what is in the checkout: nothing is missing that only an editable install would find."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.checkout import PACKAGES, ROOT, lying_in, package_files

STORIES = "examples/orders/"
STORIES_INSIDE = "oms_workflow/examples/orders/"
OMS = "from oms_workflow.cli.main import main; main()"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel of the checkout and unpack it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    build += ["--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    said = subprocess.run(build, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def in_the_wheel(unpacked: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python outside the checkout, with the unpacked wheel before everything that is installed."""
    surroundings = {**os.environ, "PYTHONPATH": str(unpacked), "OMS_LANGUAGE": "en", "OMS_HOME": str(unpacked.parent)}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=unpacked.parent, env=surroundings, capture_output=True, text=True, check=False)


def names(unpacked: Path) -> set[str]:
    """Give the files of the wheel without its own papers."""
    found = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    return {name for name in found if ".dist-info/" not in name}


def test_the_wheel_holds_every_file_of_the_packages_and_every_story(unpacked: Path):
    """Texts, migrations, mappings, calendars, forms and stories are data, and data is what wheels forget."""
    stories = {name.replace(STORIES, STORIES_INSIDE, 1) for name in lying_in(STORIES)}

    assert names(unpacked) == package_files() | stories
    assert len(stories) > 20


def test_the_wheel_takes_no_other_names_than_those_of_its_packages(unpacked: Path):
    """A top-level `tests` or `examples` would be in the way of everybody else's."""
    assert {name.split("/")[0] for name in names(unpacked)} == set(PACKAGES)


def test_the_licence_goes_with_the_wheel(unpacked: Path):
    """The Apache License 2.0 (section 4a) asks for a copy with every distribution."""
    (licence,) = unpacked.glob("*.dist-info/licenses/LICENSE")

    assert licence.read_text(encoding="utf-8") == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_an_installed_product_finds_itself_and_its_stories(unpacked: Path):
    """In the other tests the checkout would answer in its place."""
    code = (
        "import activities, oms_workflow, processes, workers; from oms_workflow.connect.stories import reading;"
        "print(*[one.__file__ for one in (activities, oms_workflow, processes, workers)], reading.shipped_folder(),"
        "sep='\\n')"
    )
    said = in_the_wheel(unpacked, code)

    assert said.returncode == 0, said.stderr
    assert all(Path(line).is_relative_to(unpacked) for line in said.stdout.splitlines())
    assert Path(said.stdout.splitlines()[-1]) == unpacked / STORIES_INSIDE


@pytest.mark.parametrize("asked", [["--help"], ["palette"], ["play", "--help"], ["demo", "--help"]])
def test_an_installed_command_answers(unpacked: Path, asked: list[str]):
    """These need texts, activities and the walk, and no server."""
    said = in_the_wheel(unpacked, OMS, *asked)

    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout


def test_an_installed_product_finds_its_diagrams_right(unpacked: Path):
    """They ask for activities, decisions, forms and calendars, all of which must have come along."""
    said = in_the_wheel(unpacked, OMS, "lint", str(unpacked / "processes"), "--json")

    assert said.returncode == 0, said.stdout + said.stderr
    assert [one for one in json.loads(said.stdout) if one["severity"] == "error"] == []


def test_an_installed_product_migrates_its_database(unpacked: Path):
    """Migrations are found by their folder, not by an import, so only running them shows that they are there."""
    said = in_the_wheel(unpacked, OMS, "db", "upgrade", "--json")

    assert said.returncode == 0, said.stdout + said.stderr
    assert json.loads(said.stdout)["schema"]
