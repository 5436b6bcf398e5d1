"""Search attributes on a cluster somebody else runs: a fresh namespace of a real server stands for it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from oms_workflow.errors import WorldUnavailable
from oms_workflow.temporal.attributes import ensure_search_attributes, missing
from oms_workflow.temporal.devserver import DevServer
from oms_workflow.temporal.names import SEARCH_ATTRIBUTES
from oms_workflow.temporal.plugin import oms_plugin

pytestmark = pytest.mark.server

KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD


async def bare(server: DevServer, namespace: str) -> Client:
    """Give a client of a new namespace, which knows nothing of ours."""
    client = await Client.connect(server.address, namespace=namespace, plugins=[oms_plugin()])
    keep = Duration()
    keep.FromTimedelta(timedelta(days=1))
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=namespace, workflow_execution_retention_period=keep)
    )
    for _ in range(100):  # its members hear of it one after the other
        try:
            await client.count_workflows("")
            break
        except RPCError:
            await asyncio.sleep(0.1)
    return client


async def test_attributes_a_namespace_lacks_are_added_and_then_left_alone(server: DevServer):
    """Without them every order would be refused at its start."""
    client = await bare(server, "fresh")
    ours = {key.name for key in SEARCH_ATTRIBUTES}
    assert {key.name for key in await missing(client)} == ours

    assert set(await ensure_search_attributes(client)) == ours

    assert await ensure_search_attributes(client) == ()


async def test_where_none_can_be_added_the_operator_is_told_the_commands(server: DevServer):
    """A namespace takes ten keywords; this one is full. Missing rights end the same way."""
    client = await bare(server, "full")
    full = AddSearchAttributesRequest(namespace="full", search_attributes={f"Other{n}": KEYWORD for n in range(10)})
    await client.operator_service.add_search_attributes(full)

    with pytest.raises(WorldUnavailable) as refused:
        await ensure_search_attributes(client)

    said = str(refused.value)
    command = "temporal operator search-attribute create --namespace full --name"
    assert f"{command} OmsProcess --type Keyword" in said
    assert f"{command} OmsIncident --type Bool" in said


async def test_our_own_server_brings_them(server: DevServer):
    client = await Client.connect(server.address)

    assert await missing(client) == ()
