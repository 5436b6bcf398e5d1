"""Where the parser stands in the tokens, which names are in scope there, and how it complains."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from oms_workflow.feel.errors import FeelSyntaxError, FeelTooComplex
from oms_workflow.feel.lexer import Token, line_and_column, syntax_error, tokenise
from oms_workflow.feel.limits import MAX_NESTING
from oms_workflow.feel.names import KEYWORDS, SIGNS, NameTable, words_at

if TYPE_CHECKING:
    from oms_workflow.feel.syntax import Node


class Grammar(Protocol):
    """The rule for whole expressions, handed in because the rules refer to each other in a circle."""

    def __call__(self, cursor: Cursor) -> Node: ...


class Cursor:
    """Reads tokens one by one."""

    __slots__ = ("_grammar", "_level", "index", "names", "range_end", "text", "tokens")

    def __init__(self, text: str, names: NameTable, grammar: Grammar) -> None:
        self.text = text
        self.tokens = tokenise(text)
        self.index = 0
        self.names = names
        self.range_end = False  # the end of a range is being read, where `[` may close it
        self._level = 0
        self._grammar = grammar

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.index]

    @property
    def following(self) -> Token:
        """The token after the next one; the end stays the end."""
        return self.tokens[min(self.index + 1, len(self.tokens) - 1)]

    def at(self, *texts: str) -> bool:
        """Say whether the next token is one of these symbols or words; a string never is."""
        token = self.tokens[self.index]
        return token.text in texts and token.kind in ("symbol", "word")

    def advance(self) -> Token:
        """Read one token."""
        token = self.tokens[self.index]
        self.index += token.kind != "end"
        return token

    def take(self, text: str) -> bool:
        """Read the next token when it is this one."""
        found = self.at(text)
        self.index += found
        return found

    def expect(self, text: str, purpose: str = "") -> Token:
        """Read this token.

        Raises:
            FeelSyntaxError: When another one stands there.
        """
        if not self.at(text):
            raise self.error(f"'{text}'{' ' * bool(purpose)}{purpose}")
        return self.advance()

    def error(self, expected: str, hint: str = "") -> FeelSyntaxError:
        """Make the error for the next token: expected first, then found."""
        found = self.token
        what = f"keyword {found}" if found.text in KEYWORDS else str(found)
        return syntax_error(f"Expected {expected}, found {what}. {hint}".rstrip(), self.text, found.start)

    def expression(self) -> Node:
        """Read a whole expression."""
        with self.nested():
            return self._grammar(self)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Go one level deeper until the block ends.

        Raises:
            FeelTooComplex: When that is deeper than is read.
        """
        self._level += 1
        if self._level > MAX_NESTING:
            line, column = line_and_column(self.text, self.token.start)
            raise FeelTooComplex(f"Expected at most {MAX_NESTING} levels of nesting, found more.", line, column)
        yield
        self._level -= 1

    def inner(self) -> Node:
        """Read a whole expression between brackets, where `[` is no end of a range."""
        outer, self.range_end = self.range_end, False
        node = self.expression()
        self.range_end = outer
        return node

    @contextmanager
    def scope(self) -> Iterator[NameTable]:
        """Bring names into scope until the block ends."""
        outer = self.names
        self.names = NameTable(parent=outer)
        try:
            yield self.names
        finally:
            self.names = outer

    def name(self) -> str:
        """Read a name that is used.

        Raises:
            FeelSyntaxError: When no name stands there.
        """
        special = self.names.longest(self.tokens, self.index)
        run = words_at(self.tokens, self.index)
        if special and (run is None or special[1] >= run[1]):
            run = special
        if run is None:
            raise self.error("a name")
        self.index += run[1]
        return run[0]

    def new_name(self, *ends: str) -> str:
        """Read a name that is given here: everything up to one of these tokens.

        Raises:
            FeelSyntaxError: When what stands there is no name.
        """
        first = self.token
        if first.kind != "word":
            raise self.error("a name")
        while self.token.kind in ("word", "number") or self.token.text in SIGNS:
            if self.at(*ends) and self.token is not first:
                break
            self.advance()
        if not self.at(*ends):
            raise self.error(" or ".join(f"'{end}'" for end in ends))
        return _spelt(self.text, first, self.tokens[self.index - 1])


def _spelt(text: str, first: Token, last: Token) -> str:
    return " ".join(text[first.start : last.end].split())
