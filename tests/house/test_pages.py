"""What people read first is true: commands exist, links lead somewhere, both languages point to the same pages."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest
import typer

from oms_workflow.cli.groups import COMMANDS
from oms_workflow.cli.main import app
from tests.house.checkout import ROOT, pages

READMES = ("README.md", "README.zh-CN.md")
BLOCK = re.compile(r"^```(?:sh)?\n(.*?)^```|^((?: {4}\S.*\n)+)", re.DOTALL | re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"^(?:\.venv/bin/)?oms (.+)")
TARGET = re.compile(r"^make ([a-z-]+)")


def typed(text: str) -> Iterator[str]:
    """Give the lines of a page that people may type: lines of blocks for the shell, and code within a sentence."""
    for fenced, indented in BLOCK.findall(text):
        for line in (fenced or indented).splitlines():
            yield re.split(r"\s{2,}#|\s# ", line.strip())[0].strip()
    for line in FENCED.sub("", text).splitlines():
        if not line.startswith("    "):
            yield from re.findall(r"`([^`]+)`", line)


def complaint(line: str) -> str:
    """Say what is wrong with a command that a page names; '' when it is one of ours."""
    words = shlex.split(line, comments=True)
    command = typer.main.get_command(app)
    for word in words:
        group = getattr(command, "commands", None)
        if group is None:
            break
        if not re.fullmatch(r"[a-z-]+", word) or word.startswith("-"):
            break
        if word not in group:
            return f"there is no 'oms {line}'"
        command = command.get_command(None, word) if word in COMMANDS else group[word]  # type: ignore[attr-defined]
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
    unknown = [word for word in words if re.match(r"--[a-z]", word) and word.partition("=")[0] not in known]
    return f"'oms {line}' has no {unknown[0]}" if unknown else ""


def commands_of_pages() -> list[tuple[str, str]]:
    """Give (page, what follows `oms`)."""
    found = [(page, match[1]) for page, text in pages() for line in typed(text) if (match := COMMAND.match(line))]
    return [(page, line) for page, line in found if "..." not in line.split()[0]]


def test_every_command_a_page_names_is_one():
    """Whoever types it as it stands there must not be told that it does not exist."""
    found = commands_of_pages()

    assert [f"{page}: {wrong}" for page, line in found if (wrong := complaint(line))] == []
    assert len({page for page, _ in found}) > 5
    assert len([line for page, line in found if page in READMES]) > 20


@pytest.mark.parametrize("line", ["order show X", "orders shaw X", "orders list --overdew", "--verbose", "up --port 1"])
def test_a_command_that_is_none_is_noticed(line: str):
    """Else the test above could not fail."""
    assert complaint(line)


def test_every_make_target_a_page_names_is_one():
    """The first line of a README is what people type first."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {(page, match[1]) for page, text in pages() for line in typed(text) if (match := TARGET.match(line))}

    assert sorted((page, target) for page, target in named if target not in targets) == []
    assert {target for page, target in named if page == "README.md"} >= {"demo"}


def test_make_without_a_target_tells_of_every_target_for_people():
    """The list is written by hand."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (declared,) = re.findall(r"^\.PHONY: (.*)", makefile, re.MULTILINE)

    assert set(re.findall(r'@echo "make ([a-z-]+)', makefile)) == set(declared.split()) - {"help", "venv-dev"}


def anchors(text: str) -> set[str]:
    """Give the names under which the headings of a page can be linked to."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in plain}


def broken_links() -> Iterator[str]:
    """Give links to files or headings that are not there."""
    for page, text in pages():
        folder = (ROOT / page).parent
        for link in LINK.findall(FENCED.sub("", text)):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (folder / path) if path else ROOT / page
            if not target.exists():
                yield f"{page}: {link}"
            elif anchor and anchor not in anchors(target.read_text(encoding="utf-8")):
                yield f"{page}: {link} has no such heading"


def test_every_link_of_a_page_leads_somewhere():
    """A page that cannot be reached is a page that was not written."""
    assert sorted(broken_links()) == []


def test_both_readmes_lead_to_the_same_pages():
    """Nobody should have to read the other language to find something."""
    english, chinese = ({link for link in LINK.findall(_text(name)) if link not in READMES} for name in READMES)

    assert english == chinese
    assert len(english) > 10


def test_both_readmes_name_the_same_commands():
    """What is to be typed does not depend on the language."""
    english, chinese = ({line for page, line in commands_of_pages() if page == name} for name in READMES)

    assert english == chinese


def test_every_page_of_the_docs_is_on_the_map():
    """docs/index.md is where people look for what there is."""
    linked = set(LINK.findall(_text("docs/index.md")))
    there = {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"}

    assert there - linked == set()


def test_every_decision_is_on_its_list_under_its_title():
    """In the order of their names, so that two people who add one do not get into each other's way."""
    folder = ROOT / "docs" / "decisions"
    there = [path for path in sorted(folder.glob("*.md")) if path.name != "README.md"]
    titles = [(path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# "), path.name) for path in there]

    assert re.findall(r"^\* \[(.+)\]\((.+)\)$", _text("docs/decisions/README.md"), re.MULTILINE) == titles


@pytest.mark.parametrize("heading", ["Context", "Decision", "Consequences", "Rejected"])
def test_every_decision_has_its_four_parts(heading: str):
    """What was rejected, and why, is what keeps the next person from trying it again."""
    folder = ROOT / "docs" / "decisions"
    without = [path.name for path in folder.glob("*.md") if f"\n## {heading}" not in path.read_text(encoding="utf-8")]

    assert sorted(set(without) - {"README.md"}) == []


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
