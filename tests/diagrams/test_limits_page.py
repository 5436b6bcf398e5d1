"""docs/limits.md names every limit, with the value the code has."""

from __future__ import annotations

import re
from types import ModuleType

import pytest

from oms_workflow.cli import play
from oms_workflow.diagrams import extent, hardened
from oms_workflow.diagrams.decisions import node
from oms_workflow.feel import limits
from oms_workflow.play import stage
from tests.house.checkout import ROOT

MODULES = {"hardened": hardened, "extent": extent, "node": node, "play": play, "stage": stage, "": limits}
ROW = re.compile(r"\| `(?:(?P<module>[a-z]+)\.)?(?P<limit>[A-Z_]+)` \| (?P<value>[0-9,]+) ")
LISTED = [match.groupdict() for match in ROW.finditer((ROOT / "docs" / "limits.md").read_text(encoding="utf-8"))]


def limits_of(module: ModuleType) -> set[str]:
    """The names of a module that are limits."""
    return {name for name in vars(module) if re.match(r"MAX_|MOST_|LARGEST_", name)}


@pytest.mark.parametrize("row", LISTED, ids=[str(row["limit"]) for row in LISTED])
def test_a_limit_of_the_page_has_the_value_the_page_says(row: dict[str, str | None]) -> None:
    """Whoever hits a limit looks here for how far it is."""
    module = MODULES[row["module"] or ""]

    assert getattr(module, str(row["limit"])) == int(str(row["value"]).replace(",", ""))


@pytest.mark.parametrize("name", MODULES)
def test_every_limit_of_the_code_stands_in_the_page(name: str) -> None:
    """A limit nobody reads about is found by accident."""
    listed = {str(row["limit"]) for row in LISTED if (row["module"] or "") == name}

    assert limits_of(MODULES[name]) - {"MAX_NOTES"} == listed
