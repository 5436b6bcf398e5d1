"""Decision files for tests, written as the XML inside `definitions`, or even shorter for tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oms_workflow.diagrams.decisions.reading import read_decisions
from oms_workflow.dmn.evaluate import decide
from oms_workflow.dmn.model import DecisionModel
from oms_workflow.dmn.outcome import Outcome
from oms_workflow.errors import Diagnostic, Severity

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def file_of(body: str, *, namespace: str = "shop", dmn: str = NAMESPACE, attributes: str = "") -> bytes:
    """Give the file around some elements."""
    head = f'<definitions xmlns="{dmn}" id="defs" name="Shop" namespace="{namespace}" {attributes}>'
    return f"{head}{body}</definitions>".encode()


def escaped(text: str) -> str:
    """Give a text as XML wants it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str, type_name: str = "") -> str:
    """Give a literal expression."""
    typed = f' typeRef="{type_name}"' if type_name else ""
    return f"<literalExpression{typed}><text>{escaped(text)}</text></literalExpression>"


def decision(
    name: str, logic: str, *, needs: Sequence[str] = (), knows: Sequence[str] = (), type_name: str = ""
) -> str:
    """Give a decision whose id is its name; `needs` are `#id` of decisions, or `input:id`."""
    required = "".join(_requirement(one) for one in needs)
    known = "".join(f'<knowledgeRequirement><requiredKnowledge href="{one}"/></knowledgeRequirement>' for one in knows)
    typed = f' typeRef="{type_name}"' if type_name else ""
    variable = f'<variable name="{name}"{typed}/>'
    return f'<decision id="{name}" name="{name}">{variable}{required}{known}{logic}</decision>'


def _requirement(reference: str) -> str:
    kind, _, target = reference.rpartition(":")
    element = "requiredInput" if kind == "input" else "requiredDecision"
    return f'<informationRequirement><{element} href="{target}"/></informationRequirement>'


def table(
    inputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    *,
    outputs: Sequence[str] = ("answer",),
    policy: str = "UNIQUE",
    attributes: str = "",
    output_values: str = "",
    input_values: Mapping[str, str] | None = None,
    default: str = "",
) -> str:
    """Give a decision table; each rule is its input cells followed by its output cells."""
    allowed = input_values or {}
    columns = "".join(
        f"<input><inputExpression><text>{escaped(text)}</text></inputExpression>"
        + (f"<inputValues><text>{escaped(allowed[text])}</text></inputValues>" if text in allowed else "")
        + "</input>"
        for text in inputs
    )
    values = f"<outputValues><text>{escaped(output_values)}</text></outputValues>" if output_values else ""
    fallback = f"<defaultOutputEntry><text>{escaped(default)}</text></defaultOutputEntry>" if default else ""
    columns += "".join(f'<output name="{name}">{values}{fallback}</output>' for name in outputs)
    rows = "".join(_rule(number, rule, len(inputs)) for number, rule in enumerate(rules, 1))
    return f'<decisionTable id="table" hitPolicy="{policy}" {attributes}>{columns}{rows}</decisionTable>'


def _rule(number: int, cells: Sequence[str], inputs: int) -> str:
    tests = "".join(f"<inputEntry><text>{escaped(cell)}</text></inputEntry>" for cell in cells[:inputs])
    answers = "".join(f"<outputEntry><text>{escaped(cell)}</text></outputEntry>" for cell in cells[inputs:])
    return f'<rule id="rule{number}">{tests}{answers}</rule>'


def read(body: str, **more: str) -> tuple[DecisionModel, list[Diagnostic]]:
    """Give the model of a file and all findings."""
    models, findings = read_decisions([("shop.dmn", file_of(body, **more))])
    return models[0], list(findings)


def model(body: str) -> DecisionModel:
    """Give the model of a file without errors."""
    found, findings = read(body)
    errors = [str(one) for one in findings if one.severity is Severity.ERROR]
    assert not errors, "\n".join(errors)
    return found


def ask(body: str, name: str, inputs: Mapping[str, Any] | None = None, **more: Any) -> Outcome:
    """Give what a decision of a file without errors answers."""
    return decide([model(body)], name, inputs or {}, **more)


def codes(body: str, **more: str) -> list[str]:
    """Give the codes of all findings, in order."""
    return [one.code for one in read(body, **more)[1]]
