"""Which class of this room stands behind which port."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.audits import Audits
from oms_workflow.domain.ports.bundles import Bundles
from oms_workflow.domain.ports.cartons import Cartons
from oms_workflow.domain.ports.customers import AuditFactsSource, Customers
from oms_workflow.domain.ports.delivery_times import DeliveryTimes
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.imports import ImportBatches
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.notices import Notices
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.parcel_rates import ParcelRates
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.promises import Promises
from oms_workflow.domain.ports.rebalancing import Rebalancing
from oms_workflow.domain.ports.returns import Returns
from oms_workflow.domain.ports.shipments import Shipments, Tracking
from oms_workflow.domain.ports.stock import Stock, Warehouses
from oms_workflow.domain.ports.unit import Checkpoint
from oms_workflow.domain.ports.waves import Waves
from oms_workflow.store.arrivals import StoredArrivals
from oms_workflow.store.audit_facts import StoredAuditFacts
from oms_workflow.store.audits import StoredAudits
from oms_workflow.store.bundles import StoredBundles
from oms_workflow.store.cartons import StoredCartons
from oms_workflow.store.customers import StoredCustomers
from oms_workflow.store.delivery_times import StoredDeliveryTimes
from oms_workflow.store.fulfilments import StoredFulfilments
from oms_workflow.store.holds import StoredHolds
from oms_workflow.store.imports import Imports
from oms_workflow.store.merges import StoredMerges
from oms_workflow.store.notices import StoredNotices
from oms_workflow.store.orders import StoredOrders
from oms_workflow.store.parcel_rates import StoredParcelRates
from oms_workflow.store.payments import StoredPayments
from oms_workflow.store.promises import StoredPromises
from oms_workflow.store.rebalancing import StoredRebalancing
from oms_workflow.store.returns import StoredReturns
from oms_workflow.store.shipments import StoredShipments
from oms_workflow.store.stock import StoredStock
from oms_workflow.store.tracking import StoredTracking
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.store.warehouses import StoredWarehouses
from oms_workflow.store.waves import StoredWaves

PORTS: dict[type, Callable[[UnitOfWork], Any]] = {
    Orders: StoredOrders,
    Holds: StoredHolds,
    Stock: StoredStock,
    Warehouses: StoredWarehouses,
    Arrivals: StoredArrivals,
    Bundles: StoredBundles,
    Fulfilments: StoredFulfilments,
    Shipments: StoredShipments,
    Tracking: StoredTracking,
    Returns: StoredReturns,
    PaymentLedger: StoredPayments,
    Merges: StoredMerges,
    Customers: StoredCustomers,
    AuditFactsSource: StoredAuditFacts,
    Audits: StoredAudits,
    Notices: StoredNotices,
    ImportBatches: Imports,
    Rebalancing: StoredRebalancing,
    Cartons: StoredCartons,
    ParcelRates: StoredParcelRates,
    DeliveryTimes: StoredDeliveryTimes,
    Promises: StoredPromises,
    Waves: StoredWaves,
    Checkpoint: lambda unit: unit,
}
"""Ports to our own data, each with what makes its implementation for a unit of work."""


def bind(port: type, unit: UnitOfWork) -> Any:
    """Give the implementation of a port for a unit of work.

    Raises:
        KeyError: For a port that is not one to our own data.
    """
    return PORTS[port](unit)


def _complete(unit: UnitOfWork) -> tuple[
    Orders, Holds, Stock, Warehouses, Fulfilments, Shipments, Tracking, Returns, PaymentLedger, Merges, Customers,
    AuditFactsSource, Notices, ImportBatches, Checkpoint, Arrivals, Bundles,
    Rebalancing, Cartons, ParcelRates, DeliveryTimes, Promises, Waves,
]:  # fmt: skip
    """Have the type checker compare every class with its port; never called."""
    return (
        StoredOrders(unit), StoredHolds(unit), StoredStock(unit), StoredWarehouses(unit), StoredFulfilments(unit),
        StoredShipments(unit), StoredTracking(unit), StoredReturns(unit), StoredPayments(unit), StoredMerges(unit),
        StoredCustomers(unit), StoredAuditFacts(unit), StoredNotices(unit), Imports(unit), unit,
        StoredArrivals(unit), StoredBundles(unit), StoredRebalancing(unit),
        StoredCartons(unit), StoredParcelRates(unit), StoredDeliveryTimes(unit), StoredPromises(unit),
        StoredWaves(unit),
    )  # fmt: skip
