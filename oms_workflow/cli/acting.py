"""Doing by hand what a process does: runs one activity as a worker would, with a key of this moment and person."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from oms_workflow.cli.asking import now, opened, require_address, who


def run_activity(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Run an activity, commit what it did, and give its answer as plain JSON.

    Raises:
        WorldUnavailable: When the database does not answer.
        OrderRefused: When the activity refuses.
    """
    return asyncio.run(_asked(name, inputs))


async def _asked(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
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
    declaration = discover(chosen.activities)[name]
    at = now()
    call = Call(key=f"{name} {who('')} {at.isoformat()}", at=at, instance="", element="")
    async with (
        opened(open_database(chosen)) as database,
        opened(open_world(chosen)) as world,
        UnitOfWork(database) as unit,
    ):
        others = {**world.ports(at), BatchPlanner: SolvedBatches(), Call: call}
        given = {one: bind(port, unit) if port in PORTS else others[port] for one, port in declaration.ports.items()}
        answer = await declaration.function(declaration.input.model_validate(inputs), **given)
        await unit.commit()
    told: dict[str, Any] = answer.model_dump(mode="json")
    return told
