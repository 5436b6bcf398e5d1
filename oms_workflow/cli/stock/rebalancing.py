"""`oms stock rebalance`: plan promised goods anew by hand, or say what that would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from oms_workflow.cli.acting import run_activity
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, out, titles
from oms_workflow.cli.wording import in_language

ACTIVITY = "allocation.reoptimise"


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("rebalance", help=say("stock.rebalance.help"))(rebalance)


def rebalance(
    orders: Annotated[int, typer.Option(min=1, max=10_000, help=say("stock.rebalance.orders"))] = 1_000,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("stock.rebalance.dry_run"))] = False,
    json: AsJson = False,
) -> None:
    """Do what the process does, now."""
    answer = run_activity(ACTIVITY, {"orders": orders, "dry_run": dry_run})
    if json:
        as_json(answer | {"dry_run": dry_run})
    else:
        _print(answer, dry_run=dry_run)


def _print(answer: Mapping[str, Any], *, dry_run: bool) -> None:
    if not answer["moves"]:
        out.print(say("stock.rebalance.nothing", passed_over=answer["passed_over"]))
        return
    columns = ("order", "sku", "pieces#", "from", "to", "reason")
    rows = [[one["order_id"], one["sku"], one["quantity"], one["origin"], one["target"], in_language(one["why"])]
            for one in answer["moves"]]  # fmt: skip
    as_table(titles(*columns), rows)
    said = "stock.rebalance.would" if dry_run else "stock.rebalance.done"
    out.print(say(said, orders=answer["orders"], saved=", ".join(answer["saved"]), passed_over=answer["passed_over"]))
