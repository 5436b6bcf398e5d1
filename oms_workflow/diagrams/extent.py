"""How much one file may hold before the rules look at it. What the bytes may be is in `hardened`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from oms_workflow.diagrams.dialect.feel_texts import feel_texts
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.hardened import SPLIT, line_of, refusal
from oms_workflow.diagrams.vocabulary import NODE_KINDS

MAX_NODES = 3_000  # flow nodes and processes of a file; reading takes 0.2 milliseconds each
MAX_WORDS = 20_000  # words and signs of all FEEL of a file; reading takes 40 microseconds each

WORD = re.compile(r'"(?:[^"\\]|\\.)*"|\w+|[^\w\s]')
COUNTED = NODE_KINDS | {"process", "participant"}


def check_extent(document: Document) -> None:
    """Refuse a diagram with more nodes or more logic than are read within about a second.

    Raises:
        DiagramRefused: With one finding, placed where the limit is passed.
    """
    nodes = [element for element in document.elements if element.kind in COUNTED]
    if len(nodes) > MAX_NODES:
        message = f"The file has {len(nodes):,} nodes; at most {MAX_NODES:,} are read."
        raise refusal(document.file, nodes[MAX_NODES].line, "file-too-large", message, SPLIT)
    _check_words(document.file, ((one.element.line, one.text) for one in feel_texts(document)))


def check_logic(root: etree._Element, file: str) -> None:
    """Refuse a decision file with more logic than is read within about a second.

    Raises:
        DiagramRefused: With one finding, placed where the limit is passed.
    """
    _check_words(file, ((line_of(one), one.text or "") for one in root.iter("{*}text")))


def _check_words(file: str, texts: Iterable[tuple[int | None, str]]) -> None:
    """Count each text once: the same text again is not compiled again."""
    seen: set[str] = set()
    words = 0
    for line, text in texts:
        if text in seen:
            continue
        seen.add(text)
        words += len(WORD.findall(text))
        if words > MAX_WORDS:
            message = f"The FEEL of the file has more than {MAX_WORDS:,} words and signs."
            raise refusal(file, line, "file-too-large", message, SPLIT)
