"""The cases of the DMN TCK that lie beside the checkout: how many pass must not sink."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.beside import BESIDE, needs

CHECKER = BESIDE / "conformance" / "check_dmn.py"

pytestmark = needs(CHECKER)


PAGE = Path(__file__).resolve().parents[2] / "docs" / "dmn.md"
MISS = re.compile(r"\| (?P<folder>[0-9]{4}-[a-z-]+) \| `(?P<case>\w+)` \| (?P<outcome>[a-z ]+) \| (?P<reason>.+) \|")
OUTCOMES = {"null": "fail", "not compared": "skip"}  # as people read it, and as the checker calls it


def report(*arguments: str) -> dict[str, Any]:
    """What one run of the checker found."""
    run = subprocess.run(
        [sys.executable, str(CHECKER), "--json", *arguments],
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "PATH": ""},
    )
    assert run.stdout, run.stderr
    return json.loads(run.stdout)


def test_every_literal_expression_of_the_tck_has_its_value() -> None:
    """858 expressions that every conforming engine agrees on."""
    assert report("--feel")["total"] == {"pass": 858, "skip": 0, "fail": 0, "error": 0}


def test_the_models_of_the_tck_give_their_answers() -> None:
    """What fails calls Java, see docs/dmn.md; what is skipped has years before 1, which Python's dates cannot hold."""
    found = report()

    assert found["total"] == {"pass": 1329, "skip": 2, "fail": 10, "error": 0}
    missed = {(one["folder"].rpartition("/")[2], one["case"], one["outcome"]) for one in found["notes"]}
    assert missed == listed_in_the_page()


def listed_in_the_page() -> set[tuple[str, str, str]]:
    """The misses that docs/dmn.md explains, each with a reason."""
    rows = [MISS.fullmatch(line) for line in PAGE.read_text(encoding="utf-8").splitlines()]
    return {(row["folder"], row["case"], OUTCOMES[row["outcome"]]) for row in rows if row and row["reason"].strip()}
