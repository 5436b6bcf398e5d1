"""Messages find who waits for them, whichever comes first; each is worked off once, in the order they came."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from oms_workflow.store.messages import Message, Messages, Published, Subscription
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.store.webhooks import Webhooks
from tests.domain.orders_for_tests import NOON

from .shop import Shop

LATER = NOON + timedelta(hours=1)


class Post:
    """The inbox, one committed call at a time."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @asynccontextmanager
    async def open(self) -> Any:
        async with UnitOfWork(self.database) as unit:
            yield Messages(unit)
            await unit.commit()

    async def publish(self, number: int | str, key: str = "shop:1", **more: Any) -> Published:
        message = Message(id=f"m{number}", name="paid", key=key, variables={"number": number}, **more)
        async with self.open() as inbox:
            return await inbox.publish(message, at=NOON)

    async def subscribe(self, instance: str, number: int = 1, *, once: bool = True, key: str = "shop:1") -> list[str]:
        async with self.open() as inbox:
            found = await inbox.subscribe(instance, number, name="paid", key=key, once=once, at=NOON)
            return [one.message_id for one in found]

    async def subscribe_all(self, instance: str, *wanted: tuple[int, str, bool]) -> list[tuple[str, int]]:
        async with self.open() as inbox:
            waits = [Subscription(number=number, name="paid", key=key, once=once) for number, key, once in wanted]
            found = await inbox.subscribe_all(instance, waits, at=NOON)
            return [(one.message_id, one.subscription) for one in found]

    async def unsubscribe_all(self, instance: str, *numbers: int) -> None:
        async with self.open() as inbox:
            await inbox.unsubscribe_all(instance, numbers, at=NOON)

    async def applied(self, message: str, instance: str, number: int = 1) -> None:
        async with self.open() as inbox:
            await inbox.applied(message, instance=instance, subscription=number, at=NOON)

    async def unsubscribe(self, instance: str, number: int = 1, *, taken: tuple[str, ...] = ()) -> None:
        async with self.open() as inbox:
            await inbox.unsubscribe(instance, number, taken=taken, at=NOON)

    async def undelivered(self) -> list[tuple[str, str]]:
        async with self.open() as inbox:
            return [(one.message_id, one.instance) for one in await inbox.undelivered(LATER)]

    async def waiting(self) -> list[str]:
        async with self.open() as inbox:
            return list(await inbox.waiting("paid", "shop:1"))


async def test_a_message_before_its_subscription_waits(database: Database) -> None:
    """medusajs/medusa#2948: the payment is faster than the order."""
    post = Post(database)
    assert (await post.publish(1)).delivery is None
    assert await post.subscribe("w1") == ["m1"]
    assert await post.undelivered() == [("m1", "w1")]
    await post.applied("m1", "w1")
    assert await post.undelivered() == []
    await Shop(database).sound()


async def test_a_subscription_before_its_message_is_found(database: Database) -> None:
    """The other way round, with the variables."""
    post = Post(database)
    assert await post.subscribe("w1") == []
    published = await post.publish(1)
    assert published.is_new
    assert published.delivery is not None
    assert (published.delivery.instance, published.delivery.variables) == ("w1", {"number": 1})


async def test_the_same_message_twice_is_one(database: Database) -> None:
    """A repeated webhook is delivered again only while nobody confirmed it."""
    post = Post(database)
    await post.subscribe("w1", once=False)
    first = await post.publish(1)
    again = await post.publish(1)
    assert (again.is_new, again.delivery) == (False, first.delivery)
    await post.applied("m1", "w1")
    assert (await post.publish(1)).delivery is None
    await Shop(database).sound()


async def test_one_who_waits_once_takes_the_oldest_and_leaves_the_rest(database: Database) -> None:
    """First in, first out; the next wait takes the next message."""
    post = Post(database)
    for number in range(3):
        await post.publish(number)
    assert await post.subscribe("w1", 1) == ["m0"]
    assert await post.subscribe("w1", 1) == ["m0"]
    assert await post.subscribe("w1", 2) == ["m1"]
    assert await post.waiting() == ["m2"]


async def test_one_who_keeps_waiting_takes_all_in_order(database: Database) -> None:
    """A non-interrupting event hears every message."""
    post = Post(database)
    for number in range(3):
        await post.publish(number)
    assert await post.subscribe("w1", once=False) == ["m0", "m1", "m2"]
    assert (await post.publish(3)).delivery is not None
    assert await post.undelivered() == [("m0", "w1"), ("m1", "w1"), ("m2", "w1"), ("m3", "w1")]


async def test_a_message_goes_to_the_one_who_waits_longest(database: Database) -> None:
    """Exactly one instance gets it, and other keys get nothing."""
    post = Post(database)
    await post.subscribe("other", key="shop:2")
    await post.subscribe("w1")
    await post.subscribe("w2")
    assert (await post.publish(1)).delivery.instance == "w1"  # type: ignore[union-attr]
    assert (await post.publish(2)).delivery.instance == "w2"  # type: ignore[union-attr]
    assert (await post.publish(3)).delivery is None


async def test_what_was_not_taken_goes_to_the_next(database: Database) -> None:
    """A timer interrupts the wait while the message is on its way: it must not be lost, nor worked off twice."""
    post = Post(database)
    await post.subscribe("w1", once=False)
    await post.publish(1)
    await post.publish(2)
    await post.subscribe("w2")
    await post.unsubscribe("w1", taken=("m1",))
    assert await post.undelivered() == [("m2", "w2")]
    await post.applied("m2", "w1")  # too late: it is somebody else's by now
    assert await post.undelivered() == [("m2", "w2")]
    await post.unsubscribe("w2")
    assert await post.waiting() == ["m2"]
    await Shop(database).sound()


async def test_several_waits_at_once_share_what_is_there(database: Database) -> None:
    """An order that comes to rest opens all its waits together; the first has the first choice, as one after the other.

    A wait that is known already gives what it matched; messages of another name and key stay where they are.
    """
    post = Post(database)
    for number, key in enumerate(["shop:1", "shop:2", "shop:1", "shop:3", "shop:1"]):
        await post.publish(number, key)
    assert await post.subscribe_all("w1", (1, "shop:1", True), (2, "shop:2", True)) == [("m0", 1), ("m1", 2)]
    wanted = ((1, "shop:1", True), (3, "shop:1", True), (4, "shop:1", False), (5, "shop:2", False))
    assert await post.subscribe_all("w1", *wanted) == [("m0", 1), ("m2", 3), ("m4", 4)]
    assert await post.subscribe_all("w1") == []
    assert (await post.publish(5, "shop:2")).delivery.subscription == 5  # type: ignore[union-attr]
    assert (await post.publish(6, "shop:1")).delivery.subscription == 4  # type: ignore[union-attr]
    await Shop(database).sound()


async def test_several_waits_closed_at_once_hand_on_what_they_had(database: Database) -> None:
    """Nothing is handed to a wait that closes with the others; unknown and repeated numbers change nothing."""
    post = Post(database)
    await post.subscribe_all("w1", (1, "shop:1", True), (2, "shop:1", False), (3, "shop:2", False))
    for number, key in enumerate(["shop:1", "shop:1", "shop:2"]):
        await post.publish(number, key)
    await post.subscribe("w2")
    await post.unsubscribe_all("w1", 3, 1, 2, 2, 9)
    assert await post.undelivered() == [("m0", "w2")]
    assert await post.waiting() == ["m1"]
    await post.unsubscribe_all("w1")
    assert await post.subscribe("w3", key="shop:2") == ["m2"]
    await Shop(database).sound()


async def test_an_expired_message_is_given_up(sqlite_database: Database) -> None:
    """Nobody acts on news of yesterday."""
    post = Post(sqlite_database)
    await post.publish(1, expires_at=NOON)
    await post.publish(2, expires_at=NOON + timedelta(minutes=1))
    assert await post.subscribe("w1") == ["m2"]
    async with post.open() as inbox:
        assert await inbox.expire(LATER) == 1
    assert await post.waiting() == []


async def test_old_messages_are_forgotten(sqlite_database: Database) -> None:
    """Only what is over; what waits stays."""
    post = Post(sqlite_database)
    await post.publish(1)
    await post.subscribe("w1")
    await post.applied("m1", "w1")
    await post.publish(2)
    async with post.open() as inbox:
        assert await inbox.forget(LATER) == 1
    assert await post.waiting() == ["m2"]
    assert (await post.publish(2)).is_new is False


async def test_messages_and_subscriptions_at_once_all_meet(database: Database) -> None:
    """In parallel, by one key and by many: every message is matched, none twice, no wait stays empty."""
    post = Post(database)
    for keys in (["shop:1"] * 12, [f"shop:{n}" for n in range(12)]):
        calls: list[Any] = []
        for number, key in enumerate(keys):
            name = f"{len(set(keys))}-{number}"
            calls += [post.publish(name, key), post.subscribe(f"w{name}", key=key)]
        await asyncio.gather(*calls)
        matched = [one for one in await post.undelivered() if one[0].startswith(f"m{len(set(keys))}-")]
        assert len({message for message, _ in matched}) == len(keys)
        assert set(Counter(instance for _, instance in matched).values()) == {1}
    await Shop(database).sound()


async def test_a_webhook_delivery_is_worked_off_once(database: Database) -> None:
    """The same id with another body is a forgery or a mistake, and is said so."""

    async def seen(digest: str) -> bool:
        async with UnitOfWork(database) as unit:
            first = await Webhooks(unit).first_seen("shopify:1", "d1", digest=digest, at=NOON)
            await unit.commit()
            return first

    assert (await seen("a"), await seen("a")) == (True, False)
    with pytest.raises(OrderRefused) as caught:
        await seen("b")
    assert caught.value.code == "ORDER_MISMATCH"
    async with UnitOfWork(database) as unit:
        assert await Webhooks(unit).forget(LATER) == 1
        await unit.commit()
    assert await seen("b")
