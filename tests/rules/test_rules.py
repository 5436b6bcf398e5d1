"""Every rule: its page says what is wrong, its wrong examples are found and its right ones are not.

A case is a file `<code>/invalid-*.bpmn` or `<code>/valid-*.bpmn` beside this one; the two examples on the page of a
rule in docs/rules/ are cases, too.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from oms_workflow.bpmn.calendar import Calendar
from oms_workflow.catalog.declaration import MARK, node_activity
from oms_workflow.catalog.registry import Catalog
from oms_workflow.diagrams.reading import Reading, Source, read_diagrams
from oms_workflow.diagrams.rules.registry import RULES
from tests.diagrams.fragments import file_of

HERE = Path(__file__).parent
PAGES = Path(__file__).parents[2] / "docs" / "rules"
CASES = sorted(HERE.glob("*/*.bpmn"))
EXAMPLE = re.compile(r"^## (Wrong|Right)\n\n```xml\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Order(BaseModel):
    order_id: str
    speed: int = 1


class Reservation(BaseModel):
    shortfall: int


@node_activity("stock.reserve", title="Reserve stock", errors={"OUT_OF_STOCK": "no warehouse has the pieces"})
async def reserve(order: Order) -> Reservation:
    """Hold stock."""
    return Reservation(shortfall=0)


CATALOG = Catalog([getattr(reserve, MARK)])
OPTIONS: dict[str, dict[str, Any]] = {
    "reference-to-nothing": {"strict_references": True},
    "bad-sla": {"calendars": {"office": Calendar(id="office")}},
    **{
        code: {"catalog": CATALOG}
        for code in (
            "unknown-activity",
            "missing-input",
            "unknown-input",
            "input-type-mismatch",
            "unknown-output",
            "result-stays-inside",
            "unknown-error-code",
        )
    },
}


def read(raw: bytes, code: str) -> Reading:
    return read_diagrams([Source(name="case.bpmn", raw=raw)], **OPTIONS.get(code, {}))


def codes(reading: Reading) -> set[str]:
    return {found.code for found in reading.diagnostics}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_case_is_judged_as_its_name_says(path):
    """Invalid cases are found under the code of the rule, with a place; valid ones are right as a whole."""
    code = path.parent.name
    reading = read(path.read_bytes(), code)

    if path.stem.startswith("invalid-"):
        found = [finding for finding in reading.diagnostics if finding.code == code]
        assert found, f"expected {code}, found {sorted(codes(reading))}"
        assert all(finding.line and finding.element and finding.message and finding.fix for finding in found)
    else:
        assert not reading.errors, "\n".join(str(error) for error in reading.errors)
        assert code not in codes(reading)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_a_page_and_cases(rule):
    """The code in a message leads to an explanation, and the explanation is true."""
    page = (PAGES / f"{rule.code}.md").read_text(encoding="utf-8")

    assert page.startswith(f"# {rule.code}\n\n{rule.summary}\n")
    assert "## Why it matters" in page
    examples = dict(EXAMPLE.findall(page))
    wrong, right = examples["Wrong"], examples["Right"]
    assert rule.code in codes(read(wrong.encode() if rule.code == "not-bpmn" else file_of(wrong), rule.code))
    assert not read(file_of(right), rule.code).errors
    assert list((HERE / rule.code).glob("invalid-*.bpmn"))
    assert list((HERE / rule.code).glob("valid-*.bpmn"))


def test_codes_and_modules_agree():
    """A rule is one name in three places: its module, its page and its folder of cases."""
    assert [rule.check.__module__.rpartition(".")[2] for rule in RULES] == [
        rule.code.replace("-", "_") for rule in RULES
    ]
    assert len({rule.code for rule in RULES}) == len(RULES)
    known = {rule.code for rule in RULES} | {"not-valid-bpmn"}
    assert {path.parent.name for path in CASES} == known


def test_no_rule_module_is_forgotten():
    """A rule that is not in the list does not run."""
    import oms_workflow.diagrams.rules as room

    support = {
        "__init__",
        "circles",
        "item_types",
        "paths",
        "process_starts",
        "references",
        "registry",
        "rule",
        "token_bounds",
        "variables",
    }
    modules = {path.stem for path in Path(room.__file__).parent.glob("*.py")} - support
    assert modules == {rule.code.replace("-", "_") for rule in RULES}


def test_findings_about_decision_files_have_pages_too():
    """The linter reports diagrams and decisions in one list."""
    import oms_workflow.diagrams.decisions.rules as room

    texts = [path.read_text(encoding="utf-8") for path in Path(room.__file__).parent.glob("*.py")]
    found = {code for text in texts for code in re.findall(r'^CODE = "([a-z-]+)"', text, re.MULTILINE)}

    assert found
    assert {code for code in found if not (PAGES / f"{code}.md").is_file()} == set()
