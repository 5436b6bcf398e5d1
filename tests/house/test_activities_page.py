"""The activity of docs/activities.md is complete: it is found, drawn, checked and tested as the page says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from inspect import signature
from pathlib import Path

import pytest

from oms_workflow.catalog.declaration import node_activity
from tests.house.checkout import ROOT

PAGE = (ROOT / "docs" / "activities.md").read_text(encoding="utf-8")

PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="Gifts" targetNamespace="http://example.com/gifts">
  <bpmn:process id="gifts" name="Gifts" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties>
      <zeebe:property name="startVariables" value="order_id" />
    </zeebe:properties></bpmn:extensionElements>
    <bpmn:startEvent id="Begin" name="Begin" />
    <bpmn:sequenceFlow id="In" sourceRef="Begin" targetRef="AskPacker" />
    {task}
    <bpmn:sequenceFlow id="Out" sourceRef="AskPacker" targetRef="End" />
    <bpmn:endEvent id="End" name="End" />
  </bpmn:process>
</bpmn:definitions>
"""


def blocks(language: str) -> list[str]:
    """Give the blocks of a language, in the order of the page."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the files of the page in their places."""
    activity, its_test = blocks("python")
    (task,) = blocks("xml")
    files = {
        "extras/__init__.py": "",
        "extras/gifts.py": activity,
        "tests/test_gifts.py": its_test,
        "gifts.bpmn": PROCESS.format(task=task),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in that folder with the settings of the page."""
    (setting,) = re.findall(r"export OMS_ACTIVITIES=(\S+)", PAGE)
    surroundings = {**os.environ, "PYTHONPATH": f"{folder}:{ROOT}", "OMS_ACTIVITIES": setting, "OMS_LANGUAGE": "en"}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=surroundings, capture_output=True, text=True, check=False
    )


def test_the_tests_of_the_page_pass(folder: Path):
    """They show what has to be tested, so they had better test it."""
    said = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), "tests")

    assert said.returncode == 0, said.stdout + said.stderr
    assert "2 passed" in said.stdout


def test_the_test_of_the_page_notices_a_second_remark(folder: Path):
    """A test that cannot fail is worse than none."""
    file = folder / "extras" / "gifts.py"
    forgetful = file.read_text(encoding="utf-8").replace("key=call.key", "key=repr(orders.notes)")
    file.write_text(forgetful, encoding="utf-8")
    said = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), "tests")

    assert "1 failed, 1 passed" in said.stdout


def test_the_task_of_the_page_is_found_right(folder: Path):
    """Name, inputs and outputs are checked against the activity's own types."""
    said = run(folder, "-m", "oms_workflow.cli.main", "lint", "gifts.bpmn", "--json")

    assert [one for one in json.loads(said.stdout) if one["severity"] == "error"] == []
    assert said.returncode == 0


def test_a_wrong_input_of_that_task_is_found(folder: Path):
    """Else the activity of the page was not looked at."""
    diagram = folder / "gifts.bpmn"
    diagram.write_text(
        diagram.read_text(encoding="utf-8").replace('target="paper"', 'target="papre"'), encoding="utf-8"
    )
    said = run(folder, "-m", "oms_workflow.cli.main", "lint", "gifts.bpmn", "--json")

    assert "unknown-input" in {one["code"] for one in json.loads(said.stdout)}


def test_analysts_see_it_in_the_palette(folder: Path):
    """With what it takes and when it refuses."""
    said = run(folder, "-m", "oms_workflow.cli.main", "palette", "gifts.ask_packer")

    assert all(word in said.stdout for word in ("gifts.ask_packer", "paper", "pieces", "UNKNOWN_ORDER"))


def test_the_page_lists_the_settings_of_a_declaration():
    """The table is written by hand; the names in it are those of the code."""
    listed = set(
        re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", PAGE.split("## Settings")[1], re.MULTILINE)))
    )

    assert listed == set(signature(node_activity).parameters) - {"name"}
