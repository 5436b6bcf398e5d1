"""`oms stock safety` and `oms stock sort-out`: the cushion that is never promised, and pieces unfit for sale."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store, now, who
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, out
from oms_workflow.cli.wording import either

if TYPE_CHECKING:
    from oms_workflow.domain.stock import Balance

KINDS = ("damage", "mend", "scrap")
Sku = Annotated[str, typer.Argument(metavar="SKU", help=say("stock.sku"))]
Warehouse = Annotated[str, typer.Argument(metavar="WAREHOUSE", help=say("stock.warehouse"))]
Pieces = Annotated[int, typer.Argument(metavar="PIECES", min=1, max=1_000_000, help=say("stock.pieces"))]
Reason = Annotated[str, typer.Option(help=say("stock.reason"))]
By = Annotated[str, typer.Option(help=say("by"))]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("safety", help=say("stock.safety.help"))(safety)
    group.command("sort-out", help=say("stock.sort_out.help"))(sort_out)


def safety(
    sku: Sku,
    warehouse: Warehouse,
    pieces: Annotated[int, typer.Argument(metavar="PIECES", min=0, max=1_000_000, help=say("stock.safety.pieces"))],
    reason: Reason = "",
    by: By = "",
    json: AsJson = False,
) -> None:
    """Keep so many pieces back from now on."""
    _tell(_book("set_safety", sku, warehouse, pieces, reason=_said(reason, by)), json)


def sort_out(
    sku: Sku,
    warehouse: Warehouse,
    pieces: Pieces,
    kind: Annotated[str, typer.Option("--as", help=say("stock.sort_out.kind"))] = "damage",
    reason: Reason = "",
    by: By = "",
    json: AsJson = False,
) -> None:
    """Take unpromised pieces off the shelf, put mended ones back, or throw damaged ones away."""
    from oms_workflow.domain.stock import EntryKind

    if kind not in KINDS:
        raise Unusable(say("stock.sort_out.bad_kind", kind=repr(kind), known=either(KINDS)), code="bad-kind")
    _tell(_book("sort_out", sku, warehouse, EntryKind(kind), pieces, reason=_said(reason, by)), json)


def _said(reason: str, by: str) -> str:
    return f"{reason} ({who(by)})".strip()


def _book(method: str, *what: Any, reason: str) -> Balance:
    async def asked(unit: Any) -> Any:
        from oms_workflow.domain.ports.stock import Stock
        from oms_workflow.store.bindings import bind

        key = f"cli-{uuid.uuid4().hex}"  # noqa: TID251 - each command is an entry of its own
        booked = await getattr(bind(Stock, unit), method)(*what, reason=reason, key=key, at=now())
        await unit.commit()
        return booked

    found: Balance = ask_store(asked)
    return found


def _tell(one: Balance, json: bool) -> None:
    from oms_workflow.cli.stock.showing import columns_of

    told = {"sku": one.sku, "warehouse": one.warehouse} | columns_of(one)
    if json:
        as_json(told)
    else:
        out.print(say("stock.booked", **told), markup=False)
