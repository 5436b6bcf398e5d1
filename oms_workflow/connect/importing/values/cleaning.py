"""Steps that clean a text, by name. Each gives the same text again when it is applied to its own answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Literal, get_args

from oms_workflow.domain.regions_cn import BY_NAME

Step = Literal[
    "collapse_blanks", "narrow", "digits", "lower_case", "upper_case", "title_case", "province_cn", "no_blanks"
]

_SMALL_WORDS = "a à al as aos d da das de del dei der des di do dos du e em en et la las le les los na no van von y"
_SMALL = frozenset(_SMALL_WORDS.split())
"""Words inside names of places and persons that stay small, in Romance and Germanic languages."""

_WORD = re.compile(r"[^\W\d_]+")
_BLANKS = re.compile(r"\s+")


def fold(text: str) -> str:
    """Give the form in which two spellings are compared: no case, no accents, single blanks. Never stored.

    >>> fold(" São  PAULO ") == fold("sao paulo")
    True
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _BLANKS.sub(" ", bare).strip()


def collapse_blanks(text: str) -> str:
    """Take away blanks around a text, and make those within single."""
    return _BLANKS.sub(" ", text).strip()


def title_case(text: str) -> str:
    """Write names with capitals: `rio de janeiro` becomes `Rio de Janeiro`, `d'ajuda` `d'Ajuda`."""

    def capital(match: re.Match[str]) -> str:
        word = match.group()
        inner = match.start() > 0
        first = word[:1].upper()
        stays = (inner and word in _SMALL) or len(first) > 1  # ß and the like have no capital of their own
        return word if stays else first + word[1:]

    return _WORD.sub(capital, text.lower())


def province_cn(text: str) -> str:
    """Give the full name of a Chinese province, however it is written; any other text as it is."""
    return BY_NAME.get(collapse_blanks(text).casefold(), text)


STEPS: dict[str, tuple[Callable[[str], str], str]] = {
    "collapse_blanks": (collapse_blanks, "single blanks, none around"),
    "no_blanks": (lambda text: _BLANKS.sub("", text), "no blanks at all"),
    "narrow": (lambda text: unicodedata.normalize("NFKC", text), "full-width letters and digits become narrow ones"),
    "digits": (lambda text: "".join(sign for sign in text if sign in "0123456789"), "digits only"),
    "lower_case": (str.lower, "small letters"),
    "upper_case": (str.upper, "capital letters"),
    "title_case": (title_case, "names with capitals: `rio de janeiro` -> `Rio de Janeiro`"),
    "province_cn": (province_cn, "Chinese provinces by their full names: `内蒙古` -> `内蒙古自治区`"),
}
"""Every step with what it does."""

assert set(STEPS) == set(get_args(Step))
