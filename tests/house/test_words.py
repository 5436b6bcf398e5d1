"""What has no business in a project: unfinished business, somebody's machine, the tools of a workplace."""

from __future__ import annotations

import re

import pytest

from tests.house.checkout import ROOT, files

HERE = "tests/house/test_words.py"
SOMEBODY = "/home/ann/"  # who stands in tests for everybody's home
TEXT = (".py", ".md", ".toml", ".json", ".bpmn", ".dmn", ".txt", ".sh", ".yml", "Makefile", "run", ".gitignore", ".csv")

WORDS = {
    "unfinished business": re.compile(r"\b(?:TODO|FIXME|HACK)\b"),
    "a path of a machine": re.compile(r"(?<![\w.$}])/(?:work|root|home|Users|mnt)/[\w.]+|\b[A-Z]:\\\\?Users\b"),
    "a tool of a workplace": re.compile(
        r"\b(?:claude|anthropic|chatgpt|gpt-\d|openai|copilot|llm|jira|confluence|co-authored-by)\b", re.IGNORECASE
    ),
}


def offences(text: str) -> list[str]:
    """Give what is wrong with a text, each with the words that are."""
    plain = text.replace(SOMEBODY, "")
    return [f"{what}: {match[0]}" for what, words in WORDS.items() for match in words.finditer(plain)]


def test_no_file_holds_what_is_nobody_elses_business():
    """A path of one machine does not work on another, and what is unfinished belongs into a test or is gone."""
    found = [
        f"{name}: {wrong}"
        for name in files()
        if name.endswith(TEXT) and name != HERE
        for wrong in offences((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]

    assert found == []


@pytest.mark.parametrize(
    "pieces",
    [("# TO", "DO: later"), ("see /", "root/x.py"), ("(/", "work/x/y)"), ("as Co", "pilot says"), ("C:\\", "Users\\x")],
)
def test_such_words_are_noticed(pieces: tuple[str, str]):
    """Else the test above could not fail; in pieces, so that they do not stand here either."""
    assert offences("".join(pieces))


@pytest.mark.parametrize("text", ["todo = next(pairs)", "/home/ann/risk.dmn", "https://x.org/work/it", "docs/work.md"])
def test_others_are_left_alone(text: str):
    """A test that cries at everything is switched off."""
    assert offences(text) == []
