"""Who gets which message: the statements behind `messages`, each made once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, RowMapping, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.store.statements import insert_into
from oms_workflow.store.tables.traffic import inbox_messages, subscriptions

Table = inbox_messages

_OF_INSTANCE: BindParameter[str] = bindparam("of_instance")
_NUMBERS: BindParameter[Any] = bindparam("numbers", expanding=True)
_MINE = (subscriptions.c.instance == _OF_INSTANCE) & subscriptions.c.subscription.in_(_NUMBERS)
_KNOWN = select(subscriptions).where(_MINE)
_CLOSE = update(subscriptions).where(_MINE).values(state="closed")
_WHO_WAITS = (
    select(subscriptions)
    .where(
        subscriptions.c.name == bindparam("of_name"),
        subscriptions.c.key == bindparam("of_key"),
        subscriptions.c.state == "open",
    )
    .order_by(subscriptions.c.seq)
    .limit(1)
)
# Asked for by two lists and not by pairs, which SQLite would look up by reading the whole table.
_WAITING = (
    select(Table.c.id, Table.c.name, Table.c.key)
    .where(
        Table.c.name.in_(bindparam("names", expanding=True)),
        Table.c.key.in_(bindparam("keys", expanding=True)),
        Table.c.state == "waiting",
        or_(Table.c.expires_at.is_(None), Table.c.expires_at > bindparam("now")),
    )
    .order_by(Table.c.seq)
)
_OLDEST = _WAITING.limit(1)
_MATCHED = (
    select(Table)
    .where(Table.c.instance == _OF_INSTANCE, Table.c.subscription.in_(_NUMBERS), Table.c.state == "matched")
    .order_by(Table.c.seq)
)
_MATCHED_MESSAGE = select(Table).where(Table.c.id == bindparam("of_id"), Table.c.state == "matched")
_GIVE = (
    update(Table)
    .where(Table.c.id == bindparam("of_id"))
    .values(
        state="matched",
        matched_at=bindparam("now"),
        instance=bindparam("to_instance"),
        subscription=bindparam("to_subscription"),
    )
    .returning(Table)
)
_FREE = (
    update(Table)
    .where(Table.c.id == bindparam("of_id"))
    .values(state="waiting", instance="", subscription=None, matched_at=None)
)
_APPLY = (
    update(Table)
    .where(
        Table.c.id == bindparam("of_id"),
        Table.c.state == "matched",
        Table.c.instance == _OF_INSTANCE,
        Table.c.subscription == bindparam("number"),
    )
    .values(state="applied", applied_at=bindparam("now"))
)


@lru_cache(maxsize=4)
def _new_message(dialect: str) -> Any:
    return insert_into(dialect, Table).on_conflict_do_nothing(index_elements=["id"]).returning(Table.c.seq)


@lru_cache(maxsize=4)
def _new_subscription(dialect: str) -> Any:
    fresh = insert_into(dialect, subscriptions).on_conflict_do_nothing(index_elements=["instance", "subscription"])
    return fresh.returning(subscriptions.c.subscription)


async def store_message(connection: AsyncConnection, values: Mapping[str, Any]) -> bool:
    """Store a message that nobody has yet; False when its id is known."""
    made = await connection.execute(_new_message(connection.dialect.name), dict(values))
    return made.scalar_one_or_none() is not None


async def store_subscriptions(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]], at: datetime) -> set[int]:
    """Store subscriptions of one instance, and give the numbers of those that were not known."""
    statement = _new_subscription(connection.dialect.name)
    given: Any = [{**row, "state": "open", "opened_at": at} for row in rows]
    return set((await connection.execute(statement, given if len(given) > 1 else given[0])).scalars())


async def known(connection: AsyncConnection, instance: str, numbers: Iterable[int]) -> Sequence[RowMapping]:
    """Read subscriptions of an instance."""
    given = {"of_instance": instance, "numbers": list(numbers)}
    return (await connection.execute(_KNOWN, given)).mappings().all()


async def close(connection: AsyncConnection, instance: str, numbers: Iterable[int]) -> None:
    """Let subscriptions of an instance take nothing more."""
    await connection.execute(_CLOSE, {"of_instance": instance, "numbers": list(numbers)})


async def who_waits(connection: AsyncConnection, name: str, key: str) -> RowMapping | None:
    """Give the open subscription that waits longest for messages of a name and key."""
    return (await connection.execute(_WHO_WAITS, {"of_name": name, "of_key": key})).mappings().first()


async def waiting(
    connection: AsyncConnection, wanted: Sequence[Mapping[str, Any]], at: datetime
) -> dict[tuple[str, str], list[str]]:
    """Give the ids of messages that subscriptions could take, by name and key, oldest first.

    Where one subscription waits once, only the message it would take is read.
    """
    if not wanted:
        return {}
    found: dict[tuple[str, str], list[str]] = {(row["name"], row["key"]): [] for row in wanted}
    names, keys = sorted({name for name, _ in found}), sorted({key for _, key in found})
    which = _OLDEST if len(wanted) == 1 and wanted[0]["once"] else _WAITING
    for message_id, name, key in await connection.execute(which, {"names": names, "keys": keys, "now": at}):
        if (name, key) in found:
            found[name, key].append(message_id)
    return found


async def matched(connection: AsyncConnection, instance: str, numbers: Iterable[int]) -> Sequence[RowMapping]:
    """Read what subscriptions matched and nobody has worked off yet, oldest first."""
    given = {"of_instance": instance, "numbers": list(numbers)}
    return (await connection.execute(_MATCHED, given)).mappings().all()


async def matched_message(connection: AsyncConnection, message_id: str) -> RowMapping | None:
    """Read a message that somebody has and has not worked off yet."""
    return (await connection.execute(_MATCHED_MESSAGE, {"of_id": message_id})).mappings().first()


async def match(
    connection: AsyncConnection, message_id: str, subscription: RowMapping | Mapping[str, Any], at: datetime
) -> RowMapping:
    """Decide who gets a message, and give its row; a subscription that waits once is closed by it."""
    instance, number = subscription["instance"], subscription["subscription"]
    given = {"of_id": message_id, "now": at, "to_instance": instance, "to_subscription": number}
    row: RowMapping = (await connection.execute(_GIVE, given)).mappings().one()
    if subscription["once"]:
        await close(connection, instance, [number])
    return row


async def give_back(connection: AsyncConnection, message: RowMapping, at: datetime) -> None:
    """Let a message wait again, or go to whoever waits for it now."""
    heir = await who_waits(connection, message["name"], message["key"])
    await connection.execute(_FREE, {"of_id": message["id"]})
    if heir is not None:
        await match(connection, message["id"], heir, at)


async def apply(connection: AsyncConnection, message_id: str, instance: str, number: int, at: datetime) -> None:
    """Note that a subscription's message was worked off, unless it went to somebody else meanwhile."""
    given = {"of_id": message_id, "of_instance": instance, "number": number, "now": at}
    await connection.execute(_APPLY, given)
