"""Where something stands in a diagram: names and owners of nodes as drawn in the version that an instance runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from oms_workflow.bpmn.model import Definition, Node
from oms_workflow.cli.wording import in_language
from oms_workflow.engine.bundle import unpack
from oms_workflow.store.instances import InstanceRow
from oms_workflow.store.process_versions import ProcessVersion, ProcessVersions
from oms_workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One process as an instance runs it. Without its definition, ids stand for names."""

    process: str
    version: int | None = None  # None: not known, the instance came along with another process's bundle
    definition: Definition | None = None
    nodes: Mapping[str, Node] = field(default_factory=dict)
    flows: Mapping[str, str] = field(default_factory=dict)  # id -> drawn name

    @property
    def name(self) -> str:
        """The drawn name of the process."""
        return self.definition.name if self.definition is not None and self.definition.name else self.process

    def label(self, element: str) -> str:
        """Give the drawn name of a node or flow, both languages as drawn; its id when it has none."""
        node = self.nodes.get(element)
        return node.label if node is not None else self.flows.get(element) or element

    def short(self, element: str) -> str:
        """Give the drawn name in the language of this run."""
        return in_language(self.label(element))

    def owner(self, element: str) -> str:
        """Give the role answerable for a node; '' when none is drawn."""
        node = self.nodes.get(element)
        return node.owner if node is not None else ""

    def kind(self, element: str) -> str:
        """Give the kind of a node; '' when it is not known."""
        node = self.nodes.get(element)
        return node.kind.value if node is not None else ""


class Drawings:
    """The drawings of many instances, each read once."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._versions = ProcessVersions(unit)
        self._by_hash: dict[str, ProcessVersion] | None = None
        self._made: dict[tuple[str, str], Drawing] = {}

    async def of(self, instance: InstanceRow) -> Drawing:
        """Give the drawing of an instance: a called process travels in the bundle of the one that called it."""
        key = instance.sha256, instance.process_id
        if key not in self._made:
            self._made[key] = await self._make(*key)
        return self._made[key]

    async def of_version(self, process: str, version: int) -> Drawing:
        """Give the drawing of a deployed version; ids stand for names when it is not known any more."""
        known = await self._known()
        found = next((one for one in known.values() if (one.process_id, one.version) == (process, version)), None)
        key = (found.sha256 if found is not None else ""), process
        if key not in self._made:
            self._made[key] = await self._make(*key)
        return self._made[key]

    async def _known(self) -> dict[str, ProcessVersion]:
        if self._by_hash is None:
            self._by_hash = {one.sha256: one for one in await self._versions.all()}
        return self._by_hash

    async def _make(self, sha256: str, process: str) -> Drawing:
        version = (await self._known()).get(sha256)
        packed = None if version is None else await self._versions.bundle(version.process_id, version.version)
        if version is None or packed is None:
            return Drawing(process=process)
        found = next((one for one in unpack(packed).definitions if one.id == process), None)
        own = version.version if version.process_id == process else None
        return drawing(found, version=own) if found is not None else Drawing(process=process)


def drawing(definition: Definition, *, version: int | None = None) -> Drawing:
    """Give the drawing of a definition."""
    return Drawing(
        process=definition.id,
        version=version,
        definition=definition,
        nodes={node.id: node for node in definition.nodes},
        flows={flow.id: flow.name for flow in definition.flows},
    )
