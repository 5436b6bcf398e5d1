"""A header or property is nearly one of ours, so it is probably meant to act but does not."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from oms_workflow.diagrams.dialect.settings import RESERVED, read_settings
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic, Severity

CODE = "misspelt-setting"

_CLOSE = 0.8
_FOLDED = {key.lower(): key for key in RESERVED}


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Compare the keys of headers and properties with the reserved ones."""
    for node in (*document.processes, *document.nodes):
        settings = read_settings(node)
        for key, _value in (*settings.headers, *settings.properties):
            plain = key.replace("-", "").replace("_", "").lower()
            near = difflib.get_close_matches(plain, _FOLDED, n=1, cutoff=_CLOSE)
            if near:
                message = f"{key!r} is handed on as it is; it is no reserved key, but nearly {_FOLDED[near[0]]!r}."
                yield finding(
                    document, node, CODE, message, f"Write {_FOLDED[near[0]]!r} if that is meant.", Severity.WARNING
                )
