"""A rule has more or fewer cells than the table has columns, or a row of a relation than it has columns."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.node import Node
from oms_workflow.diagrams.decisions.vocabulary import EXPRESSIONS
from oms_workflow.errors import Diagnostic

CODE = "wrong-cell-count"
CELLS = (("input", "inputEntry"), ("output", "outputEntry"))


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Count cells of every row."""
    for node in document.root.descendants():
        if node.kind == "decisionTable":
            yield from _rules(document, node)
        elif node.kind == "relation":
            columns = len(node.all("column"))
            for row in node.all("row"):
                found = len(row.all(*EXPRESSIONS))
                if found != columns:
                    message = f"Expected {columns} cells in the row, found {found}."
                    yield document.finding(row, CODE, message, "Add or remove cells.")


def _rules(document: DecisionDocument, table: Node) -> Iterator[Diagnostic]:
    columns = [(column, cell, len(table.all(column))) for column, cell in CELLS]
    for number, rule in enumerate(table.all("rule"), 1):
        for column, cell, wanted in columns:
            found = len(rule.all(cell))
            if wanted != found:
                message = f"Expected {wanted} {cell} cells in rule {number}, one per {column}, found {found}."
                yield document.finding(rule, CODE, message, "Add or remove cells.")
