"""The decision tables of a file with their elements, for the rules that look at what tables mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from oms_workflow.diagrams.decisions.columns import Column, columns_of
from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.logic_reader import READERS
from oms_workflow.diagrams.decisions.node import Node
from oms_workflow.dmn.expressions import DecisionTable

MOST_RULES = 1_000  # larger tables are not compared rule by rule: it takes their square in time


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


def tables_in(document: DecisionDocument) -> Iterator[DrawnTable]:
    """Give the tables whose rows are complete; others have findings of their own."""
    for node in document.root.descendants():
        if node.kind != "decisionTable":
            continue
        table = READERS[node.kind](node)
        assert isinstance(table, DecisionTable)
        complete = all(len(rule.inputs) == len(table.inputs) for rule in table.rules)
        if complete and 0 < len(table.rules) <= MOST_RULES:
            columns = columns_of(table, document.graph, document.types, document.position)
            yield DrawnTable(node=node, table=table, columns=columns)
