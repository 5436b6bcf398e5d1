"""The decision tables of a file with their elements, for the rules that look at what tables mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from oms_workflow.diagrams.decisions.columns import Column, columns_of
from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.logic_reader import READERS
from oms_workflow.diagrams.decisions.node import Node
from oms_workflow.dmn.expressions import DecisionTable

MOST_COMPARISONS = 2_000_000  # of cells; comparing each rule with each takes the square of their number


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnTable:
    """A table, where it is drawn, and what its cells let through."""

    node: Node
    table: DecisionTable
    columns: list[Column]

    @property
    def rules(self) -> list[Node]:
        """The elements of its rules."""
        return self.node.all("rule")


def tables_in(document: DecisionDocument) -> list[DrawnTable]:
    """Give the tables that can be judged: complete ones, the incomplete have findings already, and not too large."""
    return document.once(
        "tables", lambda: [_drawn(document, *one) for one in _tables(document) if not _is_large(one[1])]
    )


def large_tables_in(document: DecisionDocument) -> list[Node]:
    """Give the tables that are too large to be judged."""
    return [node for node, table in _tables(document) if _is_large(table)]


def _drawn(document: DecisionDocument, node: Node, table: DecisionTable) -> DrawnTable:
    columns = columns_of(table, document.graph, document.types, document.position)
    return DrawnTable(node=node, table=table, columns=columns)


def _tables(document: DecisionDocument) -> list[tuple[Node, DecisionTable]]:
    return document.once("complete tables", lambda: list(_complete_tables(document)))


def _is_large(table: DecisionTable) -> bool:
    return len(table.rules) ** 2 * (len(table.inputs) + 1) > MOST_COMPARISONS


def _complete_tables(document: DecisionDocument) -> Iterator[tuple[Node, DecisionTable]]:
    for node in document.root.descendants():
        if node.kind != "decisionTable":
            continue
        table = READERS[node.kind](node)
        assert isinstance(table, DecisionTable)
        if table.rules and all(len(rule.inputs) == len(table.inputs) for rule in table.rules):
            yield node, table
