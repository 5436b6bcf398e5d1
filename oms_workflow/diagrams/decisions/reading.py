"""The front door for decision files: DMN 1.1 to 1.5 XML in, models and every finding out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from lxml import etree

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.model_reader import read_model
from oms_workflow.diagrams.decisions.node import Node, line_of, read_nodes
from oms_workflow.diagrams.decisions.rules.registry import check_document
from oms_workflow.diagrams.decisions.texts import read_texts
from oms_workflow.diagrams.decisions.vocabulary import NAMESPACES
from oms_workflow.diagrams.extent import check_logic
from oms_workflow.diagrams.hardened import parse_xml, read_file, refusal
from oms_workflow.dmn.model import DecisionModel
from oms_workflow.dmn.prepared import prepared
from oms_workflow.errors import Diagnostic, DiagramRefused

SUFFIX = ".dmn"


def is_decision_file(path: Path) -> bool:
    """Say whether a file is one of decisions, by its name."""
    return path.suffix.lower() == SUFFIX


def load_decisions(paths: Iterable[Path]) -> tuple[tuple[DecisionModel, ...], tuple[Diagnostic, ...]]:
    """Read files that belong together from disk, as `read_decisions` does; one that cannot be read is a finding."""
    files: list[tuple[str, bytes]] = []
    unreadable: list[Diagnostic] = []
    for path in paths:
        try:
            files.append((str(path), read_file(path)))
        except DiagramRefused as refused:
            unreadable += refused.diagnostics
    models, findings = read_decisions(files)
    return models, (*unreadable, *findings)


def read_decisions(
    files: Sequence[tuple[str, bytes]],
) -> tuple[tuple[DecisionModel, ...], tuple[Diagnostic, ...]]:
    """Read and check files that belong together, given as name and content. Never raises for what they hold.

    Returns:
        One model per file that is DMN at all, in the order of the files, whether or not something is wrong with it;
        and every finding, by file and line. Models with findings of severity error are not to be deployed.
    """
    found: list[Diagnostic] = []
    read: list[tuple[str, Node, DecisionModel]] = []
    for name, raw in files:
        try:
            tree = _root(raw, name)
            check_logic(tree, name)
            root = read_nodes(tree, name)
        except DiagramRefused as refused:
            found += refused.diagnostics
        else:
            read.append((name, root, read_model(root, Path(name).name)))
    models = tuple(model for _, _, model in read)
    graph, types = prepared(models)
    for position, (name, root, model) in enumerate(read):
        document = DecisionDocument(
            file=name,
            root=root,
            model=model,
            position=position,
            graph=graph,
            types=types,
            texts=read_texts(root, graph.names_in(position)),
        )
        found += check_document(document)
    order = {name: position for position, (name, _) in enumerate(files)}
    found.sort(key=lambda one: (order.get(one.file, 0), one.line or 0, one.code, one.element))
    return models, tuple(found)


def namespace_of(path: Path) -> str:
    """Give the namespace of the model in a file; '' when it is no decision file that can be read."""
    try:
        return _root(read_file(path), str(path)).get("namespace", "")
    except DiagramRefused:
        return ""


def _root(raw: bytes, name: str) -> etree._Element:
    root = parse_xml(raw, name)
    tag = etree.QName(root)
    if tag.localname != "definitions" or tag.namespace not in NAMESPACES:
        found = f"'{tag.localname}' in namespace '{tag.namespace or ''}'"
        message = f"Expected 'definitions' in a namespace of DMN 1.1 to 1.5, found {found}."
        raise refusal(name, line_of(root) or 1, "not-dmn", message, "Save the file as DMN 1.3 or later.")
    return root
