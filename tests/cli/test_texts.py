"""What the command line says, it says in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from oms_workflow.cli import language
from oms_workflow.cli.language import catalogue
from oms_workflow.cli.wording import in_language
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.status import OrderStatus
from oms_workflow.engine.records import RecordKind

ROOM = Path(language.__file__).parent
CHINESE = re.compile(r"[一-鿿]")
SAYS = re.compile(r"""\bsay\(\s*"([a-z_.]+)\"""")


def test_both_languages_have_every_text_with_the_same_placeholders() -> None:
    """Whoever adds a text in one language would break the other one's terminal."""
    english, chinese = catalogue("en"), catalogue("zh")
    assert list(english) == list(chinese)
    for key, text in english.items():
        assert {name for _, name, _, _ in Formatter().parse(text) if name} == {
            name for _, name, _, _ in Formatter().parse(chinese[key]) if name
        }, key


def test_every_text_that_is_asked_for_is_there() -> None:
    asked = {key for path in ROOM.rglob("*.py") for key in SAYS.findall(path.read_text(encoding="utf-8"))}
    assert asked <= set(catalogue("en"))


@pytest.mark.parametrize("value", [*OrderStatus, *HoldKind])
def test_statuses_and_holds_are_words_of_both_languages(value: str) -> None:
    assert CHINESE.search(catalogue("zh")[f"word.{value}"])


@pytest.mark.parametrize("kind", list(RecordKind))
def test_every_kind_of_record_is_a_sentence_of_both_languages(kind: RecordKind) -> None:
    """A history must not show words of the engine."""
    assert catalogue("en")[f"history.{kind.value}"]
    assert CHINESE.search(catalogue("zh")[f"history.{kind.value}"])


def test_a_label_in_both_languages_is_shown_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMS_LANGUAGE", "en")
    assert in_language("Release stock 释放库存") == "Release stock"
    assert in_language("释放库存") == "释放库存"
    monkeypatch.setenv("OMS_LANGUAGE", "zh_CN.UTF-8")
    assert in_language("Release stock 释放库存") == "释放库存"
    assert in_language("Release") == "Release"


def test_the_language_of_the_settings_file_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A setting that is read from one place only would be ignored without a word."""
    monkeypatch.delenv("OMS_LANGUAGE", raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "oms.toml").write_text('language = "zh"\n')
    language._in_file.cache_clear()
    try:
        assert language.language() == "zh"
    finally:
        language._in_file.cache_clear()
