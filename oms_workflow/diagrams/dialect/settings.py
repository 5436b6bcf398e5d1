"""Task headers and properties of an element: which keys are ours, and which go on to activities and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from oms_workflow.diagrams.element import Element

Pairs = tuple[tuple[str, str], ...]

RESERVED = frozenset(
    {
        "sla",
        "slaWarn",
        "slaCalendar",
        "slaOnBreach",
        "slaChain",
        "slaPauseOn",
        "owner",
        "retryPolicy",
        "milestone",
        "startVariables",
        "loopWindow",
        "messageTtl",
    }
)
"""Keys with a meaning of their own, in `zeebe:taskHeaders` and in `zeebe:properties` alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The pairs of an element, sorted into ours and others. A header wins over a property of the same reserved key."""

    reserved: Mapping[str, str]
    headers: Pairs = ()
    properties: Pairs = ()

    def get(self, key: str) -> str:
        """Give a reserved value, '' when it is not set."""
        return self.reserved.get(key, "")


def read_settings(element: Element) -> Settings:
    """Read the headers and properties of an element."""
    settings: Settings = element.once("settings", lambda: _read(element))
    return settings


_NOTHING = Settings(reserved={})


def _read(element: Element) -> Settings:
    if element.extension("taskHeaders") is None and element.extension("properties") is None:
        return _NOTHING
    headers = pairs(element, "taskHeaders", "key")
    properties = pairs(element, "properties", "name")
    return Settings(
        reserved={key: value.strip() for key, value in (*properties, *headers) if key in RESERVED},
        headers=tuple(pair for pair in headers if pair[0] not in RESERVED),
        properties=tuple(pair for pair in properties if pair[0] not in RESERVED),
    )


def pairs(element: Element, box: str, key: str) -> Pairs:
    """Read `zeebe:<box>` as pairs, in XML order."""
    found = element.extension(box)
    if found is None:
        return ()
    return tuple((entry.get(key), entry.attributes.get("value", "")) for entry in found.children if entry.get(key))
