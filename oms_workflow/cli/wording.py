"""How values are written for people: moments in the terminal's time zone, words in its language, names as drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

from oms_workflow.cli.language import catalogue, language, say

BOTH = re.compile(r"(?P<en>[^一-鿿]+?)\s+(?P<zh>[一-鿿].*)", re.DOTALL)
"""A label in both languages, as the shipped diagrams write them: `Release stock 释放库存`."""

LISTED = 12  # names in an answer that says what there is; more would not be read


def word(value: str) -> str:
    """Give a word of the house (a status, a kind) in the language of this run."""
    return catalogue(language()).get(f"word.{value}", value.replace("_", " "))


def words(values: Iterable[str]) -> str:
    """Give several words, by comma."""
    return ", ".join(word(value) for value in values)


def moment(at: datetime | None, *, seconds: bool = False) -> str:
    """Write a moment in the time zone of this terminal; '' for none."""
    return "" if at is None else at.astimezone().strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def short_moment(at: datetime | None) -> str:
    """Write a moment without its year, for narrow tables; '' for none."""
    return "" if at is None else at.astimezone().strftime("%m-%d %H:%M")


def iso(at: datetime | None) -> str | None:
    """Write a moment for machines: ISO 8601 with its offset, UTC; None for none."""
    return None if at is None else at.astimezone(UTC).isoformat()


def span(length: timedelta) -> str:
    """Write a length of time in its two largest units: `2d 3h`, `45m`, `8s`."""
    left = max(0, int(length.total_seconds()))
    parts = []
    for unit, seconds in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        if left >= seconds:
            parts.append(f"{left // seconds}{unit}")
            left %= seconds
        elif parts:
            break
    return " ".join(parts[:2]) or "0s"


def in_language(label: str) -> str:
    """Give the half of a two-language label that is in the language of this run; any other label as it is."""
    both = BOTH.fullmatch(label)
    return both.group(language()) if both else label


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Say which known name somebody may have meant; '' when none is near."""
    near = get_close_matches(wrong, list(known), n=3, cutoff=0.6)
    return say("did_you_mean", names=", ".join(near)) if near else ""


def either(known: Iterable[str]) -> str:
    """List names, the first few of many."""
    names = list(known)
    more = f", ... ({len(names)})" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def unknown(key: str, wrong: str, known: Iterable[str], also: Iterable[str] = ()) -> str:
    """Say that there is nothing of this name, with what may have been meant or what there is.

    Args:
        key: A text with the placeholder `{name}`.
        also: Further names that may have been meant, but are not listed.
    """
    names = list(dict.fromkeys(known))
    said = say(key, name=repr(wrong))
    more = did_you_mean(wrong, [*names, *also]) or (say("there_are", names=either(names)) if names else "")
    return sentences(said, more)


def sentences(*texts: str) -> str:
    """Write sentences one after the other, as the language of this run does."""
    return ("" if language() == "zh" else " ").join(text for text in texts if text)
