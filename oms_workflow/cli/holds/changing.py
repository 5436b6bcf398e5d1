"""`oms holds place`, `resolve` and `reject`: people stop an order for a reason, and lift one hold as its role."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Annotated, Any

import typer

from oms_workflow.cli.asking import ask_house, ask_store, now, who
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.holds.listing import known_kind, print_holds, the_hold, told
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, out
from oms_workflow.cli.wording import unknown


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("place", help=say("holds.place.help"))(place)
    group.command("resolve", help=say("holds.resolve.help"))(resolve)
    group.command("reject", help=say("holds.reject.help"))(reject)


def place(
    order: Annotated[str, typer.Argument(metavar="ORDER", help=say("orders.order"))],
    reason: Annotated[str, typer.Option(help=say("holds.place.reason"))],
    kind: Annotated[str, typer.Option(help=say("holds.place.kind"))] = "manual",
    blocks: Annotated[str, typer.Option(metavar="STEPS", help=say("holds.place.blocks"))] = "",
    role: Annotated[str, typer.Option(help=say("holds.place.role"))] = "",
    within: Annotated[str, typer.Option(metavar="DURATION", help=say("holds.place.within"))] = "",
    handle: Annotated[str, typer.Option(help=say("holds.place.handle"))] = "",
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Put a hold on an order; one of this kind and handle that is open already stays as it is."""
    from oms_workflow.cli.orders.finding import find_order

    if not reason.strip():
        raise Unusable(say("holds.no_reason"), code="no-reason")
    order_id = ask_store(lambda unit: find_order(unit, order))
    body: dict[str, Any] = {"order": order_id, "kind": known_kind(kind).value, "handle": handle}
    body |= {"reason": reason.strip(), "by": who(by)}
    if blocks:
        body["blocks"] = _gates(blocks)
    if role:
        body["role"] = role
    if within:
        body["limit_seconds"] = int(_duration(within).total_seconds())
    _tell("hold.placed", body)
    _show(ask_store(lambda unit: _placed(unit, body)), json, "holds.placed")


def resolve(
    hold: Annotated[str, typer.Argument(metavar="HOLD", help=say("holds.hold"))],
    role: Annotated[str, typer.Option(help=say("holds.role"))],
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Lift one hold; what waits only for this one goes on."""
    _close("hold.resolved", hold, role, by, json)


def reject(
    hold: Annotated[str, typer.Argument(metavar="HOLD", help=say("holds.hold"))],
    role: Annotated[str, typer.Option(help=say("holds.role"))],
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Say for good that the order must not go on."""
    _close("hold.rejected", hold, role, by, json)


def _close(kind: str, hold: str, role: str, by: str, json: bool) -> None:
    found = ask_store(lambda unit: the_hold(unit, hold)).hold
    _tell(kind, {"hold": found.id, "by": who(by), "role": role})
    done = "holds.resolved" if kind == "hold.resolved" else "holds.rejected"
    _show(ask_store(lambda unit: the_hold(unit, found.id)), json, done)


def _tell(kind: str, body: dict[str, Any]) -> None:
    """Tell the front desk, which writes it down and tells everybody it concerns."""
    from oms_workflow.temporal.front_desk import News

    at = now()
    event = f"cli-{uuid.uuid4().hex[:12]}"  # noqa: TID251 - each call is a deed of its own
    news = News(id=event, kind=kind, body=body | {"event": event, "occurred_at": at.isoformat()}, at=at)
    ask_house(lambda house: house.house.front_desk.hear(news))


async def _placed(unit: Any, body: dict[str, Any]) -> Any:
    from oms_workflow.store.hold_list import HoldQuery, list_holds

    found = await list_holds(unit, HoldQuery(order_id=body["order"], kind=known_kind(body["kind"])))
    return next(one for one in found if one.hold.handle == body["handle"] and one.hold.status.value == "open")


def _gates(text: str) -> list[str]:
    from oms_workflow.domain.hold import Gate

    known = [gate.value for gate in Gate]
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    for name in wanted:
        if name not in known:
            raise Unusable(unknown("holds.unknown_step", name, known), code="unknown-step")
    return wanted


def _duration(text: str) -> timedelta:
    from oms_workflow import feel

    try:
        found = feel.parse_duration(text)
    except ValueError:
        found = None
    if not isinstance(found, timedelta) or found < timedelta(minutes=1):
        raise Unusable(say("holds.bad_duration", text=repr(text)), code="bad-duration")
    return found


def _show(one: Any, json: bool, done: str) -> None:
    if json:
        as_json(told(one))
        return
    out.print(say(done, hold=one.hold.id, order=one.hold.order_id), style="bold", markup=False)
    print_holds([one])
