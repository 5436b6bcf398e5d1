"""`oms stock expect`, `expected`, `postpone`, `give-up`, `receive`: goods that are announced, and their arrival."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_house, ask_store, now, who
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, out, titles
from oms_workflow.cli.stock.keeping import By, Pieces, Reason, Sku, Warehouse
from oms_workflow.cli.wording import iso, moment
from oms_workflow.errors import OrderRefused

if TYPE_CHECKING:
    from oms_workflow.domain.arrival import ExpectedReceipt

Receipt = Annotated[str, typer.Argument(metavar="RECEIPT", help=say("stock.receipt"))]
At = Annotated[datetime, typer.Option("--at", help=say("stock.expect.at"))]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("expect", help=say("stock.expect.help"))(expect)
    group.command("expected", help=say("stock.expected.help"))(expected)
    group.command("postpone", help=say("stock.postpone.help"))(postpone)
    group.command("give-up", help=say("stock.give_up.help"))(give_up)
    group.command("receive", help=say("stock.receive.help"))(receive)


def expect(
    sku: Sku,
    warehouse: Warehouse,
    pieces: Pieces,
    at: At,
    source: Annotated[str, typer.Option("--from", help=say("stock.expect.source"))] = "",
    reference: Annotated[str, typer.Option(help=say("stock.expect.reference"))] = "",
    json: AsJson = False,
) -> None:
    """Announce goods of a supplier or of another warehouse."""

    async def announced(arrivals: Any, key: str) -> Any:
        from oms_workflow.domain.arrival import Announcement

        told = Announcement(
            sku=sku, warehouse=warehouse, quantity=pieces, expected_at=at.astimezone(), source=source,
            reference=reference,
        )  # fmt: skip
        return await arrivals.announce(told, key=key, at=now())

    _tell(_change(announced), json)


def postpone(receipt: Receipt, at: At, json: AsJson = False) -> None:
    """Say when the goods come instead."""

    async def moved(arrivals: Any, key: str) -> Any:
        return await arrivals.postpone(receipt, at.astimezone(), key=key, at=now())

    _tell(_change(moved), json)


def give_up(receipt: Receipt, reason: Reason = "", by: By = "", json: AsJson = False) -> None:
    """Wait no more for what is outstanding."""

    async def given_up(arrivals: Any, key: str) -> Any:
        return await arrivals.give_up(receipt, reason=f"{reason} ({who(by)})".strip(), key=key, at=now())

    _tell(_change(given_up), json)


def expected(
    sku: Annotated[str, typer.Argument(metavar="[SKU]", help=say("stock.show.sku"))] = "",
    warehouse: Annotated[str, typer.Option(help=say("stock.show.warehouse"))] = "",
    json: AsJson = False,
) -> None:
    """List what is outstanding, the next one first."""

    async def asked(unit: Any) -> Sequence[ExpectedReceipt]:
        from oms_workflow.domain.ports.arrivals import Arrivals
        from oms_workflow.store.bindings import bind

        found: Sequence[ExpectedReceipt] = await bind(Arrivals, unit).expected(
            [sku] if sku else None, [warehouse] if warehouse else None
        )
        return found

    found = ask_store(asked)
    if json:
        as_json({"receipts": [_document(one) for one in found]})
    elif not found:
        out.print(say("stock.expected.none"))
    else:
        rows = [
            [one.id, one.sku, one.warehouse, one.outstanding, moment(one.expected_at), one.source, one.reference]
            for one in found
        ]
        as_table(titles("receipt", "sku", "warehouse", "outstanding#", "expected", "source", "reference"), rows)


def receive(
    receipt: Receipt,
    pieces: Pieces,
    damaged: Annotated[int, typer.Option(min=0, max=1_000_000, help=say("stock.receive.damaged"))] = 0,
    json: AsJson = False,
) -> None:
    """Book what came, as the warehouse's own news would, so that orders that wait are told."""
    if damaged > pieces:
        raise Unusable(say("stock.receive.too_damaged", damaged=damaged, pieces=pieces), code="bad-pieces")
    event = f"cli-{uuid.uuid4().hex}"  # noqa: TID251 - each command is news of its own

    async def told(house: Any) -> Any:
        from oms_workflow.temporal.front_desk import News

        at = now()
        body = {"event": event, "occurred_at": at.isoformat(), "receipt": receipt, "quantity": pieces}
        news = News(id=event, kind="stock.arrived", body=body | {"damaged": damaged}, at=at)
        taken = await house.house.front_desk.take(news)
        if not taken.done:
            raise OrderRefused(taken.remark, code="NOT_RECEIVED")
        return await _one(house.house.database, receipt)

    _tell(ask_house(told), json)


async def _one(database: Any, receipt: str) -> ExpectedReceipt:
    from oms_workflow.domain.ports.arrivals import Arrivals
    from oms_workflow.store.bindings import bind
    from oms_workflow.store.unit_of_work import UnitOfWork

    async with UnitOfWork(database) as unit:
        found: ExpectedReceipt = await bind(Arrivals, unit).get(receipt)
        return found


def _change(change: Callable[[Any, str], Awaitable[Any]]) -> ExpectedReceipt:
    async def asked(unit: Any) -> Any:
        from oms_workflow.domain.ports.arrivals import Arrivals
        from oms_workflow.store.bindings import bind

        done = await change(bind(Arrivals, unit), f"cli-{uuid.uuid4().hex}")  # noqa: TID251 - a change of its own
        await unit.commit()
        return done

    found: ExpectedReceipt = ask_store(asked)
    return found


def _document(one: ExpectedReceipt) -> dict[str, Any]:
    names = ("id", "sku", "warehouse", "quantity", "arrived", "missing", "outstanding", "source", "reference")
    return {name: getattr(one, name) for name in names} | {"expected_at": iso(one.expected_at)}


def _tell(one: ExpectedReceipt, json: bool) -> None:
    if json:
        as_json(_document(one))
    else:
        at = moment(one.expected_at)
        out.print(say("stock.expect.told", **_document(one) | {"expected_at": at}), markup=False)
