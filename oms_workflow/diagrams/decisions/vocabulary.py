"""The words of DMN 1.1 to 1.5 files: namespaces, and which elements stand in which."""

from __future__ import annotations

import re

NAMESPACES = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
"""Namespace of the model -> version of DMN."""

FEEL = re.compile(r"feel|https?://www\.omg\.org/spec/(?:DMN/[0-9]+/FEEL|FEEL/[0-9]+)/?", re.IGNORECASE)
"""What `expressionLanguage` may say."""

ITERATIONS = ("for", "some", "every")
EXPRESSIONS = frozenset(
    {
        "literalExpression",
        "decisionTable",
        "context",
        "list",
        "relation",
        "functionDefinition",
        "invocation",
        "conditional",
        "filter",
        *ITERATIONS,
    }
)
"""Elements that are boxed expressions."""

ANYWHERE = frozenset({"description", "extensionElements"})
_BOX = frozenset({"variable"})  # DMN 1.1 allows it in none, modelers write it in some; it only repeats the name

PARTS: dict[str, frozenset[str]] = {
    "definitions": frozenset(
        {
            *("import", "itemDefinition", "decision", "inputData", "businessKnowledgeModel", "decisionService"),
            *("knowledgeSource", "performanceIndicator", "organizationUnit", "elementCollection"),
            *("group", "textAnnotation", "association", "businessContextElement", "DMNDI"),
        }
    ),
    "import": frozenset(),
    "itemDefinition": frozenset({"typeRef", "allowedValues", "typeConstraint", "itemComponent", "functionItem"}),
    "itemComponent": frozenset({"typeRef", "allowedValues", "typeConstraint", "itemComponent", "functionItem"}),
    "functionItem": frozenset({"parameters"}),
    "allowedValues": frozenset({"text"}),
    "typeConstraint": frozenset({"text"}),
    "inputValues": frozenset({"text"}),
    "outputValues": frozenset({"text"}),
    "decision": EXPRESSIONS
    | {
        *("variable", "question", "allowedAnswers", "informationRequirement", "knowledgeRequirement"),
        *("authorityRequirement", "supportedObjective", "impactedPerformanceIndicator", "decisionMaker"),
        *("decisionOwner", "usingProcess", "usingTask"),
    },
    "inputData": frozenset({"variable"}),
    "businessKnowledgeModel": frozenset(
        {"variable", "encapsulatedLogic", "knowledgeRequirement", "authorityRequirement"}
    ),
    "decisionService": frozenset({"variable", "outputDecision", "encapsulatedDecision", "inputDecision", "inputData"}),
    "informationRequirement": frozenset({"requiredDecision", "requiredInput"}),
    "knowledgeRequirement": frozenset({"requiredKnowledge"}),
    "encapsulatedLogic": EXPRESSIONS | {"formalParameter"},
    "functionDefinition": EXPRESSIONS | {"formalParameter"},
    "literalExpression": _BOX | {"text", "importedValues"},
    "decisionTable": frozenset({"input", "output", "annotation", "rule"}),
    "input": frozenset({"inputExpression", "inputValues"}),
    "inputExpression": frozenset({"text"}),
    "output": frozenset({"outputValues", "defaultOutputEntry"}),
    "defaultOutputEntry": frozenset({"text"}),
    "rule": frozenset({"inputEntry", "outputEntry", "annotationEntry"}),
    "inputEntry": frozenset({"text"}),
    "outputEntry": frozenset({"text"}),
    "annotationEntry": frozenset({"text"}),
    "annotation": frozenset(),
    "context": frozenset({"contextEntry"}),
    "contextEntry": EXPRESSIONS | {"variable"},
    "list": EXPRESSIONS,
    "relation": frozenset({"column", "row"}),
    "column": frozenset(),
    "row": EXPRESSIONS,
    "invocation": EXPRESSIONS | {"binding"},
    "binding": EXPRESSIONS | {"parameter"},
    "conditional": frozenset({"if", "then", "else"}),
    "filter": frozenset({"in", "match"}),
    **dict.fromkeys(ITERATIONS, frozenset({"in", "return", "satisfies"})),
    **dict.fromkeys(("if", "then", "else", "in", "match", "return", "satisfies"), EXPRESSIONS),
}
"""Element -> elements that may stand in it; what is not listed here is for people only and not looked into."""

UNARY_TESTS = frozenset({"inputEntry", "inputValues", "outputValues", "allowedValues", "typeConstraint"})
"""Elements whose text is unary tests; that of all others is an expression."""

NOT_FEEL = frozenset({"annotationEntry"})
"""Elements whose text is for people."""
