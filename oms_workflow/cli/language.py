"""What the command line says, in English and 中文. Texts stand in `texts/`, one file per language, by key."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path

LANGUAGES = ("en", "zh")
FALLBACK = "en"


def say(key: str, **values: object) -> str:
    """Give the text of a key in the language of this run, with its placeholders filled.

    Raises:
        KeyError: When no text has this key; a test makes sure that both languages have all.
    """
    return catalogue(language())[key].format(**values)


def language() -> str:
    """Give `en` or `zh`: the setting if there is one, else as the terminal's locale says."""
    wanted = os.environ.get("OMS_LANGUAGE") or _in_file() or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh" if wanted.lower().startswith("zh") else FALLBACK


@lru_cache(maxsize=1)
def _in_file() -> str:
    """The setting in `oms.toml`, read without the settings' own machinery: the help must not wait for it."""
    try:
        found = tomllib.loads(Path("oms.toml").read_text(encoding="utf-8")).get("language")
    except (OSError, ValueError):
        return ""  # whoever needs the settings says what is wrong with the file
    return found if isinstance(found, str) else ""


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(name: str) -> Mapping[str, str]:
    """Give all texts of a language."""
    text = resources.files("oms_workflow.cli").joinpath("texts", f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found
