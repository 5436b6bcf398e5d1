"""What an import would come to, without a database: nothing is stored, nothing is written."""

from __future__ import annotations

from oms_workflow.connect.importing.orders import OrderReading
from oms_workflow.connect.importing.results import Accepted, Quarantined
from oms_workflow.connect.importing.storing.noting import batch_id
from oms_workflow.connect.importing.storing.report import BatchReport
from oms_workflow.domain.ports.imports import ErrorPolicy


def try_out(reading: OrderReading, policy: ErrorPolicy) -> BatchReport:
    """Read everything and count. Orders that could come in count as new: whether they are known is not looked up.

    Raises:
        DiagramRefused: When a file ends being what it was, such as JSON.
        OSError: If a file cannot be read.
    """
    report = BatchReport(batch=batch_id(reading, policy), policy=policy)
    for result in reading:
        if not isinstance(result, (Accepted, Quarantined)):
            continue
        for code in {problem.code: None for problem in result.problems}:
            report.note(code)
        may_come_in = policy is ErrorPolicy.IGNORE_FAILED and result.intake is not None
        if isinstance(result, Quarantined) and not may_come_in:
            report.quarantined += 1
            report.note_reasons(result)
            continue
        report.let_in += isinstance(result, Quarantined)
        report.new += 1
    report.read = reading.counts
    if report.quarantined and policy is ErrorPolicy.REJECT_EVERYTHING:
        report.rejected, report.new = True, 0
    return report
