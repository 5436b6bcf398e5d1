"""Messages and who waits for them, matched in one transaction whichever comes first; each message goes to one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.store import matching
from oms_workflow.store.statements import queue_up
from oms_workflow.store.tables.traffic import inbox_messages, subscriptions
from oms_workflow.store.unit_of_work import UnitOfWork

Table = inbox_messages

# Ordered by a term, because SQLite walks all messages in their order rather than look up the few that are matched.
_UNDELIVERED = (
    select(Table)
    .where(Table.c.state == "matched", Table.c.matched_at < bindparam("before"))
    .order_by(Table.c.seq + 0)
    .limit(bindparam("many"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something that was told from outside. The same `id` is the same message."""

    id: str
    name: str
    key: str
    variables: Mapping[str, Any]  # plain JSON; no personal data
    expires_at: datetime | None = None  # UTC; None waits for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A wait of an instance for messages of a name and key."""

    number: int  # the instance's own
    name: str
    key: str
    once: bool  # it takes one message and is over

    def row(self, instance: str) -> dict[str, Any]:
        """Give the columns that come from the subscription itself."""
        own = {"subscription": self.number, "name": self.name, "key": self.key, "once": self.once}
        return own | {"instance": instance}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message on its way to the instance whose subscription it matched."""

    message_id: str
    instance: str
    subscription: int
    name: str
    key: str
    variables: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What became of a published message."""

    is_new: bool  # False: it was published before
    delivery: Delivery | None  # None while nobody waits for it


class Messages:
    """The inbox and the subscriptions in the database.

    A match is a decision and stays; carrying the message to the workflow happens afterwards and is repeated until
    `applied` says that it arrived. The workflow drops a message id it has seen.
    """

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def publish(self, message: Message, *, at: datetime) -> Published:
        """Store a message and match it with the subscription that waits longest for it.

        A message that was published before gives its match again, so that it can be delivered again.
        """
        connection = await self.unit.writing()
        await _queue_up(connection, (message.name, message.key))
        values = {name: getattr(message, name) for name in ("id", "name", "key", "expires_at")}
        values |= {"variables": dict(message.variables), "received_at": at, "state": "waiting"}
        if not await matching.store_message(connection, values):
            row = await matching.matched_message(connection, message.id)
            return Published(is_new=False, delivery=None if row is None else _delivery(row))
        found = await matching.who_waits(connection, message.name, message.key)
        if found is None or _is_over(message.expires_at, at):
            return Published(is_new=True, delivery=None)
        return Published(is_new=True, delivery=_delivery(await matching.match(connection, message.id, found, at)))

    async def subscribe(
        self, instance: str, subscription: int, *, name: str, key: str, once: bool, at: datetime
    ) -> tuple[Delivery, ...]:
        """Wait for messages of a name and key; gives those that are there already, in the order they came.

        One that waits once takes the oldest message and is closed. The same subscription again gives what it matched
        and was not applied yet.
        """
        wanted = Subscription(number=subscription, name=name, key=key, once=once)
        return await self.subscribe_all(instance, [wanted], at=at)

    async def subscribe_all(
        self, instance: str, wanted: Sequence[Subscription], *, at: datetime
    ) -> tuple[Delivery, ...]:
        """Do the same for several subscriptions of an instance; the first of them has the first choice."""
        if not wanted:
            return ()
        connection = await self.unit.writing()
        await _queue_up(connection, *((one.name, one.key) for one in wanted))
        rows = [one.row(instance) for one in wanted]
        fresh = await matching.store_subscriptions(connection, rows, at)
        new = [row for row in rows if row["subscription"] in fresh]
        there = await matching.waiting(connection, new, at)
        found: list[RowMapping] = []
        for row in rows:
            number = row["subscription"]
            if number not in fresh:
                found += await matching.matched(connection, instance, [number])
                continue
            fresh.discard(number)
            ids = there[row["name"], row["key"]]
            mine = ids[:1] if row["once"] else ids[:]
            del ids[: len(mine)]
            found += [await matching.match(connection, message_id, row, at) for message_id in mine]
        return tuple(_delivery(row) for row in found)

    async def unsubscribe(self, instance: str, subscription: int, *, taken: Iterable[str] = (), at: datetime) -> None:
        """Wait no longer. What was matched and not taken goes back to the inbox, in its old place.

        Args:
            taken: Ids of messages the workflow has worked off; it drops whatever else still arrives for this
                subscription, so each message is worked off once, here or by the next who waits for it.
        """
        connection = await self.unit.writing()
        if not await _close(connection, instance, [subscription]):
            return
        for message_id in taken:
            await self.applied(message_id, instance=instance, subscription=subscription, at=at)
        await _give_back_all(connection, instance, [subscription], at)

    async def unsubscribe_all(self, instance: str, numbers: Iterable[int], *, at: datetime) -> None:
        """Wait no longer with several subscriptions of an instance; nothing they matched was taken."""
        wanted = sorted(set(numbers))
        if not wanted:
            return
        connection = await self.unit.writing()
        known = await _close(connection, instance, wanted)
        if known:
            await _give_back_all(connection, instance, known, at)

    async def applied(self, message_id: str, *, instance: str, subscription: int, at: datetime) -> None:
        """Note that the workflow has worked a message off; it is never delivered again.

        A message that went to somebody else meanwhile stays theirs.
        """
        await matching.apply(await self.unit.writing(), message_id, instance, subscription, at)

    async def undelivered(self, before: datetime, *, limit: int = 100) -> tuple[Delivery, ...]:
        """Give matches made before a moment that nobody confirmed: they have to be delivered again, oldest first."""
        async with self.unit.reading() as connection:
            rows = (await connection.execute(_UNDELIVERED, {"before": before, "many": limit})).mappings()
            return tuple(_delivery(row) for row in rows)

    async def expire(self, at: datetime) -> int:
        """Give up waiting messages whose time is over; gives how many."""
        connection = await self.unit.writing()
        late = update(Table).where(Table.c.state == "waiting", Table.c.expires_at <= at)
        return (await connection.execute(late.values(state="expired"))).rowcount

    async def waiting(self, name: str, key: str) -> tuple[str, ...]:
        """Give the ids of messages nobody has taken yet, oldest first."""
        which = select(Table.c.id).where(Table.c.name == name, Table.c.key == key, Table.c.state == "waiting")
        async with self.unit.reading() as connection:
            return tuple((await connection.execute(which.order_by(Table.c.seq))).scalars())

    async def forget(self, before: datetime) -> int:
        """Delete applied and expired messages received before a moment, and closed subscriptions; gives how many.

        Keep them longer than any sender repeats a message: a forgotten id is a new message.
        """
        connection = await self.unit.writing()
        old = delete(Table).where(Table.c.state.in_(("applied", "expired")), Table.c.received_at < before)
        gone = (await connection.execute(old)).rowcount
        held = select(Table.c.instance).where(
            Table.c.instance == subscriptions.c.instance, Table.c.subscription == subscriptions.c.subscription
        )
        closed = delete(subscriptions).where(
            subscriptions.c.state == "closed", subscriptions.c.opened_at < before, ~held.exists()
        )
        await connection.execute(closed)
        return gone


async def _close(connection: AsyncConnection, instance: str, numbers: Sequence[int]) -> list[int]:
    """Let subscriptions take nothing more, and give those that are known."""
    known = await matching.known(connection, instance, numbers)
    if not known:
        return []
    await _queue_up(connection, *((row["name"], row["key"]) for row in known))
    gone = [row["subscription"] for row in known]
    await matching.close(connection, instance, gone)
    return gone


async def _give_back_all(connection: AsyncConnection, instance: str, numbers: Sequence[int], at: datetime) -> None:
    for message in await matching.matched(connection, instance, numbers):
        await matching.give_back(connection, message, at)


async def _queue_up(connection: AsyncConnection, *names_and_keys: tuple[str, str]) -> None:
    """Publishers and subscribers of one name and key pass one after the other, so that none overlooks the other."""
    await queue_up(connection, *{f"message {name} {key}" for name, key in names_and_keys})


def _is_over(expires_at: datetime | None, at: datetime) -> bool:
    return expires_at is not None and expires_at <= at


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(
        message_id=row["id"],
        instance=row["instance"],
        subscription=row["subscription"],
        name=row["name"],
        key=row["key"],
        variables=row["variables"],
    )
