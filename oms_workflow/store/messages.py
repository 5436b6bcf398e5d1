"""Messages and who waits for them, matched in one transaction whichever comes first; each message goes to one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.store.statements import insert_or, queue_up
from oms_workflow.store.tables.traffic import inbox_messages, subscriptions
from oms_workflow.store.unit_of_work import UnitOfWork

Table = inbox_messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something that was told from outside. The same `id` is the same message."""

    id: str
    name: str
    key: str
    variables: Mapping[str, Any]  # plain JSON; no personal data
    expires_at: datetime | None = None  # UTC; None waits for ever


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
        await _queue_up(connection, message.name, message.key)
        values = {name: getattr(message, name) for name in ("id", "name", "key", "expires_at")}
        row = insert_or(connection, Table).values(
            **values, variables=dict(message.variables), received_at=at, state="waiting"
        )
        stored = (
            await connection.execute(row.on_conflict_do_nothing(index_elements=["id"]).returning(Table.c.seq))
        ).scalar_one_or_none()
        if stored is None:
            return Published(is_new=False, delivery=await self._delivery(connection, message.id))
        waiting = (
            select(subscriptions)
            .where(
                subscriptions.c.name == message.name,
                subscriptions.c.key == message.key,
                subscriptions.c.state == "open",
            )
            .order_by(subscriptions.c.seq)
            .limit(1)
        )
        found = (await connection.execute(waiting)).mappings().first()
        if found is None or _is_over(message.expires_at, at):
            return Published(is_new=True, delivery=None)
        await _match(connection, message.id, found, at)
        return Published(is_new=True, delivery=await self._delivery(connection, message.id))

    async def subscribe(
        self, instance: str, subscription: int, *, name: str, key: str, once: bool, at: datetime
    ) -> tuple[Delivery, ...]:
        """Wait for messages of a name and key; gives those that are there already, in the order they came.

        One that waits once takes the oldest message and is closed. The same subscription again gives what it matched
        and was not applied yet.
        """
        connection = await self.unit.writing()
        await _queue_up(connection, name, key)
        values = {"instance": instance, "subscription": subscription, "name": name, "key": key, "once": once}
        row = insert_or(connection, subscriptions).values(**values, state="open", opened_at=at)
        fresh = row.on_conflict_do_nothing(index_elements=["instance", "subscription"]).returning(subscriptions.c.seq)
        is_fresh = (await connection.execute(fresh)).scalar_one_or_none() is not None
        matched = not is_fresh
        if is_fresh:
            waiting = (
                select(Table.c.id)
                .where(
                    Table.c.name == name,
                    Table.c.key == key,
                    Table.c.state == "waiting",
                    or_(Table.c.expires_at.is_(None), Table.c.expires_at > at),
                )
                .order_by(Table.c.seq)
            )
            for message_id in (await connection.execute(waiting.limit(1) if once else waiting)).scalars().all():
                await _match(connection, message_id, values, at)
                matched = True
        if not matched:
            return ()
        return tuple(_delivery(row) for row in await self._matched(connection, instance, subscription))

    async def unsubscribe(self, instance: str, subscription: int, *, taken: Iterable[str] = (), at: datetime) -> None:
        """Wait no longer. What was matched and not taken goes back to the inbox, in its old place.

        Args:
            taken: Ids of messages the workflow has worked off; it drops whatever else still arrives for this
                subscription, so each message is worked off once, here or by the next who waits for it.
        """
        connection = await self.unit.writing()
        mine = (subscriptions.c.instance == instance) & (subscriptions.c.subscription == subscription)
        row = (await connection.execute(select(subscriptions).where(mine))).mappings().first()
        if row is None:
            return
        await _queue_up(connection, row["name"], row["key"])
        await connection.execute(update(subscriptions).where(mine).values(state="closed"))
        for message_id in taken:
            await self.applied(message_id, instance=instance, subscription=subscription, at=at)
        for message in await self._matched(connection, instance, subscription):
            await _give_back(connection, message, at)

    async def applied(self, message_id: str, *, instance: str, subscription: int, at: datetime) -> None:
        """Note that the workflow has worked a message off; it is never delivered again.

        A message that went to somebody else meanwhile stays theirs.
        """
        connection = await self.unit.writing()
        theirs = (Table.c.instance == instance) & (Table.c.subscription == subscription)
        mine = update(Table).where(Table.c.id == message_id, Table.c.state == "matched", theirs)
        await connection.execute(mine.values(state="applied", applied_at=at))

    async def undelivered(self, before: datetime, *, limit: int = 100) -> tuple[Delivery, ...]:
        """Give matches made before a moment that nobody confirmed: they have to be delivered again, oldest first."""
        which = select(Table).where(Table.c.state == "matched", Table.c.matched_at < before)
        async with self.unit.reading() as connection:
            rows = (await connection.execute(which.order_by(Table.c.seq).limit(limit))).mappings()
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

    async def _delivery(self, connection: AsyncConnection, message_id: str) -> Delivery | None:
        which = select(Table).where(Table.c.id == message_id, Table.c.state == "matched")
        row = (await connection.execute(which)).mappings().first()
        return None if row is None else _delivery(row)

    async def _matched(self, connection: AsyncConnection, instance: str, subscription: int) -> Sequence[RowMapping]:
        theirs = (Table.c.instance == instance) & (Table.c.subscription == subscription)
        which = select(Table).where(theirs, Table.c.state == "matched").order_by(Table.c.seq)
        return (await connection.execute(which)).mappings().all()


async def _queue_up(connection: AsyncConnection, name: str, key: str) -> None:
    """Publishers and subscribers of one name and key pass one after the other, so that none overlooks the other."""
    await queue_up(connection, f"message {name} {key}")


def _is_over(expires_at: datetime | None, at: datetime) -> bool:
    return expires_at is not None and expires_at <= at


async def _match(
    connection: AsyncConnection, message_id: str, subscription: RowMapping | Mapping[str, Any], at: datetime
) -> None:
    """Decide who gets a message; a subscription that waits once is closed by it."""
    goes_to = {"instance": subscription["instance"], "subscription": subscription["subscription"]}
    taken = update(Table).where(Table.c.id == message_id)
    await connection.execute(taken.values(state="matched", matched_at=at, **goes_to))
    if subscription["once"]:
        mine = (subscriptions.c.instance == goes_to["instance"]) & (
            subscriptions.c.subscription == goes_to["subscription"]
        )
        await connection.execute(update(subscriptions).where(mine).values(state="closed"))


async def _give_back(connection: AsyncConnection, message: RowMapping, at: datetime) -> None:
    """Let a message wait again, or go to whoever waits for it now."""
    others = (
        select(subscriptions)
        .where(
            subscriptions.c.name == message["name"],
            subscriptions.c.key == message["key"],
            subscriptions.c.state == "open",
        )
        .order_by(subscriptions.c.seq)
        .limit(1)
    )
    heir = (await connection.execute(others)).mappings().first()
    free = {"state": "waiting", "instance": "", "subscription": None, "matched_at": None}
    await connection.execute(update(Table).where(Table.c.id == message["id"]).values(**free))
    if heir is not None:
        await _match(connection, message["id"], heir, at)


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(
        message_id=row["id"],
        instance=row["instance"],
        subscription=row["subscription"],
        name=row["name"],
        key=row["key"],
        variables=row["variables"],
    )
