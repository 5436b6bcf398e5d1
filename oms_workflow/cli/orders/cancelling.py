"""`oms orders cancel`: asks the order's process to cancel, and says what will become of goods and money."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_house, ask_store, now, who
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, out
from oms_workflow.cli.wording import either, moment, word
from oms_workflow.errors import OrderRefused

if TYPE_CHECKING:
    from oms_workflow.domain.fulfilment import FulfilmentOrder
    from oms_workflow.domain.status import OrderView

MESSAGE = "order.cancel_requested"
REASON = re.compile(r"[a-z][a-z0-9_]{0,39}")  # what the reception of buyers' wishes takes, too
WITH_WAREHOUSE = ("submitted", "accepted", "cancel_requested")
OVER = ("completed", "failed", "terminated")


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("cancel", help=say("orders.cancel.help"))(cancel)


def cancel(
    order: Annotated[str, typer.Argument(metavar="ORDER", help=say("orders.order"))],
    reason: Annotated[str, typer.Option(help=say("orders.cancel.reason"))] = "asked_by_staff",
    scope: Annotated[str, typer.Option(help=say("orders.cancel.scope"))] = "whole",
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Publish the wish to cancel; the process decides it once, against shipping."""
    from oms_workflow.domain.cancellation import CancelScope

    if not REASON.fullmatch(reason):
        raise Unusable(say("orders.cancel.bad_reason", reason=repr(reason)), code="bad-reason")
    if scope not in [one.value for one in CancelScope]:
        known = either(one.value for one in CancelScope)
        raise Unusable(say("orders.cancel.bad_scope", scope=repr(scope), known=known), code="bad-scope")
    view = ask_store(lambda unit: _cancellable(unit, order))
    message_id = f"{MESSAGE}/{view.order.id}/{who(by)}-{uuid.uuid4().hex[:12]}"  # noqa: TID251 - a wish of its own
    instance = ask_house(lambda house: _publish(house, view, message_id, reason, scope))
    told = {
        "order": view.order.id,
        "message_id": message_id,
        "instance": instance,
        "taken": bool(instance),
        "goods": [{"fulfilment": one.id, "outcome": outcome_of(one)} for one in view.fulfilments if one.is_active],
        "money": money_of(view),
    }
    if json:
        as_json(told)
    else:
        _print(view, told)


async def _cancellable(unit: Any, number: str) -> OrderView:
    """Give the order; refused when it is over, or nothing of it is left to cancel."""
    from oms_workflow.cli.orders.finding import find_order
    from oms_workflow.domain.ports.orders import Orders
    from oms_workflow.store.bindings import bind
    from oms_workflow.store.instances import Instances

    order_id = await find_order(unit, number)
    view: OrderView = await bind(Orders, unit).view(order_id)
    if view.cancelled_at is not None or view.status.value == "cancelled":
        at = moment(view.cancelled_at)
        raise OrderRefused(say("orders.cancel.cancelled", order=order_id, at=at), code="ORDER_CANCELLED")
    if not any(line.to_ship for line in view.quantities.values()):
        status = word(view.status.value)
        raise OrderRefused(say("orders.cancel.gone", order=order_id, status=status), code="TOO_LATE_TO_CANCEL")
    root = await Instances(unit).get(f"order:{order_id}")
    if root is not None and root.status in OVER:
        told = say("orders.cancel.over", order=order_id, outcome=word(root.status), at=moment(root.ended_at))
        raise OrderRefused(told, code="NOT_RUNNING")
    return view


async def _publish(house: Any, view: OrderView, message_id: str, reason: str, scope: str) -> str:
    fields = {"order_id": view.order.id, "reason": reason, "scope": scope}
    sent = await house.house.dispatcher.publish(message_id, MESSAGE, view.order.id, fields, at=now())
    return str(sent.instance)


def outcome_of(one: FulfilmentOrder) -> str:
    """Say what the wish means for a fulfilment order: `goes_out`, `warehouse_is_asked` or `is_cancelled`."""
    if one.fate is not None and one.fate.value == "ship":
        return "goes_out"
    return "warehouse_is_asked" if one.request_status.value in WITH_WAREHOUSE else "is_cancelled"


def money_of(view: OrderView) -> str:
    """Say what becomes of the money once it is cancelled: `is_refunded`, `is_released` or `nothing_was_paid`."""
    if not view.money.captured.is_zero:
        return "is_refunded"
    return "is_released" if view.money.authorised > view.money.voided else "nothing_was_paid"


def _print(view: OrderView, told: dict[str, Any]) -> None:
    out.print(say("orders.cancel.asked", order=view.order.id), style="bold", markup=False)
    if not told["goods"]:
        out.print("  " + say("orders.cancel.no_goods"), markup=False)
    for one in told["goods"]:
        out.print("  " + say(f"orders.cancel.{one['outcome']}", fulfilment=one["fulfilment"]), markup=False)
    out.print("  " + say(f"orders.cancel.money.{told['money']}", amount=view.money.captured), markup=False)
    if not told["taken"]:
        out.print("  " + say("orders.cancel.waits"), markup=False)
    out.print(say("orders.cancel.look", order=view.order.id), style="dim", markup=False)
