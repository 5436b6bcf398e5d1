"""What docs/dmn.md says stands in the code."""

from __future__ import annotations

from pathlib import Path

from oms_workflow.diagrams.decisions.rules.registry import MODULES
from oms_workflow.dmn.expressions import Aggregation, HitPolicy

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_finding_has_a_page_of_its_code() -> None:
    """The code in a finding is where the analyst looks it up."""
    codes = [*(module.CODE for module in MODULES), "not-dmn"]

    assert not [code for code in codes if not (DOCS / "rules" / f"{code}.md").exists()]


def test_the_page_names_every_hit_policy_and_aggregation() -> None:
    """Whoever draws a table looks here for what it will do."""
    page = (DOCS / "dmn.md").read_text(encoding="utf-8")

    assert not [one.value for one in (*HitPolicy, *Aggregation) if one.value not in page]
