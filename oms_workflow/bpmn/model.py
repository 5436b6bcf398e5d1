"""The immutable executable definition of one process, as the compiler makes it and the engine runs it.

Nodes and flows point at each other by their position in `Definition.nodes` and `Definition.flows`, which is the order
of the XML: it breaks every tie between tokens, so a definition means the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from oms_workflow.bpmn.events import EventDefinition
from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.sla import Sla
from oms_workflow.bpmn.work import (
    AdHoc,
    DecisionCall,
    HumanTask,
    Job,
    Mapping,
    MultiInstance,
    ProcessCall,
    Script,
    StandardLoop,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sequence flow; `condition` is FEEL text, '' when it has none."""

    id: str
    source: int
    target: int
    name: str = ""
    condition: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One drawn node with everything the engine and the people around it need to know of it."""

    id: str
    kind: NodeKind
    name: str = ""
    line: int = 0  # 1-based line of its start tag
    parent: int = 0  # position of the scope that holds it; the process (position 0) holds itself
    incoming: tuple[int, ...] = ()  # flows, XML order of the flows
    outgoing: tuple[int, ...] = ()
    default: int = -1  # flow taken when no condition holds; -1: none

    # events
    events: tuple[EventDefinition, ...] = ()  # empty: a none event; more than one: a multiple event
    all_events: bool = False  # parallel multiple: every one of `events` must happen
    interrupting: bool = True  # boundary events, start events of event sub-processes
    attached_to: int = -1  # boundary events: the host
    boundary: tuple[int, ...] = ()  # activities: their boundary events, XML order
    message_ttl: timedelta | None = None  # how long a message it sends waits for a taker; None: as the host keeps it
    instantiate: bool = False  # receive tasks and event-based gateways that start the process

    # work
    job: Job | None = None
    human: HumanTask | None = None
    script: Script | None = None
    decision: DecisionCall | None = None
    call: ProcessCall | None = None
    inputs: tuple[Mapping, ...] = ()
    outputs: tuple[Mapping, ...] = ()
    loop: MultiInstance | StandardLoop | None = field(default=None)

    # scopes
    children: tuple[int, ...] = ()  # nodes directly inside, XML order
    starts: tuple[int, ...] = ()  # start events directly inside
    event_sub_processes: tuple[int, ...] = ()
    ad_hoc: AdHoc | None = None

    # compensation
    for_compensation: bool = False
    compensation_handler: int = -1  # activity that undoes this one; -1: none

    # token cardinality (BPMN 2.0.2, 10.3.1)
    start_quantity: int = 1
    completion_quantity: int = 1

    # gateways
    activation_condition: str = ""  # complex gateway

    # for people
    owner: str = ""  # role answerable for the node
    milestone: str = ""  # key of the customer's plain-language stage
    documentation: str = ""
    sla: Sla | None = None
    headers: tuple[tuple[str, str], ...] = ()  # task headers that are not ours, handed to the activity
    properties: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """The drawn name, or the id of a node without one."""
        return self.name or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One executable process. `nodes[0]` is the process itself."""

    id: str
    name: str = ""
    version_tag: str = ""
    file: str = ""  # name of the file it was read from, for messages
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]

    @property
    def process(self) -> Node:
        """The node that stands for the process itself."""
        return self.nodes[0]
