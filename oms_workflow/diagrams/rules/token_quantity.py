"""An activity is to take or give fewer than one token, or waits for more than can come."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document, scope_of
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.token_bounds import MOST_QUANTITY, quantity, token_bounds
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS
from oms_workflow.errors import Diagnostic

CODE = "token-quantity"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at startQuantity and completionQuantity (BPMN 2.0.2, table 10.3: not less than 1)."""
    waiting = []
    for node in document.executed(*ACTIVITY_KINDS):
        for attribute in ("startQuantity", "completionQuantity"):
            if not quantity(node, attribute):
                number = f"a whole number from 1 to {MOST_QUANTITY:,}"
                message = f"{attribute}: expected {number}; found {node.get(attribute)!r}."
                yield finding(document, node, CODE, message, "Remove the attribute, which means 1.")
        if quantity(node, "startQuantity") > 1:
            waiting.append(node)
    bounds = {scope.id: token_bounds(document, scope) for scope in map(scope_of, waiting)}
    for node in waiting:
        scope, wanted = scope_of(node), quantity(node, "startQuantity")
        most = bounds[scope.id].get(node.id, 1)  # 0: nothing leads there at all, which is a rule of its own
        if 0 < most < wanted and scope.kind != "adHocSubProcess":
            message = f"startQuantity: it waits for {wanted} tokens, but at most {int(most)} can come."
            fix = "Lower startQuantity, or raise the completionQuantity of what leads here."
            yield finding(document, node, CODE, message, fix)
