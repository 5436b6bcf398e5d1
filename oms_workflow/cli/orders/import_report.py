"""How an import is told: counts by what was found, places and reasons, and what to type next. Decides nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from oms_workflow.cli.language import say
from oms_workflow.cli.orders.taking import TakenIn
from oms_workflow.cli.own_server import is_open
from oms_workflow.cli.screen import as_table, err, out
from oms_workflow.connect.importing import BatchReport, OrderReading
from oms_workflow.connect.importing.orders import ReadCounts
from oms_workflow.errors import Severity
from oms_workflow.settings import settings

SHOWN = 20  # reasons on a screen; --json gives the first hundred, the quarantine file has all


def to_json(reading: OrderReading, done: TakenIn, *, dry_run: bool) -> dict[str, Any]:
    """Give everything an import came to."""
    report, read = done.report, done.report.read
    return {
        "batch": report.batch,
        "dry_run": dry_run,
        "policy": report.policy.value,
        "files": [str(path) for path in reading.paths],
        "repeated": report.repeated,
        "rejected": report.rejected,
        "rows": _rows_json(read),
        "orders": _orders_json(report),
        "by_code": report.by_code,
        "left_out": read.by_reason,
        "reasons": [
            {"code": one.code, "place": str(one.place or ""), "column": one.column or one.field, "message": one.message}
            for one in report.reasons
        ],
        "quarantine": str(report.quarantine) if report.quarantine else None,
        "opening_stock": None if done.stock is None else _stock_json(done),
        "findings": [finding.to_json() for finding in reading.findings],
        "order_ids": report.order_ids,
    }


def _rows_json(read: ReadCounts) -> dict[str, int]:
    return {
        "read": read.rows,
        "accepted": read.accepted_rows,
        "duplicate": read.duplicate_rows,
        "left_out": read.skipped_rows,
        "kept_aside": read.quarantined_rows,
        "looked_up": read.reference_rows,
    }


def _orders_json(report: BatchReport) -> dict[str, int]:
    return {
        "new": report.new,
        "changed": report.changed,
        "known": report.known,
        "stale": report.stale,
        "let_in": report.let_in,
        "refused": report.refused,
        "kept_aside": report.quarantined,
        "duplicate": report.read.duplicates,
        "left_out": report.read.skipped,
    }


def show(reading: OrderReading, done: TakenIn, mapping: Path | None, *, dry_run: bool) -> None:
    """Print what an import came to, and what can be done next."""
    report = done.report
    for finding in reading.findings:
        style = "yellow" if finding.severity is Severity.WARNING else "dim"
        err.print(f"{finding.severity.value}: {finding}", style=style, markup=False)
    _show_reasons(report)
    _show_codes(report)
    _show_counts(report)
    if done.stock is not None:
        out.print(say("orders.import.stocked", **_stock_json(done)))
    if dry_run:
        out.print(say("orders.import.dry"))
    elif report.rejected:
        out.print(say("orders.import.rejected"), style="red")
    elif report.repeated:
        out.print(say("orders.import.repeated"))
    if report.quarantine is not None:
        again = f"oms orders import {report.quarantine}" + (f" --mapping {mapping}" if mapping else "")
        out.print(say("orders.import.mend", file=report.quarantine, again=again), soft_wrap=True, markup=False)
    if report.order_ids:
        is_up = is_open(settings().home)  # of a cluster elsewhere nobody can tell
        out.print(say("orders.import.starts" if is_up else "orders.import.next"), markup=False)


def _show_reasons(report: BatchReport) -> None:
    for problem in report.reasons[:SHOWN]:
        out.print(str(problem), style="red", markup=False, soft_wrap=True)
    if len(report.reasons) > SHOWN:
        out.print(say("orders.import.more"), style="red")


def _show_codes(report: BatchReport) -> None:
    if report.by_code:
        rows = sorted(report.by_code.items(), key=lambda one: (-one[1], one[0]))
        columns = [say("orders.import.code"), say("orders.import.orders") + "#", say("orders.import.found")]
        as_table(columns, [[code, count, say(f"orders.import.check.{code}")] for code, count in rows])
        out.print()


def _show_counts(report: BatchReport) -> None:
    read = report.read
    out.print(
        say(
            "orders.import.rows",
            rows=read.rows,
            accepted=read.accepted_rows,
            duplicates=read.duplicate_rows,
            skipped=read.skipped_rows,
            aside=read.quarantined_rows,
            reference=read.reference_rows,
        )
    )
    counted = {
        "new": report.new, "changed": report.changed, "known": report.known, "stale": report.stale,
        "let_in": report.let_in, "aside": report.quarantined, "skipped": read.skipped, "duplicates": read.duplicates,
    }  # fmt: skip
    told = [say(f"orders.import.count.{name}", count=count) for name, count in counted.items() if count]
    out.print(say("orders.import.total", told=say("orders.import.comma").join(told) or say("orders.import.nothing")))
    for reason, count in read.by_reason.items():
        out.print(say("orders.import.left_out", count=count, reason=reason), markup=False)


def _stock_json(done: TakenIn) -> dict[str, int]:
    stock = done.stock
    assert stock is not None
    return {"warehouses": len(stock.warehouses), "shelves": len(stock.levels), "pieces": stock.pieces}
