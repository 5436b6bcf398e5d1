"""What tests of a channel's orders share: one order read, and one taken in."""

from __future__ import annotations

from hypothesis import strategies as st

from oms_workflow.connect.reception import sales_order
from oms_workflow.connect.reception.sales_order import ChannelOrder
from oms_workflow.domain.intake import Draft
from oms_workflow.store.bindings import bind
from oms_workflow.store.unit_of_work import UnitOfWork

from .front_desk import FrontDesk
from .outside import DAY, MORNING

NOW = MORNING + DAY

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=4).map(float)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
"""Whatever may stand in a field of a body."""


def draft(order: ChannelOrder) -> Draft:
    assert order.reading.draft is not None, order.reading.problems
    return order.reading.draft


async def take(desk: FrontDesk, order: ChannelOrder) -> list[str]:
    """Take an order in; gives the names of its messages."""
    async with UnitOfWork(desk.database) as unit:
        ports = {port: bind(port, unit) for port in sales_order.PORTS}
        received = await sales_order.receive(order, ports, at=NOW)
        await unit.commit()
    return [one.name for one in received.messages]
