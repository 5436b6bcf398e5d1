"""Running activities as a worker does: typed input, ports of one unit of work, answers remembered by key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from oms_workflow.catalog.declaration import MARK, Call, Declaration
from oms_workflow.domain.customer import Address, Contact
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.errors import OrderRefused
from oms_workflow.store.bindings import PORTS, bind
from oms_workflow.store.database import Database
from oms_workflow.store.effects import once
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON
from tests.store.shop import Shop

from .outside import Outside

SOMEBODY = Contact(
    name="测试员",
    address=Address(country="CN", region="浙江省", city="杭州市", district="西湖区", street="文三路1号"),
    phone="+8613800138000",
    email="nobody@example.com",
)


class Bench(Shop):
    """A shop whose activities can be run. Whatever an activity refuses has to be declared by it."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.outside = Outside()
        self.replaced: dict[type, Any] = {}  # ports to our own data that a test lets behave otherwise

    async def run(
        self, activity: Any, *, key: str = "", at: datetime = NOON, forgetful: bool = False, **inputs: Any
    ) -> Any:
        """Run an activity once per key; `forgetful` runs it again although its answer is known.

        Forgetting is what a crash does between the activity's last write and the memory of its answer, only harsher:
        every write of the first call stands.
        """
        declaration: Declaration = getattr(activity, MARK)
        cmd = declaration.input(**inputs)
        name = key or self.key()
        call = Call(key=name, at=at, instance="order:test", element="Node")

        async def work(unit: UnitOfWork) -> Any:
            answer = await declaration.function(cmd, **self._ports(declaration, unit, call))
            return answer.model_dump(mode="json")

        def open_unit() -> UnitOfWork:
            return UnitOfWork(self.database)

        try:
            if forgetful:
                async with open_unit() as unit:
                    raw = await work(unit)
                    await unit.commit()
            else:
                raw = await once(open_unit, name, declaration.name, work)
        except OrderRefused as refused:
            assert not refused.code or refused.code in declaration.errors, (
                f"{declaration.name} declares no {refused.code}"
            )
            raise
        return declaration.output.model_validate(raw)

    async def twice(self, activity: Any, **inputs: Any) -> BaseModel:
        """Run an activity, run it again, and run it once more forgetfully; give the answer, the same each time."""
        key = self.key()
        first = await self.run(activity, key=key, **inputs)
        assert await self.run(activity, key=key, **inputs) == first
        assert await self.run(activity, key=key, forgetful=True, **inputs) == first
        return first

    async def somebody(self, order: Order, contact: Contact = SOMEBODY) -> str:
        """Put a contact into the vault for an order's buyer; gives its reference."""
        record = await self.call(
            Customers, "keep", contact, channel=order.channel, buyer_id="b1", key=self.key(), at=NOON
        )
        return str(record.customer_ref)

    def _ports(self, declaration: Declaration, unit: UnitOfWork, call: Call) -> dict[str, Any]:
        outside = self.outside.ports()

        def port_of(port: type) -> Any:
            if port is Call:
                return call
            if port in outside:
                return outside[port]
            return self.replaced[port](unit) if port in self.replaced else bind(port, unit)

        return {name: port_of(port) for name, port in declaration.ports.items()}


def known_ports() -> set[type]:
    """Every port an activity may ask for."""
    return {Call, *PORTS, *Outside().ports()}
