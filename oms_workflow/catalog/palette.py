"""The catalog as analysts see it: what each activity takes, gives and may refuse; and as templates for Camunda Modeler.

Templates follow the element template format of Camunda 8 (zeebe), so they work in Camunda Modeler and in bpmn-js.
"""

from __future__ import annotations

from collections.abc import Mapping
from inspect import getdoc
from typing import Any

from pydantic import BaseModel

from oms_workflow import feel
from oms_workflow.catalog.declaration import Declaration

SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
Json = dict[str, Any]


def entry(declaration: Declaration) -> Json:
    """Give one activity as plain JSON."""
    return {
        "name": declaration.name,
        "title": declaration.title,
        "title_zh": declaration.title_zh,
        "version": declaration.version,
        "queue": declaration.queue,
        "sla": feel.format_duration(declaration.sla) if declaration.sla else "",
        "attempts": declaration.retry.attempts,
        "inputs": _fields(declaration.input, output=False),
        "outputs": _fields(declaration.output, output=True),
        "errors": dict(declaration.errors),
        "documentation": (getdoc(declaration.function) or ""),
    }


def template(declaration: Declaration, language: str) -> Json:
    """Give the element template of one activity, in `en` or `zh`."""
    title = declaration.title_zh if language == "zh" else declaration.title
    return {
        "$schema": SCHEMA,
        "id": f"oms.{declaration.name}",
        "name": title,
        "version": declaration.version,
        "description": (getdoc(declaration.function) or "").split("\n")[0],
        "category": {"id": declaration.family, "name": declaration.family},
        "appliesTo": ["bpmn:Task"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "groups": [
            {"id": "input", "label": "输入" if language == "zh" else "Input"},
            {"id": "output", "label": "输出" if language == "zh" else "Output"},
            {"id": "people", "label": "负责人与时限" if language == "zh" else "Owner and SLA"},
        ],
        "properties": [
            {
                "type": "Hidden",
                "value": declaration.name,
                "binding": {"type": "zeebe:taskDefinition", "property": "type"},
            },
            *(_input(field) for field in _fields(declaration.input, output=False)),
            *(_output(field) for field in _fields(declaration.output, output=True)),
            _header("owner", "负责角色" if language == "zh" else "Owner (role)", "", required=True),
            _header("sla", "SLA", feel.format_duration(declaration.sla) if declaration.sla else "", required=False),
        ],
    }


def _fields(model: type[BaseModel], *, output: bool) -> list[Json]:
    schema = model.model_json_schema(mode="serialization" if output else "validation")
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "type": _type(told, schema.get("$defs", {})),
            "required": name in required,
            "description": told.get("description", ""),
            **({"default": told["default"]} if told.get("default") is not None else {}),
        }
        for name, told in schema.get("properties", {}).items()
    ]


def _type(told: Json, definitions: Mapping[str, Json]) -> str:
    if "$ref" in told:
        return _type(definitions[told["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in told:
        return " or ".join(_type(one, definitions) for one in told["anyOf"])
    if "enum" in told:
        return "one of " + ", ".join(map(str, told["enum"]))
    if told.get("type") == "array":
        return f"list of {_type(told.get('items', {}), definitions)}"
    return str(told.get("format") or told.get("type") or "any")


def _input(field: Json) -> Json:
    return {
        "label": field["name"],
        "description": field["description"],
        "type": "String",
        "feel": "optional",
        "group": "input",
        "value": f"={field['name']}" if field["required"] else "",
        "optional": not field["required"],
        "binding": {"type": "zeebe:input", "name": field["name"]},
        **({"constraints": {"notEmpty": True}} if field["required"] else {}),
    }


def _output(field: Json) -> Json:
    return {
        "label": field["name"],
        "description": field["description"],
        "type": "String",
        "group": "output",
        "optional": True,
        "binding": {"type": "zeebe:output", "source": f"={field['name']}"},
    }


def _header(key: str, label: str, value: str, *, required: bool) -> Json:
    return {
        "label": label,
        "type": "String",
        "group": "people",
        "value": value,
        "binding": {"type": "zeebe:taskHeader", "key": key},
        **({"constraints": {"notEmpty": True}} if required else {}),
    }
