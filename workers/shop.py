"""Activities that decide and write to our own database. Scale it with the database, not beyond it."""

from oms_workflow.catalog.declaration import SHOP_QUEUE
from oms_workflow.temporal.worker import WorkerSpec

SPEC = WorkerSpec(queue=SHOP_QUEUE, concurrent=30, says="as many hands as the database takes writers")
