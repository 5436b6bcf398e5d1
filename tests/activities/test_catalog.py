"""What every activity of the shop owes its readers: a title in two languages, words for each field, known ports."""

from __future__ import annotations

import inspect

import pytest
from pydantic import BaseModel

from oms_workflow.catalog.declaration import OUTSIDE_QUEUE, SHOP_QUEUE
from oms_workflow.catalog.registry import discover
from oms_workflow.domain.ports.carrier_gateway import CarrierGateway
from oms_workflow.domain.ports.notification_gateway import NotificationGateway
from oms_workflow.domain.ports.payment_provider import PaymentProvider
from oms_workflow.domain.ports.risk_service import RiskService
from oms_workflow.domain.ports.warehouse_system import WarehouseSystem

from .bench import known_ports

CATALOG = discover(["activities"])
SLOW = {CarrierGateway, NotificationGateway, PaymentProvider, RiskService, WarehouseSystem}
PERSONAL = {"name", "phone", "email", "street", "address", "contact", "to", "postal_code"}

every_activity = pytest.mark.parametrize("name", CATALOG)


@every_activity
def test_a_palette_can_show_it_in_both_languages(name: str) -> None:
    """The analyst picks it by its title, not by its module."""
    declared = CATALOG[name]
    assert declared.title
    assert any("\u4e00" <= letter <= "\u9fff" for letter in declared.title_zh)


@every_activity
def test_it_says_what_a_second_call_does(name: str) -> None:
    """There will be one: the engine calls at least once."""
    said = inspect.getdoc(CATALOG[name].function) or ""
    assert "second call" in said.lower()


@every_activity
def test_it_asks_only_for_ports_a_worker_can_give(name: str) -> None:
    """An unknown port would fail on the first order, not at the start of the worker."""
    assert set(CATALOG[name].ports.values()) <= known_ports()


@every_activity
def test_waiting_for_others_has_a_queue_of_its_own(name: str) -> None:
    """A carrier that is down must not hold up what needs only the database."""
    declared = CATALOG[name]
    waits = SLOW & set(declared.ports.values())
    assert declared.queue in ((OUTSIDE_QUEUE,) if waits else (SHOP_QUEUE, OUTSIDE_QUEUE))


@every_activity
def test_its_inputs_and_outputs_carry_no_personal_data(name: str) -> None:
    """Whatever an activity takes or gives stands in a history for ever."""
    declared = CATALOG[name]
    fields = [*_fields(declared.input), *_fields(declared.output)]
    assert not PERSONAL & {field for field, _ in fields}


@every_activity
def test_its_inputs_and_outputs_are_explained(name: str) -> None:
    """The modeler shows these words beside each field."""
    declared = CATALOG[name]
    for model in (declared.input, declared.output):
        for field, told in model.model_fields.items():
            assert told.description or _is_model(told.annotation), f"{model.__name__}.{field}"


def _is_model(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _fields(model: type[BaseModel]) -> list[tuple[str, object]]:
    found = []
    for name, told in model.model_fields.items():
        found.append((name, told.annotation))
        if isinstance(told.annotation, type) and issubclass(told.annotation, BaseModel):
            found += _fields(told.annotation)
    return found
