"""`oms stock rebalance`: plan promised goods anew by hand, or say what that would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from oms_workflow.cli.asking import now, opened, require_address, who
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
    import asyncio

    answer = asyncio.run(_asked({"orders": orders, "dry_run": dry_run}))
    if json:
        as_json(answer | {"dry_run": dry_run})
    else:
        _print(answer, dry_run=dry_run)


async def _asked(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Run the activity as a worker would, with a key of this moment and person."""
    from oms_workflow.catalog.declaration import Call
    from oms_workflow.catalog.registry import discover
    from oms_workflow.cli.database import open_database
    from oms_workflow.cli.opening import open_world
    from oms_workflow.domain.ports.rebalancing import BatchPlanner
    from oms_workflow.optimise.planning import SolvedBatches
    from oms_workflow.settings import settings
    from oms_workflow.store.bindings import PORTS, bind
    from oms_workflow.store.unit_of_work import UnitOfWork

    chosen = settings()
    require_address(chosen)
    declaration = discover(chosen.activities)[ACTIVITY]
    at = now()
    call = Call(key=f"rebalance {who('')} {at.isoformat()}", at=at, instance="", element="")
    async with (
        opened(open_database(chosen)) as database,
        opened(open_world(chosen)) as world,
        UnitOfWork(database) as unit,
    ):
        others = {**world.ports(at), BatchPlanner: SolvedBatches(), Call: call}
        given = {name: bind(port, unit) if port in PORTS else others[port] for name, port in declaration.ports.items()}
        answer = await declaration.function(declaration.input.model_validate(inputs), **given)
        await unit.commit()
    told: dict[str, Any] = answer.model_dump(mode="json")
    return told


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
