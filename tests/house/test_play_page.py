"""The walk and the Python of docs/play.md are what runs."""

from __future__ import annotations

import json
import re
from typing import Any

from oms_workflow.play import play
from oms_workflow.play.result import differences
from tests.house.checkout import ROOT

PAGE = (ROOT / "docs" / "play.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """Give the only block of a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return str(found)


def test_the_walk_of_the_page_goes_as_the_page_says():
    """People begin with a copy of it."""
    result = play([ROOT / "processes"], json.loads(block("json")))

    assert result.checks == [[], [], []]
    happened = {
        (one["at"][5:19].replace("T", " "), one["element"], one["kind"].replace("_", " ")) for one in result.records
    }
    printed = re.findall(r"^(\d\d-\d\d [\d:]{8})  (\w+) +(\w+ \w+)", PAGE, re.MULTILINE)
    assert len(printed) >= 4
    assert set(printed) <= happened


def test_the_python_of_the_page_gives_what_its_comments_say(monkeypatch: Any):
    """It is how tests of one's own diagrams are written."""
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    exec(block("python"), names)

    assert names["result"].status == "active"
    assert names["result"].open == [{"element": "GiveUpPromise", "kind": "serviceTask"}]


def test_every_expectation_is_on_the_page():
    """One that is not there can only be found by reading the code."""
    result = play([ROOT / "processes"], {})
    listed = set(
        re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", PAGE.split("## Expectations")[1], re.MULTILINE)))
    )

    assert listed >= {
        "status",
        "open",
        "waiting",
        "trace",
        "completed",
        "taken",
        "variables",
        "incident",
        "escalations",
    }
    unknown = [key for key in listed if "nothing a walk can expect" in "".join(differences({key: []}, result))]
    assert unknown == []
