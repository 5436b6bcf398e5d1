"""An expression is written in another language than FEEL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "expression-language"

_FEEL = re.compile(r"feel|https?://www\.omg\.org/spec/(?:DMN/\d+/FEEL|FEEL/\d+)/?", re.IGNORECASE)


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at attribute `language`; what stands on the whole file is a default of modelers and means nothing."""
    for element in document.checked:
        language = element.get("language")
        if language and not element.kind.startswith("{") and _FEEL.fullmatch(language) is None:
            message = f"The {element.kind} is written in {language!r}; only FEEL is evaluated."
            yield finding(document, element, CODE, message, "Write it in FEEL, and remove the attribute.")
