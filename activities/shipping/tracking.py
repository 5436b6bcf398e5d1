"""Where the parcels of a fulfilment order are, by what carriers told or tell when they are asked. Decides nothing."""

from __future__ import annotations

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfFulfilment
from oms_workflow.catalog.declaration import OUTSIDE_QUEUE, Call, node_activity
from oms_workflow.domain.ports.carrier_gateway import CarrierGateway
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.shipments import Shipments, Tracking
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.shipment import Package, ShipmentStatus
from oms_workflow.domain.tracking import FINAL, ParcelStatus


class CheckParcels(OfFulfilment):
    """Which parcels are dealt with already."""

    dealt_with: list[str] = Field(
        default_factory=list, description="Parcels that were given up or taken back: they are not waited for"
    )


class Parcels(BaseModel):
    """Where the parcels are now."""

    open: int = Field(description="Parcels that are still on their way")
    delivered: int = Field(description="Parcels that arrived")
    lost: list[str] = Field(description="Parcels the carrier gave up, and nobody dealt with")
    returned: list[str] = Field(description="Parcels that came back to us, and nobody dealt with")


class News(Parcels):
    """What the carriers say when they are asked."""

    moved: int = Field(description="Parcels of which something new was reported")
    quiet: list[str] = Field(description="Parcels on their way of which nothing new was reported")


@node_activity(
    "shipping.check_parcels",
    title="See where the parcels are",
    title_zh="查看包裹状态",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT),
)
async def check_parcels(cmd: CheckParcels, fulfilments: Fulfilments, shipments: Shipments) -> Parcels:
    """Count parcels by where they are. Changes nothing, so a second call may count differently.

    Without parcels none is open.
    """
    return _parcels(await _packages(cmd, fulfilments, shipments), cmd.dealt_with)


@node_activity(
    "shipping.look_for_news",
    title="Ask the carrier for news",
    title_zh="主动查询物流",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT),
    queue=OUTSIDE_QUEUE,
)
async def look_for_news(
    cmd: CheckParcels,
    fulfilments: Fulfilments,
    shipments: Shipments,
    tracking: Tracking,
    carrier: CarrierGateway,
    call: Call,
) -> News:
    """Ask about every parcel on its way and keep what is new.

    A second call asks again, and known reports change nothing. Without parcels on their way nobody is asked.
    """
    before = await _packages(cmd, fulfilments, shipments)
    asked = [one for one in before if _is_open(one, cmd.dealt_with)]
    reports = [event for one in asked for event in await carrier.track(one.carrier, one.tracking_number)]
    changed = {news.package_id for news in await tracking.record(reports, at=call.at)}
    after = _parcels(await _packages(cmd, fulfilments, shipments), cmd.dealt_with)
    return News(
        **after.model_dump(),
        moved=len(changed),
        quiet=[one.id for one in asked if one.id not in changed],
    )


async def _packages(cmd: CheckParcels, fulfilments: Fulfilments, shipments: Shipments) -> list[Package]:
    fulfilment = await fulfilments.get(cmd.fulfilment_id)
    return [
        package
        for shipment in await shipments.of_fulfilment(fulfilment.id)
        if shipment.status is ShipmentStatus.HANDED_OVER
        for package in shipment.packages
    ]


def _is_open(package: Package, dealt_with: list[str]) -> bool:
    over = FINAL | {ParcelStatus.LOST}
    return package.status not in over and package.id not in dealt_with


def _parcels(packages: list[Package], dealt_with: list[str]) -> Parcels:
    def waiting(status: ParcelStatus) -> list[str]:
        return [one.id for one in packages if one.status is status and one.id not in dealt_with]

    return Parcels(
        open=sum(1 for one in packages if _is_open(one, dealt_with)),
        delivered=sum(1 for one in packages if one.status is ParcelStatus.DELIVERED),
        lost=waiting(ParcelStatus.LOST),
        returned=waiting(ParcelStatus.RETURNED),
    )
