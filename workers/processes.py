"""Instances of all processes. Scale it for workflow-task latency: one process of it per core, as their work is CPU."""

from oms_workflow.temporal.names import PROCESS_QUEUE
from oms_workflow.temporal.worker import WorkerSpec

SPEC = WorkerSpec(
    queue=PROCESS_QUEUE,
    workflows=True,
    concurrent=40,
    says="more processes when workflow tasks wait: their work is CPU",
)
