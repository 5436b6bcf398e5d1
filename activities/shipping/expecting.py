"""What a fulfilment order will be as parcels, and what carriers would ask for it. Reads the shop, changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from activities.shipping.contents import Goods, goods_of
from activities.shipping.packing import consignment, pack
from oms_workflow.domain.carrier_choice import Product
from oms_workflow.domain.carton import PackingPlan
from oms_workflow.domain.cash_on_delivery import cash_to_collect
from oms_workflow.domain.fulfilment import FulfilmentOrder
from oms_workflow.domain.identity import order_of_line
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Destination, Order
from oms_workflow.domain.parcel_rates import Consignment, Priced, prices
from oms_workflow.domain.ports.cartons import Cartons
from oms_workflow.domain.ports.channel_write_back import ChannelWriteBack
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.parcel_rates import ParcelRates
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.promise import strictest


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedParcels:
    """A fulfilment order as it will be packed."""

    fulfilment: FulfilmentOrder
    goods: tuple[Goods, ...]
    plan: PackingPlan
    destination: Destination
    collect: Money | None  # what its carrier collects
    deliver_by: datetime | None  # the strictest promise of the orders in it

    @property
    def consignment(self) -> Consignment:
        """What a carrier sees."""
        return consignment(self.plan, self.fulfilment.warehouse, self.destination, self.collect)


@dataclass(frozen=True, slots=True)
class Expecting:
    """The ports it takes to say what parcels will be and cost."""

    fulfilments: Fulfilments
    orders: Orders
    ledger: PaymentLedger
    channels: ChannelWriteBack
    cartons: Cartons
    rates: ParcelRates

    async def parcels(self, fulfilment_id: str) -> ExpectedParcels:
        """Plan the parcels of a fulfilment order.

        Raises:
            OrderRefused: UNKNOWN_FULFILMENT.
        """
        fulfilment = await self.fulfilments.get(fulfilment_id)
        leading = await self.orders.get(fulfilment.order_id)
        goods = await goods_of(((line.line_id, line.quantity) for line in fulfilment.lines), self.orders)
        together: list[Order] = list({one.order.id: one.order for one in goods}.values())
        measured = await self.cartons.measured({one.line.sku for one in goods})
        divide = all(self.channels.abilities(one.channel).several_numbers_per_line for one in together)
        plan = pack(
            goods, await self.cartons.of(fulfilment.warehouse), measured, may_divide_lines=divide and not leading.sealed
        )
        return ExpectedParcels(
            fulfilment=fulfilment,
            goods=goods,
            plan=plan,
            destination=leading.destination,
            collect=await cash_of(fulfilment, self.orders, self.ledger),
            deliver_by=strictest(order.promise for order in (leading, *together)).deliver_by,
        )

    async def prices(self, parcels: ExpectedParcels, at: datetime) -> Mapping[Product, Priced]:
        """Say what every carrier with a price list for it would ask, by carrier and service."""
        where = parcels.destination
        known = await self.rates.to(where.country, parcels.fulfilment.warehouse, where.region)
        return prices(known, parcels.consignment, at.date())


async def cash_of(fulfilment: FulfilmentOrder, orders: Orders, ledger: PaymentLedger) -> Money | None:
    """Say what the carrier collects for a fulfilment order, of all orders in it; None when nothing is to be paid."""
    due: list[Money] = []
    for order_id in dict.fromkeys(order_of_line(line.line_id) for line in fulfilment.lines):
        view = await orders.view(order_id)
        first = min((one.id for one in view.fulfilments if one.is_active), default=fulfilment.id)
        captured = (await ledger.totals(order_id)).captured
        cash = cash_to_collect(view.order, fulfilment.lines, captured=captured, carries_credit=first == fulfilment.id)
        if cash is not None:
            due.append(cash)
    return total(due, fulfilment.currency) if due else None
