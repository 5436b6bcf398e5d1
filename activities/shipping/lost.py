"""Parcels that do not arrive: give them up, send the goods again, or open what entitles the buyer to the money."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.shipping.contents import Goods, by_order, goods_of, value_of
from activities.subjects import OfPackage
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.fulfilment import FulfilmentOrder
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.returns import ReceivedPieces, Returns
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.ports.stock import Stock, Warehouses
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.returns import Acceptance, ReturnRequestLine, ReturnType
from oms_workflow.domain.shipment import Package


class WrittenOff(BaseModel):
    """What was lost."""

    pieces: int = Field(description="Pieces in the parcel")
    value: Decimal = Field(description="What the buyers pay for them")
    currency: str = Field(description="ISO 4217 code of the value")


class Replacement(BaseModel):
    """What could be sent in place of a lost parcel."""

    wanted: int = Field(description="Pieces in the parcel")
    available: int = Field(description="Of these, pieces that lie unpromised where they may be sent from")
    lost_before: int = Field(description="Other parcels with the same lines that were given up")


class SentAgain(BaseModel):
    """What will be sent anew."""

    pieces: int = Field(description="Pieces that are open again and need stock")


class Claim(BaseModel):
    """One order's right to money."""

    order_id: str = Field(description="Order the pieces belong to")
    return_id: str = Field(description="Return that settles them")


class Claims(BaseModel):
    """Who may be refunded."""

    claims: list[Claim] = Field(description="One entry for each order with pieces in the parcel")


@node_activity(
    "shipping.write_off",
    title="Write the lost parcel off",
    title_zh="丢件报损",
    errors=may_refuse(Refusal.UNKNOWN_SHIPMENT, Refusal.ILLEGAL_MOVE),
)
async def write_off(
    cmd: OfPackage, shipments: Shipments, fulfilments: Fulfilments, orders: Orders, call: Call
) -> WrittenOff:
    """Give a lost parcel up. A second call finds it given up; a parcel that arrived is refused."""
    package, fulfilment = await _find(cmd.package_id, shipments, fulfilments)
    await shipments.write_off(package.id, key=call.key, at=call.at)
    goods = await goods_of(package.pieces, orders)
    return WrittenOff(
        pieces=sum(one.quantity for one in goods),
        value=value_of(goods, fulfilment.currency).amount,
        currency=fulfilment.currency,
    )


@node_activity(
    "shipping.check_replacement",
    title="Check the stock for a replacement",
    title_zh="查看补发库存",
    errors=may_refuse(Refusal.UNKNOWN_SHIPMENT),
)
async def check_replacement(
    cmd: OfPackage,
    shipments: Shipments,
    fulfilments: Fulfilments,
    orders: Orders,
    stock: Stock,
    warehouses: Warehouses,
    call: Call,
) -> Replacement:
    """Count how many pieces of a parcel could be sent again. Promises nothing: a second call may count differently."""
    package, fulfilment = await _find(cmd.package_id, shipments, fulfilments)
    goods = await goods_of(package.pieces, orders)
    order = await orders.get(fulfilment.order_id)
    candidates = await warehouses.candidates(order.destination, currency=order.currency, at=call.at)
    left = {
        (one.sku, one.warehouse): one.available
        for one in await stock.balances({one.line.sku for one in goods}, [one.warehouse for one in candidates])
    }
    available = 0
    for one in goods:
        serving = [place.warehouse for place in candidates if place.ships_for(one.line.seller)]
        available += _take(one, serving, left)
    return Replacement(
        wanted=sum(one.quantity for one in goods),
        available=available,
        lost_before=await _lost_before(package, {one.order.id for one in goods}, shipments),
    )


async def _lost_before(package: Package, order_ids: Iterable[str], shipments: Shipments) -> int:
    """Count parcels that were given up and had pieces of the same lines."""
    lines = dict(package.pieces).keys()
    lost = {
        one.id
        for order_id in order_ids
        for shipment in await shipments.of_order(order_id)
        for one in shipment.packages
        if one.written_off_at is not None and lines & dict(one.pieces).keys()
    }
    return len(lost - {package.id})


def _take(goods: Goods, places: list[str], left: dict[tuple[str, str], int]) -> int:
    """Count what these warehouses can give of some goods, and leave the rest to the next ones."""
    taken = 0
    for place in places:
        there = min(left.get((goods.line.sku, place), 0), goods.quantity - taken)
        if there > 0:
            left[goods.line.sku, place] -= there
            taken += there
    return taken


@node_activity(
    "shipping.send_again",
    title="Send the goods again",
    title_zh="补发",
    errors=may_refuse(Refusal.UNKNOWN_SHIPMENT, Refusal.QUANTITY_EXCEEDED),
)
async def send_again(
    cmd: OfPackage, shipments: Shipments, fulfilments: Fulfilments, orders: Orders, call: Call
) -> SentAgain:
    """Open the pieces of a written-off parcel again, so that they are sourced and shipped anew.

    A second call opens nothing twice. Refused for pieces that are refunded.
    """
    package, _ = await _find(cmd.package_id, shipments, fulfilments)
    for order_id, pieces in by_order(package.pieces).items():
        await orders.send_again(order_id, pieces, key=f"{call.key}.{order_id}", at=call.at)
    return SentAgain(pieces=sum(quantity for _, quantity in package.pieces))


@node_activity(
    "shipping.claim_lost",
    title="Entitle the buyer to the money for lost goods",
    title_zh="登记丢件退款",
    errors=may_refuse(Refusal.UNKNOWN_SHIPMENT, Refusal.QUANTITY_EXCEEDED),
)
async def claim_lost(
    cmd: OfPackage, shipments: Shipments, fulfilments: Fulfilments, returns: Returns, call: Call
) -> Claims:
    """Open and accept a refund without return for the pieces of a written-off parcel. A second call gives the same."""
    package, _ = await _find(cmd.package_id, shipments, fulfilments)
    claims = []
    for order_id, pieces in by_order(package.pieces).items():
        key = f"{call.key}.{order_id}"
        wanted = [ReturnRequestLine(line_id=line, quantity=many) for line, many in pieces.items()]
        opened = await returns.open(
            order_id, ReturnType.REFUND_WITHOUT_RETURN, wanted, reason="lost_parcel", key=key, at=call.at
        )
        verdicts = {item.id: Acceptance.ACCEPTED for item in opened.items}
        await returns.judge(opened.id, verdicts, note="the parcel was lost", key=key, at=call.at)
        claims.append(Claim(order_id=order_id, return_id=opened.id))
    return Claims(claims=claims)


@node_activity(
    "shipping.take_back",
    title="Take the returned parcel in",
    title_zh="退回件入库",
    errors=may_refuse(Refusal.UNKNOWN_SHIPMENT, Refusal.QUANTITY_EXCEEDED),
)
async def take_back(
    cmd: OfPackage, shipments: Shipments, fulfilments: Fulfilments, returns: Returns, call: Call
) -> Claims:
    """Book a parcel that nobody took as a return that is received and accepted; its goods are on the shelf again.

    A second call gives the same returns.
    """
    package, fulfilment = await _find(cmd.package_id, shipments, fulfilments)
    claims = []
    for order_id, pieces in by_order(package.pieces).items():
        key = f"{call.key}.{order_id}"
        wanted = [ReturnRequestLine(line_id=line, quantity=many) for line, many in pieces.items()]
        opened = await returns.open(order_id, ReturnType.RETURN, wanted, reason="undeliverable", key=key, at=call.at)
        counted = [ReceivedPieces(item_id=item.id, quantity=item.quantity) for item in opened.items]
        received = await returns.receive(opened.id, fulfilment.warehouse, counted, key=key, at=call.at)
        verdicts = {item.id: Acceptance.ACCEPTED for item in received.items}
        await returns.judge(opened.id, verdicts, note="the carrier brought it back", key=key, at=call.at)
        claims.append(Claim(order_id=order_id, return_id=opened.id))
    return Claims(claims=claims)


async def _find(package_id: str, shipments: Shipments, fulfilments: Fulfilments) -> tuple[Package, FulfilmentOrder]:
    """Look a parcel up by its id, which begins with the id of its shipment."""
    shipment = await shipments.get(package_id.rpartition(".")[0])
    for package in shipment.packages:
        if package.id == package_id:
            return package, await fulfilments.get(shipment.fulfilment_id)
    raise refuse(Refusal.UNKNOWN_SHIPMENT, f"There is no parcel {package_id!r}. Check the id.")
