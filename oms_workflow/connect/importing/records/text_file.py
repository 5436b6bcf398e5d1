"""Opening files as text without losing a byte: what is not in the encoding stays recognisable, row by row."""

from __future__ import annotations

import codecs
import re
from collections import deque
from pathlib import Path
from typing import NamedTuple, TextIO

from oms_workflow.connect.importing.records.record import MAX_CHARACTERS

KEEP_BYTES = "oms-keep-bytes"
"""Name of the error handler that turns each byte outside the encoding into a lone surrogate, U+DC00 plus the byte."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_GUESSED = ("utf-8", "gb18030", "cp1252")  # in this order: a text that is UTF-8 is hardly ever anything else
_NO_FILES = ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "unicode-escape", "utf-7")
_LOST = re.compile(r"[\ud800-\udfff]")
_SAMPLE = 65_536


def _keep_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(KEEP_BYTES, _keep_bytes)


def is_mis_encoded(text: str) -> bool:
    """Say whether a text holds bytes that were not in the file's encoding, or halves of characters."""
    return not text.isascii() and _LOST.search(text) is not None


def show_lost(text: str) -> str:
    """Give a text that can be written anywhere: each lost byte as a replacement character and its hexadecimal value.

    >>> show_lost("Jos" + chr(0xDC00 + 0xE9))
    'Jos\N{REPLACEMENT CHARACTER}\\\\xE9'
    """
    return _LOST.sub(lambda lost: f"\N{REPLACEMENT CHARACTER}\\x{ord(lost.group()) & 0xFF:02X}", text)


def is_encoding(name: str) -> bool:
    """Say whether files can be read with an encoding of this name."""
    try:
        found = codecs.lookup(name)
        if found.name in _NO_FILES or found.incrementaldecoder is None:
            return False
        b"aaaa".decode(name, "replace")  # four bytes are a letter or more in every encoding
    except (LookupError, UnicodeError):  # UnicodeError: it knows no way to go on after a bad byte
        return False
    return True


def encoding_of(path: Path, wanted: str) -> str:
    """Give the encoding to read a file with: that of its byte order mark, or else the wanted one.

    Raises:
        OSError: If the file cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((encoding for mark, encoding in _BOMS if start.startswith(mark)), "")
    if marked or codecs.lookup(wanted).name not in ("utf-16", "utf-32"):
        return marked or wanted
    return f"{wanted}-{'be' if start[:1] == bytes(1) else 'le'}"  # these need a mark, or the order of bytes by name


def guess_encoding(path: Path) -> str:
    """Give the likeliest encoding of a file by its beginning; '' when none of the usual ones fits."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if b"\0" in sample:  # the upper half of a letter of ASCII, and in no text of one of the others
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    for encoding in _GUESSED:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            decoder.decode(sample)
        except UnicodeDecodeError:
            continue
        return encoding
    return ""


def open_text(path: Path, encoding: str) -> TextIO:
    """Open a file so that every row can be read, however it is encoded; line ends stay as they are.

    Raises:
        OSError: If the file cannot be read.
    """
    return path.open("r", encoding=encoding, errors=KEEP_BYTES, newline="")


class Line(NamedTuple):
    """A line of a file with its line end."""

    number: int  # from 1
    text: str
    cut: bool = False  # it was longer than is read; the rest was skipped


class Lines:
    """The lines of a file, one after the other, in bounded memory. Lines can be given back to be read again."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._again: deque[Line] = deque()
        self._number = 0

    def take(self) -> Line | None:
        """Give the next line; None at the end."""
        if self._again:
            return self._again.popleft()
        text = self._stream.readline(MAX_CHARACTERS)
        if not text:
            return None
        self._number += 1
        if len(text) < MAX_CHARACTERS or text.endswith("\n"):
            return Line(self._number, text)
        rest = text
        while rest and not rest.endswith(("\n", "\r")):
            rest = self._stream.readline(MAX_CHARACTERS)
        return Line(self._number, text, cut=True)

    def give_back(self, lines: list[Line]) -> None:
        """Take lines back, to be given out again in this order."""
        self._again.extendleft(reversed(lines))
