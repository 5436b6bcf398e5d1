"""Graphs and their types, kept ready for models that are asked again and again."""

from __future__ import annotations

from collections.abc import Sequence

from oms_workflow.dmn.graph import Graph
from oms_workflow.dmn.model import DecisionModel
from oms_workflow.dmn.types import TypeTable

KEPT = 64  # a worker runs fewer versions of its decisions at a time

_prepared: dict[tuple[int, ...], tuple[Graph, TypeTable]] = {}


def prepared(models: Sequence[DecisionModel]) -> tuple[Graph, TypeTable]:
    """Give graph and types of models, from a cache when the same objects were asked before."""
    key = tuple(id(model) for model in models)
    found = _prepared.get(key)
    if found is None:
        graph = Graph(models)
        found = graph, TypeTable(graph)
        if len(_prepared) >= KEPT:
            _prepared.pop(next(iter(_prepared)))
        _prepared[key] = found  # holds the models, so that no other object gets their ids
    return found
