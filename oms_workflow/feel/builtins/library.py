"""The whole FEEL library by name, and the functions that are refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from oms_workflow.feel.builtins import (
    aggregates,
    calendar,
    contexts,
    conversion,
    json_text,
    lists,
    logic,
    moments,
    numeric,
    patterns,
    ranges,
    strings,
)
from oms_workflow.feel.builtins.signature import REGISTRY, Builtin

FAMILIES = (
    aggregates,
    calendar,
    contexts,
    conversion,
    json_text,
    lists,
    logic,
    moments,
    numeric,
    patterns,
    ranges,
    strings,
)
"""The modules that fill the library; each adds its functions when it is imported."""

LIBRARY: Mapping[str, Builtin] = MappingProxyType(REGISTRY)

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "uuid": "it gives another text each time, so a replay would differ. Let an activity make the id.",
        "random number": "it gives another number each time, so a replay would differ. Let an activity draw it.",
        "fromAi": "the answer of a language model is not known when the diagram is checked. Use an activity for it.",
    }
)
"""Functions of Camunda 8 that cannot run durably, and why."""
