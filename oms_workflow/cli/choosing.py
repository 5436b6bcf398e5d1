"""Which open task or incident somebody means: by its id `INSTANCE#NUMBER`, or by an order that has only one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.rows import name_of
from oms_workflow.cli.wording import either, unknown, word
from oms_workflow.errors import OrderRefused

if TYPE_CHECKING:
    from oms_workflow.store.board import IncidentRow, UserTask
    from oms_workflow.store.unit_of_work import UnitOfWork

ALL = 10_000  # that are looked through for one that is spelt alike


async def choose_task(unit: UnitOfWork, given: str) -> UserTask:
    """Give an open task.

    Raises:
        OrderRefused: When there is no such open task; the message says what became of it, or what there is.
        Unusable: When an order is named that has several.
    """
    from oms_workflow.store.board import Board

    board = Board(unit)
    found: UserTask = await _choose(unit, given, "tasks", board.tasks, lambda one: one.token)
    return found


async def choose_incident(unit: UnitOfWork, given: str) -> IncidentRow:
    """Give an open incident; errors as with tasks."""
    from oms_workflow.store.board import Board

    board = Board(unit)
    found: IncidentRow = await _choose(unit, given, "incidents", board.incidents, lambda one: one.incident)
    return found


async def _choose(
    unit: UnitOfWork,
    given: str,
    what: str,
    rows: Callable[..., Awaitable[Sequence[Any]]],
    number: Callable[[Any], int],
) -> Any:
    instance, hash_sign, last = given.strip().rpartition("#")
    if not hash_sign:
        return await _only_one(unit, given, what, rows, number)
    for state in ("open", "done", "resolved", "withdrawn") if instance else ():
        for row in await rows(state=state, instance=instance):
            if str(number(row)) != last:
                continue
            if state == "open":
                return row
            by = row.closed_by if what == "tasks" else row.by
            told = say(f"{what}.closed", name=given, state=word(state), by=by or "-")
            raise OrderRefused(told, code="NOT_OPEN")
    names = [name_of(row.instance, number(row)) for row in await rows(limit=ALL)]
    said = unknown(f"{what}.unknown", given, names) if names else say(f"{what}.none", name=repr(given))
    raise OrderRefused(said, code="UNKNOWN")


async def _only_one(unit: Any, given: str, what: str, rows: Any, number: Any) -> Any:
    from oms_workflow.cli.orders.finding import find_order
    from oms_workflow.store.standing import instances_of_orders

    order_id = await find_order(unit, given)
    about = await instances_of_orders(unit, [order_id])
    found = [row for one in about for row in await rows(instance=one.workflow_id)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise OrderRefused(say(f"{what}.none_of_order", order=order_id), code="NOT_OPEN")
    names = either(name_of(row.instance, number(row)) for row in found)
    raise Unusable(say(f"{what}.several", order=order_id, names=names), code="several")
