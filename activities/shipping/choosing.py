"""Which of the carriers the rules allow takes a shipment: by what each would ask, and whether it comes in time."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.shipping.expecting import Expecting
from activities.subjects import OfFulfilment
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.carrier_choice import AllowedCarrier, choose_carrier
from oms_workflow.domain.ports.cartons import Cartons
from oms_workflow.domain.ports.channel_write_back import ChannelWriteBack
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.parcel_rates import ParcelRates
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.refusals import Refusal


class Allowed(BaseModel):
    """One carrier the rules allow."""

    carrier: str = Field(description="Carrier, as the decision table names it", min_length=1)
    service: str = Field(description="The carrier's product", min_length=1)
    rank: int = Field(1, description="1 is preferred; a higher one only when no lower one keeps the promise", ge=1)


class ComparePrices(OfFulfilment):
    """Who may carry it."""

    allowed: list[Allowed] = Field(description="In the order of the rules", min_length=1)


class CarrierChosen(BaseModel):
    """Who carries it, and why."""

    place: int = Field(description="Its place among the allowed ones, from 1")
    cost: Decimal | None = Field(description="What it asks by its price list; empty when it has none for this lane")
    why: str = Field(description="Why, in English and Chinese")


@node_activity(
    "shipping.compare_prices",
    title="Compare carriers' prices",
    title_zh="承运商比价",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT),
)
async def compare_prices(
    cmd: ComparePrices,
    fulfilments: Fulfilments,
    orders: Orders,
    ledger: PaymentLedger,
    channels: ChannelWriteBack,
    cartons: Cartons,
    rates: ParcelRates,
    call: Call,
) -> CarrierChosen:
    """Choose the cheapest of the best rank that keeps the promise; without price lists, what the rules name first.

    Changes nothing, so a second call may see other prices.
    """
    expecting = Expecting(fulfilments, orders, ledger, channels, cartons, rates)
    parcels = await expecting.parcels(cmd.fulfilment_id)
    asked = await expecting.prices(parcels, call.at)
    allowed = [AllowedCarrier(carrier=one.carrier, service=one.service, rank=one.rank) for one in cmd.allowed]
    chosen = choose_carrier(allowed, asked, {}, deliver_by=parcels.deliver_by, currency=parcels.fulfilment.currency)
    assert chosen is not None, "the input asks for at least one"
    products = [one.product for one in allowed]
    return CarrierChosen(
        place=products.index((chosen.carrier, chosen.service)) + 1,
        cost=chosen.cost.amount if chosen.cost is not None else None,
        why=chosen.why,
    )
