"""An input mapping gives an activity a fixed value of a type it does not take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError
from pydantic.fields import FieldInfo

from oms_workflow import feel
from oms_workflow.diagrams.dialect.data_flow import mappings_of
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.expressions import constant
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.variables import declared_activity
from oms_workflow.errors import Diagnostic

CODE = "input-type-mismatch"


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Validate literals and constant FEEL against the fields of the activity's input."""
    for node in document.nodes:
        declared = declared_activity(node, knowledge)
        if declared is None:
            continue
        for mapping in mappings_of(document, node, "input"):
            field = declared.input.model_fields.get(mapping.target)
            is_fixed, value = _fixed(mapping.source)
            problem = _problem(field, value) if field is not None and is_fixed else ""
            if problem:
                what = f"Input {mapping.target!r} of activity {declared.name!r}"
                message = f"{what}: {mapping.source!r} does not fit: {problem}."
                yield finding(document, node, CODE, message, "Correct the value of the mapping.")


def _fixed(source: str) -> tuple[bool, Any]:
    return constant(source.removeprefix("=")) if source.startswith("=") else (True, source)


def _problem(field: FieldInfo, value: Any) -> str:
    annotation: Any = field.annotation
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(
            Annotated[annotation, *field.metadata] if field.metadata else annotation
        )
    except PydanticSchemaGenerationError:
        return ""
    try:
        adapter.validate_python(feel.to_plain(value))
    except ValidationError as error:
        return str(error.errors()[0]["msg"]).lower()
    return ""
