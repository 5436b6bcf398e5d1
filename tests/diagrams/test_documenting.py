"""Pages made from code: up to date, complete, and found by their codes."""

from __future__ import annotations

from pathlib import Path

from oms_workflow.bpmn import support
from oms_workflow.cli.generate import PAGES, ROOT, generate, main
from oms_workflow.diagrams.documenting import elements_page, rules_page

RULES = Path(__file__).parents[2] / "docs" / "rules"


def test_the_pages_in_the_checkout_are_up_to_date():
    """Whoever reads the documentation must be told what the code does today."""
    assert generate(ROOT, check=True) == []


def test_every_line_of_the_table_is_on_the_page():
    """The page is what analysts go by."""
    page = elements_page()

    for rows in support.rows().values():
        for row in rows:
            assert f"| {row.subject.removeprefix('*@')}" in page


def test_every_page_of_a_finding_is_in_the_index():
    """A code can be looked up without knowing where it comes from."""
    index = rules_page(RULES)

    for page in RULES.glob("*.md"):
        if page.name != "index.md":
            assert f"[{page.stem}]({page.name})" in index


def test_a_stale_page_is_told_and_then_written(tmp_path):
    """The check fails before a change is taken in; the command mends it."""
    assert generate(tmp_path, check=True) == list(PAGES)
    assert not list(tmp_path.iterdir())
    assert generate(tmp_path, check=False) == list(PAGES)
    assert generate(tmp_path, check=True) == []


def test_an_unknown_argument_is_refused(capsys):
    """A slip in --check must not write files."""
    assert main(["--chekc"]) == 2
    assert "--check" in capsys.readouterr().err
