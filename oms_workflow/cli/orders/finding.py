"""Which order somebody means: by its id, or by any number that has to do with it."""

from __future__ import annotations

from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.wording import either, sentences, unknown
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.order_list import newest_numbers
from oms_workflow.store.search import find_orders
from oms_workflow.store.unit_of_work import UnitOfWork


async def find_order(unit: UnitOfWork, number: str) -> str:
    """Give the id of the one order that a number belongs to.

    Raises:
        OrderRefused: UNKNOWN_ORDER, with orders that are named alike.
        Unusable: When it belongs to several.
    """
    found = await find_orders(unit, number)
    if number.strip() in found:
        return number.strip()
    if len(found) == 1:
        return found[0]
    if found:
        raise Unusable(say("orders.several", number=repr(number), orders=either(found)), code="several-orders")
    newest = await newest_numbers(unit)
    if not newest:
        raise refuse(Refusal.UNKNOWN_ORDER, say("orders.none_at_all", name=repr(number)))
    said = unknown("orders.unknown", number, newest, also=(one.partition(":")[2] for one in newest))
    raise refuse(Refusal.UNKNOWN_ORDER, sentences(said, say("orders.unknown.fix")))
