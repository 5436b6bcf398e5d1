"""A decision model from XML. Judges nothing: what is missing is left empty, and the rules of the linter say so."""

from __future__ import annotations

from oms_workflow.diagrams.decisions.logic_reader import read_expression, read_function
from oms_workflow.diagrams.decisions.node import Node
from oms_workflow.diagrams.decisions.vocabulary import NAMESPACES
from oms_workflow.dmn.expressions import Variable
from oms_workflow.dmn.model import (
    BusinessKnowledge,
    Decision,
    DecisionModel,
    DecisionService,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
)


def read_model(root: Node, file: str) -> DecisionModel:
    """Give the model of a file."""
    return DecisionModel(
        id=root.id,
        name=root.name,
        namespace=root.get("namespace"),
        file=file,
        imports=tuple(_read_import(one) for one in root.all("import")),
        items=tuple(_read_item(one) for one in root.all("itemDefinition")),
        inputs=tuple(_read_input_data(one) for one in root.all("inputData")),
        decisions=tuple(_read_decision(one) for one in root.all("decision")),
        knowledge=tuple(_read_knowledge(one) for one in root.all("businessKnowledgeModel")),
        services=tuple(_read_service(one) for one in root.all("decisionService")),
    )


def _read_import(node: Node) -> Import:
    kind = node.get("importType")
    return Import(
        name=node.name,
        namespace=node.get("namespace"),
        kind="dmn" if kind in NAMESPACES or not kind else "other",
        location=node.get("locationURI"),
        line=node.line,
    )


def _read_item(node: Node) -> ItemDefinition:
    function = node.first("functionItem")
    return ItemDefinition(
        name=node.name,
        type=node.words("typeRef"),
        is_collection=node.get("isCollection") in ("true", "1"),
        allowed=node.nested_words("allowedValues"),
        constraint=node.nested_words("typeConstraint"),
        components=tuple(_read_item(one) for one in node.all("itemComponent")),
        function=_read_function_item(function) if function is not None else None,
        line=node.line,
    )


def _read_function_item(node: Node) -> FunctionItem:
    parameters = tuple(Variable(name=one.name, type=one.get("typeRef")) for one in node.all("parameters"))
    return FunctionItem(parameters=parameters, result=node.get("outputTypeRef"))


def _read_input_data(node: Node) -> InputData:
    return InputData(id=key_of(node), name=_name(node), type=_type(node), line=node.line)


def _read_decision(node: Node) -> Decision:
    required = [
        reference
        for requirement in node.all("informationRequirement")
        for reference in _references(requirement, "requiredDecision", "requiredInput")
    ]
    return Decision(
        id=key_of(node),
        name=_name(node),
        type=_type(node),
        logic=read_expression(node),
        information=tuple(required),
        knowledge=_knowledge(node),
        line=node.line,
    )


def _read_knowledge(node: Node) -> BusinessKnowledge:
    logic = node.first("encapsulatedLogic")
    return BusinessKnowledge(
        id=key_of(node),
        name=_name(node),
        type=_type(node),
        logic=read_function(logic) if logic is not None else None,
        knowledge=_knowledge(node),
        line=node.line,
    )


def _read_service(node: Node) -> DecisionService:
    return DecisionService(
        id=key_of(node),
        name=_name(node),
        type=_type(node),
        outputs=_references(node, "outputDecision"),
        encapsulated=_references(node, "encapsulatedDecision"),
        input_decisions=_references(node, "inputDecision"),
        input_data=_references(node, "inputData"),
        line=node.line,
    )


def key_of(node: Node) -> str:
    """Give what references mean an element by: its id, or its name when it has none."""
    return node.id or node.name


def _name(node: Node) -> str:
    """The name others know it by: that of its variable, which the standard wants to be the same."""
    variable = node.first("variable")
    return (variable.name if variable is not None else "") or node.name or node.id


def _type(node: Node) -> str:
    variable = node.first("variable")
    return variable.get("typeRef") if variable is not None else ""


def _knowledge(node: Node) -> tuple[str, ...]:
    return tuple(
        reference
        for requirement in node.all("knowledgeRequirement")
        for reference in _references(requirement, "requiredKnowledge")
    )


def _references(node: Node, *kinds: str) -> tuple[str, ...]:
    return tuple(one.get("href") for one in node.all(*kinds))
