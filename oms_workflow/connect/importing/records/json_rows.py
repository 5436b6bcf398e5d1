"""Rows of JSON: an array, read piece by piece, or one object a line. Objects are flattened into columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from oms_workflow.connect.importing.records.record import MAX_CHARACTERS, MAX_COLUMNS, MAX_DEPTH, Record
from oms_workflow.connect.importing.records.text_file import Lines, is_mis_encoded

_BLANK = " \t\r\n"
_TWICE = "\0twice"
_TWICE_IN_TEXT = json.dumps(_TWICE)
_CHUNK = 65_536


class NotJson(Exception):
    """The text is no JSON from here on; the message says where and why, without its text."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        found[_TWICE] = True
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=str,  # numbers stay as they are written, whatever their size
    parse_float=str,
    parse_constant=_no_constant,
)


def line_rows(lines: Lines, inside: Sequence[str] = ()) -> Iterator[Record]:
    """Give the rows of JSON Lines, empty lines left out; a line that is no object is one broken row.

    Args:
        inside: Paths of lists inside a row whose elements are rows of their own.
    """
    while (line := lines.take()) is not None:
        text = line.text.strip("\ufeff" + _BLANK)
        if not text:
            continue
        if line.cut:
            yield Record(line.number, {}, "row-too-long", f"more than {MAX_CHARACTERS:,} characters", text)
            continue
        try:
            value = _DECODER.decode(text)
        except (ValueError, RecursionError) as problem:
            why = problem.msg if isinstance(problem, json.JSONDecodeError) else "it cannot be read"
            yield Record(line.number, {}, "not-json", f"this line is no JSON: {why}", text)
            continue
        yield record_of(line.number, value, inside, text)


def array_rows(stream: TextIO, path: str, inside: Sequence[str] = ()) -> Iterator[Record]:
    """Give the elements of a JSON array.

    Args:
        path: Keys that lead from the outermost object to the array, by dots; '' when the file is the array, or one
            object alone.
        inside: Paths of lists inside a row whose elements are rows of their own.

    Raises:
        NotJson: When the file is no JSON, or has no array there: nothing behind that place can be read.
    """
    window = _Window(stream)
    if not path and window.peek() == "{":
        yield record_of(1, window.value(), inside, "")
        window.expect("", "nothing behind the object; one object a line is JSON Lines, *.jsonl")
        return
    for key in path.split(".") if path else ():
        window.enter(key)
    window.expect("[", "an array")
    number = 0
    while window.peek() != "]":
        if number:
            window.expect(",", "a comma or the end of the array")
        number += 1
        yield record_of(number, window.value(), inside, "")
    window.expect("]", "the end of the array")
    if not path:
        window.expect("", "nothing behind the array")


def record_of(number: int, value: Any, inside: Sequence[str], text: str) -> Record:
    """Make a row of a JSON value: `{"buyer": {"city": "x"}}` has the column `buyer.city`."""
    if not isinstance(value, dict):
        return Record(number, {}, "not-json", "expected an object", text or json.dumps(value, ensure_ascii=False))
    found = _Flat(frozenset(inside))
    why = found.take(value)
    if why:
        return Record(number, {}, "not-json", why, text or json.dumps(value, ensure_ascii=False))
    broken, why = "", ""
    texts = [*found.fields.values(), *(one for rows in found.parts.values() for row in rows for one in row.values())]
    if any(is_mis_encoded(one) for one in texts):
        broken, why = "mis-encoded", "bytes that are not in the file's encoding"
    elif any("\0" in one for one in texts):
        broken, why = "nul-byte", "NUL characters"
    return Record(number, found.fields, broken, why, lists=frozenset(found.lists), parts=found.parts)


class _Flat:
    """A row of JSON on its way to columns, and to rows of the lists inside it."""

    def __init__(self, inside: frozenset[str]) -> None:
        self.fields: dict[str, str] = {}
        self.parts: dict[str, list[dict[str, str]]] = {}
        self.lists: set[str] = set()
        self._inside = inside

    def take(self, value: dict[str, Any]) -> str:
        """Take everything in; gives what is wrong, or ''."""
        waiting: list[tuple[str, dict[str, Any], int]] = [("", value, 0)]
        while waiting:
            prefix, found, depth = waiting.pop()
            if _TWICE in found:
                return "a key stands twice in one object"
            if depth > MAX_DEPTH or len(self.fields) > MAX_COLUMNS:
                return f"more than {MAX_COLUMNS:,} values, or objects inside objects more than {MAX_DEPTH} deep"
            for key, content in found.items():
                path = f"{prefix}{key}"
                if isinstance(content, dict):
                    waiting.append((f"{path}.", content, depth + 1))
                    continue
                why = self._list(path, content) if isinstance(content, list) else ""
                if why:
                    return why
                if path not in self.parts:
                    self.fields[path] = _text(content)
        return ""

    def _list(self, path: str, content: list[Any]) -> str:
        if path not in self._inside:
            self.lists.add(path)
            return "a key stands twice in one object" if _TWICE_IN_TEXT in _text(content) else ""
        self.parts[path] = []
        for element in content:
            if not isinstance(element, dict):
                return f"in {path}: expected a list of objects"
            row = _Flat(frozenset())
            why = row.take(element)
            if why:
                return f"in {path}: {why}"
            self.parts[path].append(row.fields)
            self.lists |= {f"{path}.{name}" for name in row.lists}
        return ""


def _text(content: Any) -> str:
    if content is None:
        return ""
    if isinstance(content, bool):
        return "true" if content else "false"
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


class _Window:
    """A part of a JSON text that moves through the file."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0
        self._passed = 0  # lines before the window
        self._ended = False

    def peek(self) -> str:
        """Give the next character that is no blank; '' at the end."""
        while True:
            while self._at < len(self._text):
                sign = self._text[self._at]
                if sign not in _BLANK and sign != "\ufeff":
                    return sign
                self._at += 1
            if not self._more():
                return ""

    def expect(self, sign: str, meaning: str) -> None:
        """Step over a character."""
        if self.peek() != sign:
            raise self._wrong(f"expected {meaning}")
        self._at += 1

    def value(self) -> Any:
        """Give the value that begins here."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as problem:
                if isinstance(problem, RecursionError) or not self._may_grow():
                    why = problem.msg if isinstance(problem, json.JSONDecodeError) else "it cannot be read"
                    raise self._wrong(why) from None
                continue
            if end < len(self._text) or not self._may_grow():  # at the edge a number may go on
                self._at = end
                return value

    def enter(self, key: str) -> None:
        """Go to the value of a key of the object that begins here."""
        self.expect("{", f"an object with the key {key!r}")
        while self.peek() == '"':
            name = self.value()
            self.expect(":", "a colon")
            if name == key:
                return
            self.value()
            if self.peek() != ",":
                break
            self.expect(",", "a comma")
        raise self._wrong(f"there is no key {key!r}")

    def _may_grow(self) -> bool:
        return len(self._text) - self._at <= 4 * MAX_CHARACTERS and self._more()

    def _more(self) -> bool:
        chunk = "" if self._ended else self._stream.read(max(_CHUNK, len(self._text) - self._at))
        self._ended = not chunk
        self._passed += self._text.count("\n", 0, self._at)
        self._text = self._text[self._at :] + chunk
        self._at = 0
        return not self._ended

    def _wrong(self, why: str) -> NotJson:
        line = self._passed + self._text.count("\n", 0, self._at) + 1
        return NotJson(f"line {line}: {why}")
