"""FEEL text to tokens (DMN 1.5, 10.3.1.2 rules 28 to 37, 61, 62 and 64). Knows no grammar."""

from __future__ import annotations

import re
from typing import NamedTuple

from oms_workflow.feel.errors import FeelSyntaxError, FeelTooComplex
from oms_workflow.feel.limits import MAX_TEXT, MAX_TOKENS

_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\t-\r \u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_BREAK = "\n\x0b\x0c\r"

TOKEN = re.compile(
    rf"(?P<space>[{_SPACE}]+|//[^{_BREAK}]*|/\*[\s\S]*?\*/)"
    rf"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+(?![{_PART}]))?)"
    rf'|(?P<string>"(?:[^"\\{_BREAK}]|\\[^{_BREAK}])*")'
    rf"|(?P<word>[{_START}][{_PART}]*)"
    r"|(?P<symbol>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{},:.@'\u2019])"
)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(['\"\\nrt]))")
SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}

HINTS = {
    "'": 'Text stands in double quotes, as in "DE".',
    "&": "To join conditions, write 'and'; to join texts, write '+'.",
    "|": "Write 'or'.",
    "!": "Write 'not( ... )', or '!=' for 'is not equal to'.",
    ";": "Separate items with a comma.",
    "%": "For the rest of a division write 'modulo(a, b)'; a per cent value is a fraction such as 0.19.",
    "#": "FEEL has no such sign.",
    "\u201c": 'Use straight quotes: "text".',
    "\u201d": 'Use straight quotes: "text".',
    "$": "Variables are written by their name alone.",
}


class Token(NamedTuple):
    """One token. `kind` is number, string, word, symbol or end; `value` is the text a string stands for."""

    kind: str
    text: str
    start: int
    value: str = ""

    @property
    def end(self) -> int:
        """Position behind the token."""
        return self.start + len(self.text)

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f"'{self.text}'"


def tokenise(text: str) -> list[Token]:
    """Give the tokens of a FEEL text, the last of kind `end`.

    Raises:
        FeelSyntaxError: At a character that begins no token; FeelTooComplex when the text is longer than is read.
    """
    if len(text) > MAX_TEXT:
        raise FeelTooComplex(f"Expected at most {MAX_TEXT:,} characters, found {len(text):,}.", 1, 1)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            raise unreadable(text, position)
        kind, found = str(match.lastgroup), match.group()
        if found == "/" and text.startswith("/*", position):
            raise unreadable(text, position)
        if kind == "string":
            tokens.append(Token(kind, found, position, unescape(found[1:-1])))
        elif kind != "space":
            tokens.append(Token(kind, found, position))
        if len(tokens) > MAX_TOKENS:
            raise FeelTooComplex(f"Expected at most {MAX_TOKENS:,} words and signs, found more.", 1, 1)
        position = match.end()
    tokens.append(Token("end", "", len(text)))
    return tokens


def unescape(body: str) -> str:
    """Give the text between the quotes of a string literal; a backslash that escapes nothing stands for itself."""
    if "\\" not in body:
        return body
    text = ESCAPE.sub(_escaped, body)
    return SURROGATES.sub(lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)


def syntax_error(message: str, text: str, position: int) -> FeelSyntaxError:
    """Make the error for a position in a text."""
    return FeelSyntaxError(message, *line_and_column(text, position))


def line_and_column(text: str, position: int) -> tuple[int, int]:
    """Give line and column of a position, both from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def unreadable(text: str, position: int) -> FeelSyntaxError:
    """Say what is wrong with a character that begins no token."""
    found = text[position]
    if found == '"':
        return syntax_error('Expected a closing quote ("), found the end of the line.', text, position)
    if text.startswith("/*", position):
        return syntax_error("Expected '*/' to close the comment, found the end.", text, position)
    hint = HINTS.get(found, "")
    return syntax_error(f"Expected a value, name or operator, found '{found}'. {hint}".rstrip(), text, position)


def _escaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if not code:
        return CONTROLS.get(match[3], match[3])
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else match.group()
