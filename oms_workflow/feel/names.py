"""Which tokens make one name: names may hold blanks, operator signs and keywords, so the names in scope decide.

DMN 1.5, 10.3.1.4 and .5: name tokens are matched against the names in scope from left to right, longest match first.
A run of words that no keyword breaks can be nothing but one name, so only *special* names need to be known: those with
signs (`ship-to`), with keywords (`date and time`), or with odd blanks.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from oms_workflow.feel.errors import FeelSyntaxError
from oms_workflow.feel.lexer import Token, tokenise

KEYWORDS = frozenset(
    {
        *("for", "return", "in", "if", "then", "else", "some", "every", "satisfies", "and", "or", "between"),
        *("function", "external", "null", "true", "false"),
    }
)
"""Words that end a name and cannot begin one."""

SIGNS = frozenset({".", "/", "-", "'", "\u2019", "+", "*", "**", "..", "->"})
"""Symbols that may stand inside a name (rule 30), also where the lexer has read two of them as one token."""


@lru_cache(maxsize=8192)
def is_plain(name: str) -> bool:
    """Say whether a name needs no scope to be recognised: words with single blanks, no keyword among them."""
    tokens = tokens_of(name)
    if tokens is None or name != " ".join(tokens):
        return False
    if SIGNS.intersection(tokens) or KEYWORDS.intersection(tokens):
        return False
    numbered = all(token.isdigit() for token in tokens if token[0] in ".0123456789")
    return numbered and ("instance", "of") not in pairwise(tokens)


@lru_cache(maxsize=8192)
def tokens_of(name: str) -> tuple[str, ...] | None:
    """Give the tokens of a name; None when it can stand in no expression (`a&b`, empty, a number)."""
    try:
        tokens = tokenise(name)[:-1]
    except FeelSyntaxError:
        return None
    fits = all(token.kind in ("word", "number") or token.text in SIGNS for token in tokens)
    if not tokens or not fits or tokens[0].kind != "word" or tokens[0].text in KEYWORDS:
        return None
    return tuple(token.text for token in tokens)


class NameTable:
    """The special names one parse may meet, and those of the scopes around."""

    __slots__ = ("_lengths", "_names", "_parent")

    def __init__(self, names: Iterable[str] = (), parent: NameTable | None = None) -> None:
        self._names: dict[tuple[str, ...], str] = {}
        self._lengths: list[int] = []  # of the names, in tokens, longest first
        self._parent = parent
        for name in sorted(names):
            self.add(name)

    def add(self, name: str) -> None:
        """Put a name in scope; a plain one changes nothing."""
        tokens = tokens_of(name)
        if tokens is None or is_plain(name):
            return
        self._names.setdefault(tokens, name)
        if len(tokens) not in self._lengths:
            self._lengths = sorted([*self._lengths, len(tokens)], reverse=True)

    def longest(self, tokens: list[Token], position: int) -> tuple[str, int] | None:
        """Give the longest special name that begins at a token, and how many tokens it takes."""
        outer = self._parent.longest(tokens, position) if self._parent else None
        for length in self._lengths:
            if outer is not None and length < outer[1]:
                break
            name = self._names.get(tuple(token.text for token in tokens[position : position + length]))
            if name is not None:
                return name, length
        return outer


def words_at(tokens: list[Token], position: int) -> tuple[str, int] | None:
    """Give the run of words that begins at a token as one name, and how many tokens it takes; None at a keyword."""
    first = tokens[position]
    if first.kind != "word" or first.text in KEYWORDS:
        return None
    words = [first.text]
    for token in tokens[position + 1 :]:
        if not _continues(token):
            break
        words.append(token.text)
    if "instance" in words[1:]:
        index = words.index("instance", 1)
        if words[index + 1 : index + 2] == ["of"]:
            del words[index:]
    return " ".join(words), len(words)


def _continues(token: Token) -> bool:
    if token.kind == "word":
        return token.text not in KEYWORDS
    return token.kind == "number" and token.text.isdigit()
