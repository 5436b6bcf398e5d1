"""`oms money reconcile`: each order with what was ordered, taken, given back and is open, and why amounts differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.money import statement
from oms_workflow.cli.screen import DONE, NO, AsJson, as_json, leave
from oms_workflow.cli.wording import unknown
from oms_workflow.domain.reconciliation import Claim, Reconciled, Standing, reconcile

if TYPE_CHECKING:
    from oms_workflow.store.accounts import AccountQuery, KeptAside

DAY = ["%Y-%m-%d"]


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("reconcile", help=say("money.reconcile.help"))(reconcile_)


def reconcile_(
    channel: Annotated[str, typer.Option(help=say("money.reconcile.channel"))] = "",
    order: Annotated[str, typer.Option(help=say("money.reconcile.order"))] = "",
    since: Annotated[datetime | None, typer.Option(formats=DAY, help=say("money.reconcile.since"))] = None,
    until: Annotated[datetime | None, typer.Option(formats=DAY, help=say("money.reconcile.until"))] = None,
    show_all: Annotated[bool, typer.Option("--all", help=say("money.reconcile.all"))] = False,
    csv: Annotated[Path | None, typer.Option(help=say("money.reconcile.csv"))] = None,
    json: AsJson = False,
) -> None:
    """Reconcile; the exit code is 1 when a difference needs a person."""
    from oms_workflow.store.accounts import AccountQuery

    query = AccountQuery(channel=channel, order_id=order, since=_day(since), until=_day(until))
    found, aside = ask_store(lambda unit: _reconciled(unit, query))
    if csv is not None:
        statement.write_csv(found, csv)
    shown = found if show_all else [one for one in found if one.differences]
    if json:
        as_json(statement.document(found, shown, aside))
    else:
        statement.show(found, shown, aside)
        statement.say_written(found, csv)
    leave(NO if any(one.standing is Standing.DIFFERS for one in found) else DONE)


async def _reconciled(unit: Any, query: AccountQuery) -> tuple[Sequence[Reconciled], Sequence[KeptAside]]:
    from oms_workflow.connect.importing import history_in
    from oms_workflow.store.accounts import accounts, kept_aside
    from oms_workflow.store.order_list import channels

    found = []
    async for one in accounts(unit, query):
        history = history_in(one.notes)
        claim = Claim()
        if history is not None:
            claim = Claim(
                paid=history.paid, refunded=history.refunded, instalments=_count(history.facts.get("instalments", ""))
            )
        found.append(reconcile(one.account, claim))
    if not found and query.channel and query.channel not in (known := await channels(unit)):
        raise Unusable(unknown("orders.list.no_channel", query.channel, known), code="unknown-channel")
    narrowed = query.order_id or query.since or query.until
    aside = () if narrowed else await kept_aside(unit)
    return found, [one for one in aside if not query.channel or one.order_id.startswith(f"{query.channel}:")]


def _day(day: datetime | None) -> datetime | None:
    return None if day is None else day.replace(tzinfo=UTC)


def _count(text: str) -> int:
    """Read how many instalments a file told of; 1 when it told none."""
    return int(text) if text.isascii() and text.isdecimal() else 1
