"""Scripts: what they may say, and how a mistake in one is found."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.connect.world.script.matching import Facts, find
from oms_workflow.connect.world.script.positions import lines_of
from oms_workflow.connect.world.script.reading import parse_script, read_script
from oms_workflow.connect.world.script.reference import reference
from oms_workflow.errors import Diagnostic, DiagramRefused


def findings(text: str) -> list[Diagnostic]:
    with pytest.raises(DiagramRefused) as refused:
        parse_script(text, file="demo.json")
    return list(refused.value.diagnostics)


def test_an_empty_script_is_a_script() -> None:
    """Nothing said means that everything works."""
    assert parse_script("{}").rules == ()


def test_every_mistake_is_named_and_placed() -> None:
    """Whoever wrote the script repairs it from the message alone."""
    found = findings(
        '{"rules": [\n'
        '  {"when": {"order": "shop:1"},\n'
        '   "buyer": {"pays": {"after": 5}}},\n'
        '  {"fails": [{"system": "carrier",\n'
        '              "operation": "lable"}],\n'
        '   "byer": {}}]}'
    )

    assert {(one.line, one.element) for one in found} == {
        (3, "rules[0].buyer.pays.after"),
        (6, "rules[1].byer"),
        (4, "rules[1].fails[0]"),
    }
    assert "Expected a duration such as 'PT30M' or 'P2D', found 5." in [one.message for one in found]
    assert any("label, cancel_label, track, intercept; found 'lable'" in one.message for one in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1,\n", "not JSON"),
        ('{"about": "x", "about": "y"}', "stands twice"),
        ("[" * 100_000, "not JSON"),
        ('{"latency": {"carrier.flies": ["PT1S", "PT2S"]}}', "no latency is called 'carrier.flies'"),
        ('{"latency": {"carrier.standard": ["P2D", "P1D"]}}', "shorter time first"),
        ('{"office_hours": {"opens": "18:00", "closes": "09:00"}}', "open before it closes"),
        ('{"rules": [{"buyer": {"wants_back": [{"after_delivery": "P1D", "new": [{"sku": "a"}]}]}}]}', "required"),
        ('{"stock": [{"sku": "tea", "warehouse": "hz", "quantity": 0, "at": "P1D"}]}', "greater than or equal to 1"),
        ('{"stock": [{"sku": "tea", "warehouse": "hz", "quantity": 1, "at": "2026-11-11T08:00:00"}]}', "zone"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(text: str, said: str) -> None:
    """A script that is silently read otherwise tests something else than its author thinks."""
    assert said.lower() in "\n".join(map(str, findings(text))).lower()


def test_a_rule_that_could_never_hold_is_a_mistake() -> None:
    """Which carrier will be chosen is not known when the buyer decides to pay."""
    [found] = findings('{"rules": [{"when": {"carrier": "sf"}, "buyer": {"pays": {"never": true}}}]}')
    assert "never knows carrier" in found.message


def test_personal_data_of_a_script_does_not_appear_in_findings() -> None:
    """A finding is shown, logged and copied."""
    text = json.dumps(
        {"rules": [{"buyer": {"moves": [{"after": "PT1H", "to": {"name": "Wang Wu", "country": "China"}}]}}]}
    )
    assert "Wang" not in "\n".join(map(str, findings(text)))
    assert "Wang" not in repr(parse_script(text.replace("China", "CN")))


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    """A misspelt path is the first mistake anybody makes."""
    with pytest.raises(DiagramRefused, match="No such file"):
        read_script(tmp_path / "missing.json")
    (tmp_path / "latin.json").write_bytes(b'{"about": "\xe9"}')
    with pytest.raises(DiagramRefused, match="not UTF-8"):
        read_script(tmp_path / "latin.json")


def test_the_first_rule_that_says_something_counts() -> None:
    """Special cases stand before general ones."""
    script = parse_script(
        json.dumps(
            {
                "rules": [
                    {"when": {"order": "shop:1"}, "buyer": {"cancels": {"after": "PT1H"}}},
                    {"when": {"channel": ["shop", "mall"]}, "buyer": {"pays": {"never": True}}},
                ]
            }
        )
    )
    facts = Facts(order="shop:1", channel="shop")
    assert [one.rule for one in find(script, 1, facts, "buyer", "cancels")] == ["rules[0].buyer.cancels"]
    assert [one.rule for one in find(script, 1, facts, "buyer", "pays")] == ["rules[1].buyer.pays"]
    assert not list(find(script, 1, Facts(order="other:1", channel="other"), "buyer", "pays"))


def test_a_share_concerns_that_part_of_the_orders() -> None:
    """One order in ten loses its parcel, and always the same ones."""
    script = parse_script('{"rules": [{"when": {"share": 0.1}, "risk": {"score": 90}}]}')

    def hit(seed: int) -> list[int]:
        return [number for number in range(2000) if list(find(script, seed, Facts(order=f"shop:{number}"), "risk", ""))]

    assert 150 < len(hit(1)) < 250
    assert hit(1) == hit(1) != hit(2)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@given(value=JSON, indent=st.sampled_from([None, 0, 2]))
def test_the_place_of_every_value_is_found(value: Any, indent: int | None) -> None:
    """Positions are found by a reader of our own, which must agree with Python's about every text."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    lines = lines_of(text)

    def paths(inner: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
        members = inner.items() if isinstance(inner, dict) else enumerate(inner) if isinstance(inner, list) else ()
        return {path}.union(*(paths(one, (*path, key)) for key, one in members))

    assert set(lines) == paths(value)
    assert max(lines.values()) <= text.count("\n") + 1


def test_a_duration_has_no_months_and_no_years() -> None:
    """They are no fixed time."""
    for text in ("P1M", "P1Y", "1 day", "", "P", "PT", "-PT1H", 60):
        found = findings(json.dumps({"rules": [{"buyer": {"pays": {"after": text}}}]}))
        assert "duration" in found[0].message


DOCS = Path(__file__).parents[2] / "docs"


def test_the_script_in_the_docs_is_a_script() -> None:
    """An example that does not work is worse than none."""
    [text] = re.findall(r"```json\n(.*?)```", (DOCS / "world.md").read_text(encoding="utf-8"), re.DOTALL)
    script = parse_script(text)
    assert len(script.rules) == 24
    assert all(rule.story for rule in script.rules)


def test_every_field_is_in_the_reference() -> None:
    """The page is made from the models: `make docs` writes it."""
    assert (DOCS / "world-script.md").read_text(encoding="utf-8") == reference()
    for field in ("declared_after", "shuffled", "wants_back", "carrier.brings_back"):
        assert f"`{field}`" in reference()
