"""docs/processes.md says what the diagrams say."""

from __future__ import annotations

import re
from pathlib import Path

from oms_workflow.diagrams.process_page import processes_page

from .walking import PROCESSES

PAGE = Path(__file__).parents[2] / "docs" / "processes.md"


def test_the_page_is_what_the_diagrams_say() -> None:
    """A list kept in step by hand is wrong soon."""
    assert processes_page(PAGE, PROCESSES) == PAGE.read_text(encoding="utf-8")


def test_every_process_is_told_of_in_words() -> None:
    """A table says what calls what, and not what it is for."""
    written = re.sub(r"<!-- table: .*?<!-- end -->", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    for path in PROCESSES.glob("*.bpmn"):
        assert path.stem in written, path.stem
