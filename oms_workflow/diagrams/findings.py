"""How a finding about an element of a diagram is made. The wording is that of the rule."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import lru_cache

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.errors import Diagnostic, Severity

_MOST_COMPARED = 500  # words looked through for one that was meant
_WELL_COMPARED = 50  # of them, those that share most letters; comparing well takes about 25 microseconds a word
_LONGEST_COMPARED = 80
_LONGEST_MESSAGE = 1_000  # characters; a report is read by people
_LONGEST_NAME = 200


def finding(
    document: Document, element: Element, code: str, message: str, fix: str, severity: Severity = Severity.ERROR
) -> Diagnostic:
    """Make a finding, placed at the element, or at the nearest one around it that has an id."""
    named = nearest_with_id(element)
    return Diagnostic(
        code=code,
        message=message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}...",
        file=document.file,
        line=element.line,
        element=named.id or element.kind,
        name=named.name[:_LONGEST_NAME],
        fix=fix,
        severity=severity,
    )


def nearest_with_id(element: Element) -> Element:
    """Give the element itself, the nearest one around it that has an id, or else itself again."""
    if element.id:
        return element
    return next((around for around in element.ancestors() if around.id), element)


def said(element: Element) -> str:
    """Name an element in a sentence: its kind, id and label."""
    label = f" ({element.name!r})" if element.name else ""
    return f"{element.kind} {element.id!r}{label}" if element.id else f"{element.kind}{label}"


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Give the known word that was probably meant, '' when none is near or there are too many to compare."""
    words = sorted(known)
    if len(words) > _MOST_COMPARED or len(word) > _LONGEST_COMPARED:
        return ""
    if len(words) > _WELL_COMPARED:
        letters = _letters(word)
        words = sorted(words, key=lambda one: (-len(letters & _letters(one)), one))[:_WELL_COMPARED]
    return next(iter(difflib.get_close_matches(word, words, n=1, cutoff=cutoff)), "")


@lru_cache(maxsize=2048)
def _letters(word: str) -> frozenset[str]:
    """The letters of a word, and each with the next."""
    return frozenset(word[:_LONGEST_COMPARED]) | {word[at : at + 2] for at in range(min(len(word), _LONGEST_COMPARED))}


def listed(words: Iterable[str], at_most: int = 8) -> str:
    """List words in a sentence, cut when there are many."""
    words = sorted(words)
    shown = ", ".join(repr(word) for word in words[:at_most])
    more = len(words) - at_most
    return f"{shown} and {more} more" if more > 0 else shown or "none"
