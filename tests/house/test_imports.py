"""What is loaded when workflow code is loaded. Import contracts cannot see this: Python runs packages on the way."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.checkout import ROOT

HEAVY = (
    "lxml",
    "SpiffWorkflow",
    "sqlalchemy",
    "oms_workflow.store",
    "oms_workflow.diagrams",
    "oms_workflow.connect",
    "oms_workflow.settings",
)


def loaded(module: str) -> set[str]:
    """Give what of `HEAVY` a fresh process has loaded after importing a module."""
    asked = f"import sys, {module}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return set(said.stdout.split())


@pytest.mark.parametrize("module", ["oms_workflow.temporal.workflow", "oms_workflow.temporal.perform"])
def test_workflow_code_loads_no_reader_and_no_database(module: str):
    """What workflow code can reach can change its decisions, and then a history does not replay."""
    assert loaded(module) == set()


def test_the_question_can_be_answered_with_yes():
    """A look into the wrong process would find nothing there, ever."""
    assert {"sqlalchemy", "oms_workflow.store"} <= loaded("oms_workflow.store.database")
