"""Activities that wait for systems outside. Scale it for their slowness: many hands, little CPU."""

from oms_workflow.catalog.declaration import OUTSIDE_QUEUE
from oms_workflow.temporal.worker import WorkerSpec

SPEC = WorkerSpec(queue=OUTSIDE_QUEUE, concurrent=200, says="more hands when outside systems are slow; they only wait")
