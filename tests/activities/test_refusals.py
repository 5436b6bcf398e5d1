"""Every refusal an activity declares can happen, and what happens is declared: the bench fails on any other code."""

from __future__ import annotations

from typing import Any

import pytest

from oms_workflow.catalog.registry import discover
from oms_workflow.errors import OrderRefused
from tests.domain.orders_for_tests import an_order

from . import refused_goods, refused_orders
from .bench import Bench
from .scenarios import SCENARIOS, SF

assert refused_goods and refused_orders  # importing them registers their scenarios

# -- ids nobody has

NOBODY: dict[str, Any] = {
    "order_id": "shop:none",
    "fulfilment_id": "shop:none.F1",
    "return_id": "shop:none.R1",
    "package_id": "shop:none.F1.S1.P1",
    "findings": [{"kind": "audit", "reason": "test"}],
    "template": "staff_sla_breached",
    "role": "planning",
    "reason": "manual",
    "allowed": [{"carrier": "sf", "service": "std"}],
    "revision": "shop:none.V1",
    "changes": 2,
    "parts": [],
    "packages": [],
    "warehouse": "HZ",
    "counted": [],
    "verdict": "accept",
    "merge_id": "",
    **SF,
}
CATALOG = discover(["activities"])
BY_ID = {"UNKNOWN_ORDER", "UNKNOWN_FULFILMENT", "UNKNOWN_RETURN", "UNKNOWN_SHIPMENT"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (name, code)
        for name, declared in CATALOG.items()
        for code in declared.errors
        if code in BY_ID and (name, code) not in SCENARIOS
    ],
)
async def test_an_id_nobody_has_is_refused_by_name(bench: Bench, name: str, code: str) -> None:
    """A slip in a mapping must be told from a thing that is gone."""
    declared = CATALOG[name]
    reference = await bench.somebody(an_order(("a", "TEA", 1)))
    inputs = {field: (NOBODY | {"customer_ref": reference}).get(field) for field in declared.input.model_fields}
    known = {field: value for field, value in inputs.items() if value is not None}
    with pytest.raises(OrderRefused) as refused:
        await bench.run(declared.function, **known)
    assert refused.value.code == code


@pytest.mark.parametrize(("name", "code"), sorted(SCENARIOS))
async def test_a_declared_refusal_happens(bench: Bench, name: str, code: str) -> None:
    """A boundary event for something that never happens misleads the analyst."""
    with pytest.raises(OrderRefused) as refused:
        await SCENARIOS[name, code](bench)
    assert refused.value.code == code


def test_every_declared_refusal_has_its_scenario() -> None:
    """A new code comes with the story in which it happens."""
    declared = {(name, code) for name, one in CATALOG.items() for code in one.errors if code not in BY_ID}
    assert declared <= set(SCENARIOS)
    assert set(SCENARIOS) <= {(name, code) for name, one in CATALOG.items() for code in one.errors}
