"""How an import is written down in its batch: the name of the batch, what became of a row, what was found."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from oms_workflow.connect.importing.codes import Treatment
from oms_workflow.connect.importing.orders import OrderReading
from oms_workflow.connect.importing.problem import Problem
from oms_workflow.connect.importing.results import Accepted, Duplicate, Quarantined, Result, Skipped
from oms_workflow.connect.importing.storing.report import BatchReport
from oms_workflow.domain.ports.imports import ErrorPolicy, ImportBatches, RowOutcome


def batch_id(reading: OrderReading, policy: ErrorPolicy) -> str:
    """Name an import by what it reads and how: the same files, mapping, limit and policy are the same import.

    Raises:
        OSError: If a file cannot be read.
    """
    most = f"\nfirst {reading.most}" if reading.most else ""
    digest = hashlib.sha256(f"{policy.value}\n{reading.mapping.text}{most}".encode())
    for path in sorted(reading.paths, key=lambda one: one.name):
        digest.update(f"\n{path.name}\n".encode())
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return f"import-{digest.hexdigest()[:16]}"


def lets_in(result: Result, policy: ErrorPolicy) -> bool:
    """Say whether an order comes in although something is wrong with it."""
    return policy is ErrorPolicy.IGNORE_FAILED and isinstance(result, Quarantined) and result.intake is not None


async def note(batches: ImportBatches, report: BatchReport, number: int, result: Result) -> None:
    """Note in the batch what became of a result; personal data stays in the quarantine file."""
    if isinstance(result, Skipped):
        return
    problems = () if isinstance(result, Duplicate) else result.problems
    await batches.put(
        report.batch,
        number,
        outcome=_outcome(result, report),
        order_id="" if report.rejected else order_id_of(result),
        problems=[shown(one) for one in problems],
        content={"rows": [str(place) for place in result.places[:100]]},
    )


def _outcome(result: Result, report: BatchReport) -> RowOutcome:
    if isinstance(result, Duplicate):
        return RowOutcome.DUPLICATE
    if isinstance(result, Quarantined) and (report.rejected or not lets_in(result, report.policy)):
        return RowOutcome.QUARANTINED
    return RowOutcome.ACCEPTED


def refused(result: Accepted | Quarantined, said: str) -> Quarantined:
    """Give an order that could be read and was refused by the shop, as one that is kept aside."""
    why = Problem(code="refused-by-shop", message=said, treatment=Treatment.QUARANTINE, is_essential=True)
    if isinstance(result, Quarantined):
        return replace(result, problems=(*result.problems, why), intake=None)
    return Quarantined(
        problems=(*result.problems, why),
        places=result.places,
        rows=result.rows,
        order_id=result.intake.order.id,
        digest=result.digest,
        mends=result.mends,
    )


def order_id_of(result: Accepted | Duplicate | Quarantined) -> str:
    """Give the id of the order; '' when it cannot be told."""
    return result.intake.order.id if isinstance(result, Accepted) else result.order_id


def shown(problem: Problem) -> dict[str, str]:
    """Give a finding as a batch keeps it."""
    return {
        "code": problem.code,
        "treatment": problem.treatment.value,
        "message": problem.message,
        "place": str(problem.place or ""),
        "field": problem.field,
    }
