"""Which running instance, and which token of it, somebody means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.wording import either, unknown
from oms_workflow.errors import OrderRefused

if TYPE_CHECKING:
    from oms_workflow.store.instances import InstanceRow
    from oms_workflow.store.unit_of_work import UnitOfWork

OPEN = ("running", "wedged")


async def choose_instance(unit: UnitOfWork, given: str, element: str = "") -> InstanceRow:
    """Give a running instance: by its own name, or by an order that has only one, or only one at an element.

    Raises:
        OrderRefused: When it is over, or there is none.
        Unusable: When an order is named that has several.
    """
    from oms_workflow.cli.orders.finding import find_order
    from oms_workflow.store.instances import Instances

    instances = Instances(unit)
    named = await instances.get(given.strip())
    if named is not None:
        if named.status not in OPEN:
            raise OrderRefused(say("instances.over", instance=given), code="NOT_RUNNING")
        return named
    order_id = await find_order(unit, given)
    found = [one for one in await instances.of_order(order_id) if one.status in OPEN]
    if len(found) > 1:
        fitting = await _at(unit, found, element) if element else [one for one in found if not one.parent]
        found = fitting or found
    if not found:
        raise OrderRefused(say("instances.none_of_order", order=order_id), code="NOT_RUNNING")
    if len(found) > 1:
        names = either(one.workflow_id for one in found)
        raise Unusable(say("instances.several", order=order_id, names=names), code="several")
    return found[0]


async def _at(unit: UnitOfWork, found: list[InstanceRow], element: str) -> list[InstanceRow]:
    """Those that are at an element now; else those whose diagram has it."""
    from oms_workflow.cli.drawing import Drawings
    from oms_workflow.store.standing import open_nodes_of

    nodes = await open_nodes_of(unit, [one.workflow_id for one in found])
    at_it = [one for one in found if any(node.element == element for node in nodes.get(one.workflow_id, ()))]
    drawings = Drawings(unit)
    return at_it or [one for one in found if element in (await drawings.of(one)).nodes]


async def called_by(unit: UnitOfWork, instance: InstanceRow) -> list[InstanceRow]:
    """Give the running instances that an instance called, directly or not, callers first."""
    from oms_workflow.store.instances import Instances

    around = [one for one in await Instances(unit).of_order(instance.order_id) if one.status in OPEN]
    found = [instance]
    for caller in found:  # grows while it is walked
        found += [one for one in around if one.parent == caller.workflow_id and one not in found]
    return found[1:]


def choose_token(view: dict[str, Any], element: str, token: int) -> int:
    """Give the token at an element.

    Raises:
        OrderRefused: When none is there.
        Unusable: When several are, and none of them was named.
    """
    there = [one for one in view["tokens"] if one["element"] == element]
    if token:
        if any(one["token"] == token for one in there):
            return token
        raise OrderRefused(say("instances.no_such_token", token=token, name=repr(element)), code="NOT_OPEN")
    # A loop has a token for the whole, and one for each item: the whole is meant.
    whole = [one for one in there if one.get("role") != "item"]
    if not whole:
        elements = dict.fromkeys(one["element"] for one in view["tokens"])
        raise OrderRefused(unknown("instances.not_here", element, elements), code="NOT_OPEN")
    return _only(whole, element)


def choose_offer(view: dict[str, Any], element: str, token: int) -> int:
    """Give the token of the open ad-hoc sub-process that offers an element.

    Raises:
        OrderRefused: When none offers it.
        Unusable: When several do, and none of them was named.
    """
    offering = [one for one in view["tokens"] if one.get("offers") and token in (0, one["token"])]
    offered = dict.fromkeys(offer["element"] for one in offering for offer in one["offers"])
    fitting = [one for one in offering if any(offer["element"] == element for offer in one["offers"])]
    if not fitting:
        raise OrderRefused(unknown("instances.not_offered", element, offered), code="NOT_OPEN")
    return _only(fitting, element)


def _only(tokens: list[dict[str, Any]], element: str) -> int:
    if len(tokens) > 1:
        names = either(str(one["token"]) for one in tokens)
        raise Unusable(say("instances.several_tokens", name=repr(element), tokens=names), code="several")
    return int(tokens[0]["token"])
