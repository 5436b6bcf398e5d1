"""A plan for taking instances from one version of a process to another, and what the diagrams alone say about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from oms_workflow.bpmn.model import Definition
from oms_workflow.engine.migration.atlas import inverse
from oms_workflow.errors import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which version of which process becomes which, and where its elements go."""

    process: str
    from_version: int
    to_version: int
    elements: dict[str, str | None] = field(default_factory=dict)  # ids that stay are left out; None: given up

    def reversed(self, old: Definition, new: Definition) -> Plan:
        """Give the way back.

        Raises:
            NotReversible: When two elements go to one.
        """
        back = inverse(self.elements, old, new)
        return replace(self, from_version=self.to_version, to_version=self.from_version, elements=back)


def problems(plan: Plan, old: Definition, new: Definition) -> list[Diagnostic]:
    """Say which ids of a plan stand in no diagram."""
    return [*_unknown(plan.elements, old), *_unknown((one for one in plan.elements.values() if one), new)]


def _unknown(ids: Iterable[str], definition: Definition) -> Iterator[Diagnostic]:
    known = {node.id for node in definition.nodes} | {flow.id for flow in definition.flows}
    for one in ids:
        if one not in known:
            yield Diagnostic(
                code="unknown-element",
                message=f"The plan names {one!r}, and {definition.file} has no such element.",
                file=definition.file,
                line=None,
                element=one,
                fix="Name an element or a flow by its id in that version.",
            )
