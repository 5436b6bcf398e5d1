"""Every table of the house in one place, so that nothing can be forgotten when they are created or compared."""

from __future__ import annotations

from oms_workflow.store.tables import (
    after_sales,
    audits,
    fulfilments,
    merges,
    orders,
    packing,
    people,
    processes,
    promises,
    stock,
    traffic,
    waves,
)
from oms_workflow.store.tables.columns import metadata
from oms_workflow.store.tables.triggers import TRIGGERS

MODULES = (
    orders,
    merges,
    stock,
    packing,
    fulfilments,
    after_sales,
    people,
    processes,
    traffic,
    audits,
    promises,
    waves,
)

__all__ = ["MODULES", "TRIGGERS", "metadata"]
