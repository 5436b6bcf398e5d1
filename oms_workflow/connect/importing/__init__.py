"""Orders out of files: a mapping says what the columns mean, every row is accounted for, bad ones are kept aside."""

from oms_workflow.connect.importing.building.history import history_in
from oms_workflow.connect.importing.codes import CHECKS, Check, Treatment
from oms_workflow.connect.importing.mapping.model import ImportMapping
from oms_workflow.connect.importing.mapping.plain import PLAIN, PLAIN_CSV, plain_mapping
from oms_workflow.connect.importing.mapping.reading import parse_mapping, read_mapping
from oms_workflow.connect.importing.orders import OrderReading, ReadCounts, read_orders
from oms_workflow.connect.importing.problem import Place, Problem
from oms_workflow.connect.importing.progress import OnProgress, Progress
from oms_workflow.connect.importing.results import (
    Accepted,
    Duplicate,
    History,
    Intake,
    Paid,
    Quarantined,
    RawRow,
    Refunded,
    Result,
    Skipped,
)
from oms_workflow.connect.importing.storing.dry_run import try_out
from oms_workflow.connect.importing.storing.importing import ImportPlan, OpenPorts, import_orders
from oms_workflow.connect.importing.storing.noting import batch_id
from oms_workflow.connect.importing.storing.opening_stock import OpeningStock, opening_stock, store_opening_stock
from oms_workflow.connect.importing.storing.report import BatchReport
from oms_workflow.connect.importing.storing.taking_in import PORTS

__all__ = [
    "CHECKS",
    "PLAIN",
    "PLAIN_CSV",
    "PORTS",
    "Accepted",
    "BatchReport",
    "Check",
    "Duplicate",
    "History",
    "ImportMapping",
    "ImportPlan",
    "Intake",
    "OnProgress",
    "OpenPorts",
    "OpeningStock",
    "OrderReading",
    "Paid",
    "Place",
    "Problem",
    "Progress",
    "Quarantined",
    "RawRow",
    "ReadCounts",
    "Refunded",
    "Result",
    "Skipped",
    "Treatment",
    "batch_id",
    "history_in",
    "import_orders",
    "opening_stock",
    "parse_mapping",
    "plain_mapping",
    "read_mapping",
    "read_orders",
    "store_opening_stock",
    "try_out",
]
