"""The cases of the DMN TCK that lie beside the checkout: how many pass must not sink."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.beside import BESIDE, needs

CHECKER = BESIDE / "conformance" / "check_dmn.py"

pytestmark = needs(CHECKER)


def totals(*arguments: str) -> dict[str, int]:
    """Outcomes of one run of the checker."""
    run = subprocess.run(
        [sys.executable, str(CHECKER), "--json", *arguments],
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "PATH": ""},
    )
    assert run.stdout, run.stderr
    return json.loads(run.stdout)["total"]


def test_every_literal_expression_of_the_tck_has_its_value() -> None:
    """858 expressions that every conforming engine agrees on."""
    assert totals("--feel") == {"pass": 858, "skip": 0, "fail": 0, "error": 0}


def test_the_models_of_the_tck_give_their_answers() -> None:
    """What fails calls Java, see docs/dmn.md; what is skipped has years before 1, which Python's dates cannot hold."""
    assert totals() == {"pass": 1329, "skip": 2, "fail": 10, "error": 0}
