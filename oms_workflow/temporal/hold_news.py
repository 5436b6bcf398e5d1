"""Telling running instances of an order which holds are on it, when people put them on or lift them.

A process knows the holds it placed itself; those of people come from outside. `slaPauseOn` looks at the variable.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from oms_workflow.bpmn.sla import HOLDS_VARIABLE
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.errors import OrderRefused
from oms_workflow.store.bindings import bind
from oms_workflow.store.database import Database
from oms_workflow.store.instances import Instances
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.operating import Operator

log = structlog.get_logger("oms.holds")

REASON = "the holds on the order changed"


class HoldNews:
    """Brings the kinds of the holds that stand to every running instance of an order."""

    def __init__(self, database: Database, operator: Operator) -> None:
        self._database = database
        self._operator = operator

    async def tell(self, order_id: str, *, by: str, at: datetime) -> int:
        """Tell all instances of an order; gives how many heard. Telling it again changes nothing.

        Raises:
            WorldUnavailable: When Temporal or its workers do not answer.
        """
        async with UnitOfWork(self._database) as unit:
            stand = [hold for hold in await bind(Holds, unit).of_order(order_id) if hold.is_blocking]
            running = [one for one in await Instances(unit).of_order(order_id) if one.status == "running"]
        kinds = list(dict.fromkeys(hold.kind.value for hold in stand))
        heard = 0
        for one in running:
            try:
                await self._operator.set_variables(
                    one.workflow_id, {HOLDS_VARIABLE: kinds}, by=by, reason=REASON, at=at
                )
            except OrderRefused as refused:  # it ended meanwhile, and needs to know no more
                log.info("holds not told", instance=one.workflow_id, reason=str(refused))
            else:
                heard += 1
        return heard
