"""Walks from other engines' test suites: every one plays as they say, or its diagram is refused by name.

They lie beside the checkout, in ../shared/conformance; without that folder these tests are skipped and say so.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest

from oms_workflow import play
from tests.beside import BESIDE, needs

FOLDER = BESIDE / "conformance"

pytestmark = needs(FOLDER)


@pytest.fixture(scope="module")
def check() -> ModuleType:
    """The checker that comes with the cases, so that our tests and outside ones mean the same."""
    spec = importlib.util.spec_from_file_location("conformance_check", FOLDER / "check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_walk_plays_as_its_source_says_or_is_refused_for_an_element_we_say_we_do_not_run(check):
    """A diagram that lies is worse than none: no wrong answer, no crash, and each refusal has a name."""
    wrong = []
    for case in check.find_cases(FOLDER):
        if case.kind != "play":
            continue
        outcome = check.run_case(case, play, 20.0)
        refused_by_name = outcome.column == "failed" and outcome.detail.startswith("refused: not-supported at ")
        if outcome.column not in ("passed", "refused-properly") and not refused_by_name:
            wrong.append(f"{outcome.column} {outcome.id} walk {outcome.walk}: {outcome.detail}")

    assert wrong == []
