"""What the house knows about hours, cut-offs, collections and days on the way, and which rule counts where.

Rules are few and edited by people; the most specific one wins. A rule names calendars, it does not hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from oms_workflow.domain.order import Destination
from oms_workflow.domain.route import MINUTES_A_DAY, Collection, Departure, Route, Transit
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.domain.working_time import WorkingTime


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseHours:
    """When a warehouse works, and how long it needs."""

    warehouse: str
    calendar: str
    handling: timedelta = timedelta(0)  # working time from order to ready


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseDay:
    """A day on which a warehouse has hours of its own: a stocktaking, a night shift. Stronger than its calendar."""

    warehouse: str
    day: date
    hours: tuple[tuple[int, int], ...] = ()  # (from, to) in minutes since local midnight; () is closed
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureRule:
    """Cut-off and collections of a warehouse, for every carrier ('', ''), one carrier, or one of its services."""

    warehouse: str
    carrier: str = ""
    service: str = ""
    cut_off: int | None = None  # minutes since local midnight; None: as a less specific rule says
    calendar: str | None = None  # days on which the carrier comes; None: as a less specific rule says, else always
    times: tuple[int, ...] | None = None  # of each day; () whenever goods are ready; None: as a less specific rule says


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierService:
    """A product of a carrier, and the days it works on."""

    carrier: str
    service: str
    network: str  # calendar of the days on which parcels move
    delivery: str  # calendar of the days on which parcels are delivered
    delivered_by: int = MINUTES_A_DAY  # the latest time of a day at which it delivers
    levels: tuple[ServiceLevel, ...] = ()  # orders it may be chosen for; () means all


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitRule:
    """Days on the way. '' stands for every warehouse, or for every region without a rule of its own."""

    carrier: str
    service: str
    country: str
    region: str = ""
    warehouse: str = ""
    days: int | None = None  # None: it is not served


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRules:
    """All rules that concern one destination, and the calendars they name."""

    hours: tuple[WarehouseHours, ...] = ()
    departures: tuple[DepartureRule, ...] = ()
    services: tuple[CarrierService, ...] = ()
    transits: tuple[TransitRule, ...] = ()
    calendars: Mapping[str, WorkingTime]
    own_hours: Mapping[str, WorkingTime]  # by warehouse: its calendar with the days that differ there

    def routes(self, warehouse: str, destination: Destination, level: ServiceLevel) -> tuple[Route, ...]:
        """Give the ways from a warehouse to a destination that orders of a service level may take.

        Nothing is known of a warehouse without hours, and nothing of a service without a rule for the region.
        """
        known = next((one for one in self.hours if one.warehouse == warehouse), None)
        if known is None:
            return ()
        found = (self._route(known, service, destination) for service in self.services if _serves(service, level))
        return tuple(one for one in found if one is not None)

    def _route(self, hours: WarehouseHours, service: CarrierService, destination: Destination) -> Route | None:
        rule = _most_specific(self.transits, service, hours.warehouse, destination)
        if rule is None or rule.days is None:
            return None
        leaving = _departure(self.departures, hours.warehouse, service)
        mine = self.own_hours[hours.warehouse]
        return Route(
            carrier=service.carrier,
            service=service.service,
            departure=Departure(
                warehouse=hours.warehouse, calendar=mine, handling=hours.handling, cut_off=leaving.cut_off
            ),
            collection=Collection(
                calendar=mine if leaving.calendar is None else self.calendars[leaving.calendar],
                times=leaving.times or (),
            ),
            transit=Transit(
                days=rule.days,
                network=self.calendars[service.network],
                delivery=self.calendars[service.delivery],
                delivered_by=service.delivered_by,
            ),
        )


def _serves(service: CarrierService, level: ServiceLevel) -> bool:
    return not service.levels or level in service.levels


def _most_specific(
    rules: Iterable[TransitRule], service: CarrierService, warehouse: str, destination: Destination
) -> TransitRule | None:
    """A rule for the region goes before one for the country, then one for the warehouse before one for all."""
    mine = [
        rule
        for rule in rules
        if (rule.carrier, rule.service) == (service.carrier, service.service)
        and rule.country == destination.country
        and rule.region in ("", destination.region)
        and rule.warehouse in ("", warehouse)
    ]
    return max(mine, key=lambda rule: (bool(rule.region), bool(rule.warehouse)), default=None)


def _departure(rules: Iterable[DepartureRule], warehouse: str, service: CarrierService) -> DepartureRule:
    """Put rules on top of each other, each filling what the more specific ones leave open."""
    wanted = ((service.carrier, service.service), (service.carrier, ""), ("", ""))
    mine = [
        rule for name in wanted for rule in rules if (rule.warehouse, rule.carrier, rule.service) == (warehouse, *name)
    ]
    return DepartureRule(
        warehouse=warehouse,
        cut_off=next((rule.cut_off for rule in mine if rule.cut_off is not None), None),
        calendar=next((rule.calendar for rule in mine if rule.calendar is not None), None),
        times=next((rule.times for rule in mine if rule.times is not None), None),
    )
