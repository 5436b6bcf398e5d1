"""Deploying from a command: processes become versions, and calendars those that dates are promised by."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oms_workflow.diagrams.collection import Collection
    from oms_workflow.store.database import Database
    from oms_workflow.store.process_versions import ProcessVersion


async def deploy_all(database: Database, read: Collection, *, by: str, at: datetime) -> tuple[ProcessVersion, ...]:
    """Deploy every process of a collection and take its calendars over.

    Raises:
        DiagramRefused: When the collection has errors; nothing is deployed then.
        WorldUnavailable: When the database does not answer.
    """
    from oms_workflow.store.calendars import take_over
    from oms_workflow.store.unit_of_work import UnitOfWork
    from oms_workflow.temporal.deploying import deploy

    deployed = await deploy(database, read, by=by, at=at)
    async with UnitOfWork(database) as unit:
        await take_over(unit, read.calendars.values(), at=at)
        await unit.commit()
    return deployed
