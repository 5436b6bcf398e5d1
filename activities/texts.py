"""The texts of notices, in English and Chinese, as the files beside the diagrams have them. Sends nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from oms_workflow.errors import OrderRefused

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One notice, ready to go. Its values may hold a name, so it is shown nowhere."""

    subject: str
    body: str


def notice_text(template: str, language: str, values: Mapping[str, str]) -> Text:
    """Fill a text in.

    Args:
        template: Key under `notices` in `processes/texts/<language>.json`.
        language: 'en' or 'zh'.
        values: What `$name` stands for in the text; what the text does not ask for is left out.

    Raises:
        OrderRefused: Without a code, when there is no such text or a value is missing: the diagram has to be mended.
    """
    texts = all_texts(language)["notices"]
    if template not in texts:
        raise OrderRefused(
            f"There is no notice {template!r} in processes/texts/{language}.json; there are {', '.join(texts)}. "
            f"Add it there, or correct the input 'template' of the node."
        )
    drawn = texts[template]
    try:
        return Text(
            subject=Template(drawn["subject"]).substitute(values), body=Template(drawn["body"]).substitute(values)
        )
    except KeyError as missing:
        raise OrderRefused(
            f"The notice {template!r} needs a value {missing.args[0]!r}. Add it to the input 'values' of the node."
        ) from None


def language_of(tag: str, country: str) -> str:
    """Give 'zh' or 'en' for a BCP 47 tag; without one, Chinese for buyers in China and English for all others."""
    wanted = tag.lower().partition("-")[0]
    if not wanted:
        return "zh" if country == "CN" else "en"
    return wanted if wanted in LANGUAGES else "en"


@cache
def all_texts(language: str) -> Mapping[str, Any]:
    """Give everything that is written in one language: notices, milestones, names of outcomes."""
    raw = files("processes").joinpath("texts", f"{language}.json").read_text(encoding="utf-8")
    texts: Mapping[str, Any] = json.loads(raw)
    return texts
