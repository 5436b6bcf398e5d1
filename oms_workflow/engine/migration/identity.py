"""Which version of a process something is: known by what it says, wherever it travels."""

from __future__ import annotations

from oms_workflow.bpmn.model import Definition
from oms_workflow.engine.bundle import Bundle, bare, sha256


def fingerprint(definition: Definition) -> str:
    """Give the hash of what the engine looks at in one process.

    A called process comes in the bundle of each process that calls it, so a bundle's own hash does not tell.
    """
    return sha256(Bundle(process_id=definition.id, definitions=(bare(definition),)))
