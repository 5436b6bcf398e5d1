"""Definitions made ready to run, kept per process of the worker: by content, so a cache changes no outcome."""

from __future__ import annotations

from functools import lru_cache

from oms_workflow.dmn.model import DecisionModel
from oms_workflow.engine.bundle import Bundle, unpack
from oms_workflow.engine.instance import prepare
from oms_workflow.engine.program import Program


@lru_cache(maxsize=256)
def bundle_of(sha256: str, packed: bytes) -> Bundle:
    """Give the bundle that was packed."""
    return unpack(packed)


@lru_cache(maxsize=512)
def program_of(
    sha256: str, packed: bytes, process: str, version_tag: str = ""
) -> tuple[Program, tuple[DecisionModel, ...]]:
    """Give a process of a bundle ready to run, with the decisions it may ask.

    Raises:
        KeyError: When the bundle holds no such process.
    """
    bundle = bundle_of(sha256, packed)
    definition = bundle.find(process, version_tag)
    if definition is None:
        raise KeyError(process)
    return prepare(definition, {calendar.id: calendar for calendar in bundle.calendars}), bundle.decisions
