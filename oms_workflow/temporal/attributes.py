"""Search attributes on a cluster that is not ours: asked for, added where we may, else told how to add them.

A cluster that does not know one of them refuses every start. Asking by a query needs no operator's rights, so it also
works where attributes are made by hand, such as on Temporal Cloud.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from oms_workflow.errors import WorldUnavailable
from oms_workflow.temporal.names import SEARCH_ATTRIBUTES, Attribute

KNOWN_AFTER_SECONDS = 60  # a cluster tells its members of new attributes within that time
LOOK_SECONDS = 0.5
TYPES = {"keyword": "Keyword", "bool": "Bool"}  # our words for Temporal's, as its command line spells them


async def ensure_search_attributes(client: Client) -> tuple[str, ...]:
    """Make sure that the cluster knows our search attributes; gives the names of those that were added.

    Raises:
        WorldUnavailable: When some are missing and we may not add them, or the cluster is full or does not answer. The
            message holds the commands that an operator has to run.
    """
    absent = await missing(client)
    if not absent:
        return ()
    kinds = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in absent}
    request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=kinds)
    try:
        await client.operator_service.add_search_attributes(request)
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:  # somebody else was just faster
            raise WorldUnavailable(_how_to(client, absent, error.message)) from error
    for _ in range(int(KNOWN_AFTER_SECONDS / LOOK_SECONDS)):
        if not await missing(client):
            return tuple(key.name for key in absent)
        await asyncio.sleep(LOOK_SECONDS)
    raise WorldUnavailable(_how_to(client, absent, f"not known after {KNOWN_AFTER_SECONDS} s"))


async def missing(client: Client) -> Sequence[Attribute]:
    """Give those of our search attributes that the cluster does not know.

    Raises:
        WorldUnavailable: When it does not answer.
    """
    if await _knows(client, SEARCH_ATTRIBUTES):
        return ()
    return [key for key in SEARCH_ATTRIBUTES if not await _knows(client, [key])]


async def _knows(client: Client, attributes: Sequence[Attribute]) -> bool:
    about = " AND ".join(f"{key.name} IS NULL" for key in attributes)
    try:
        await client.count_workflows(f"WorkflowId = 'oms' AND {about}")
    except RPCError as error:
        if error.status is RPCStatusCode.INVALID_ARGUMENT:
            return False
        raise WorldUnavailable(f"Temporal did not say which search attributes it knows: {error.message}") from error
    return True


def _how_to(client: Client, absent: Sequence[Attribute], reason: str) -> str:
    commands = "\n".join(
        f"  temporal operator search-attribute create --namespace {client.namespace}"
        f" --name {key.name} --type {TYPES[key.indexed_value_type.name.lower()]}"
        for key in absent
    )
    return (
        f"Namespace {client.namespace!r} lacks search attributes that every order carries, and they could not be added "
        f"({reason}). Have an operator run, or add them in Temporal Cloud's pages:\n{commands}"
    )
