"""Instances of all processes. Scale it for workflow-task latency: one process of it per core, as their work is CPU."""

from oms_workflow.temporal.names import PROCESS_QUEUE
from oms_workflow.temporal.worker import WorkerSpec

SPEC = WorkerSpec(
    queue=PROCESS_QUEUE,
    workflows=True,
    concurrent=40,
    cached=3_000,  # about 0.3 MB each; an order that is not kept is replayed, some 0.1 s, whenever it is touched
    says="more processes when workflow tasks wait: their work is CPU",
)
