"""What staff answers goes to the process that asked, not to the shop's books; an address found out, to the vault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from oms_workflow.connect.reception.body import Id, Told, read
from oms_workflow.connect.reception.contact import read_contact
from oms_workflow.domain.identity import channel_of
from oms_workflow.domain.ports.customers import Customers

PORTS: tuple[type, ...] = (Customers,)
"""Ports that taking an answer needs."""


class TaskBody(Told):
    """Somebody filled in the form of a user task."""

    order: Id
    instance: Id
    element: Id
    token: int = Field(ge=0)
    variables: dict[str, Any] = Field(max_length=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAnswered:
    """The answer to one user task, as its process takes it."""

    order_id: str
    instance: str  # workflow id
    element: str
    token: int
    variables: dict[str, Any]  # with `customer_ref`, when staff found an address out


async def task_answered(
    body: Mapping[str, Any], ports: Mapping[type, Any], *, private: Mapping[str, Any], at: datetime
) -> TaskAnswered:
    """Take the answer to a user task.

    Args:
        private: Holds `contact` when staff found an address out: it is kept in the vault, the process gets its
            reference.
        ports: Holds PORTS.
        at: UTC.

    Raises:
        OrderRefused: DATA_REFUSED, for a bad body or contact.
    """
    told = read(TaskBody, body, at=at)
    variables = dict(told.variables)
    if private.get("contact"):
        key = f"staff/{told.instance}/{told.event}"
        channel = channel_of(told.order)
        contact = read_contact(private, at=at)
        record = await ports[Customers].keep(contact, channel=channel, buyer_id="", key=key, at=at)
        variables["customer_ref"] = record.customer_ref
    return TaskAnswered(
        order_id=told.order, instance=told.instance, element=told.element, token=told.token, variables=variables
    )
