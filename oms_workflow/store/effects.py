"""Doing things once: an effect and the key it was asked for with are committed in one transaction.

Two callers with one key: on PostgreSQL the second waits at the key's row until the first has committed, on SQLite at
the write lock. It then finds the first one's answer, and its own work is undone.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable, Coroutine
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.store.statements import insert_into
from oms_workflow.store.tables.traffic import effects
from oms_workflow.store.unit_of_work import UnitOfWork

_ANSWER = select(effects.c.answer).where(effects.c.key == bindparam("of_key"))
_CLAIMED = select(effects.c.request, effects.c.answer).where(effects.c.key == bindparam("of_key"))
_KEEP = update(effects).where(effects.c.key == bindparam("of_key")).values(answer=bindparam("answer"))

Json = dict[str, Any] | list[Any] | str | int | float | bool | None
Answer = TypeVar("Answer")
Arguments = ParamSpec("Arguments")


class AlreadyDone(Exception):
    """Another call with this key has committed its answer; this one has to give that answer and undo its own work."""

    def __init__(self, answer: str) -> None:
        super().__init__("done by another call")
        self.answer = answer


async def answer_for(unit: UnitOfWork, key: str) -> tuple[Json] | None:
    """Give the answer remembered for a key, in a tuple of one because it may itself be null; None: no answer."""
    async with unit.reading() as connection:
        found = (await connection.execute(_ANSWER, {"of_key": key})).scalar_one_or_none()
    return None if found is None else (json.loads(found),)


async def remember(unit: UnitOfWork, key: str, answer: Json) -> None:
    """Keep the answer of a key that `once` or `once_per_key` has claimed in this transaction."""
    await _keep(await unit.writing(), key, json.dumps(answer, ensure_ascii=False, separators=(",", ":")))


async def calls_done(unit: UnitOfWork) -> int:
    """Count the activity calls that were done since the database was made."""
    calls = select(func.count()).where(effects.c.answer.is_not(None), ~effects.c.key.contains("#", autoescape=True))
    async with unit.reading() as connection:
        return int((await connection.execute(calls)).scalar_one())


async def once(
    open_unit: Callable[[], UnitOfWork], key: str, activity: str, run: Callable[[UnitOfWork], Awaitable[Json]]
) -> Json:
    """Run an activity's function in a unit of work, once per key; a second call is given the first one's answer.

    Args:
        key: The call's key, the same on every attempt.
        activity: For people who look at the table.
        run: Gets the unit of work to bind its ports to; gives plain JSON.

    Raises:
        WorldUnavailable: When the database is not to be had now, or another writer was in the way: try again.
        Exception: Whatever `run` raises; then nothing was written, apart from what it committed at a checkpoint.
    """
    async with open_unit() as unit:
        known = await answer_for(unit, key)
        if known is not None:
            return known[0]
        unit.on_write = lambda connection: _claim(connection, key, activity, "")
        try:
            answer = await run(unit)
            await remember(unit, key, answer)
            await unit.commit()
        except AlreadyDone as done:
            await unit.rollback()
            first: Json = json.loads(done.answer)
            return first
        return answer


def once_per_key(
    name: str, answer: Any, *, agree: str = ""
) -> Callable[[Callable[Arguments, Awaitable[Answer]]], Callable[Arguments, Coroutine[Any, Any, Answer]]]:
    """Make a port's method with a `key` do its work once per key, and give the same answer again afterwards.

    Args:
        name: The port's name of the method, `stock.reserve`: one key may be used for several methods.
        answer: The type of the answer, for storing it.
        agree: Names of arguments that must be the same in every call with one key.

    The method raises ValueError when a key is used for two different requests: that is a defect of the caller, who
    would otherwise lose the second one without a word.
    """

    def decorate(
        method: Callable[Arguments, Awaitable[Answer]],
    ) -> Callable[Arguments, Coroutine[Any, Any, Answer]]:
        signature = inspect.signature(method)

        @wraps(method)
        async def call(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
            given = signature.bind(*args, **kwargs)
            given.apply_defaults()
            request = _digest([given.arguments[argument] for argument in agree.split()])
            key = f"{given.arguments['key']}#{name}"
            unit: UnitOfWork = given.arguments["self"].unit
            connection = await unit.writing()
            try:
                await _claim(connection, key, name, request)
            except AlreadyDone as done:
                first: Answer = _adapter(answer).validate_json(done.answer)
                return first
            made = await method(*args, **kwargs)
            await _keep(connection, key, _adapter(answer).dump_json(made).decode())
            return made

        return call

    return decorate


async def _claim(connection: AsyncConnection, key: str, activity: str, request: str) -> None:
    """Make the key ours until the end of the transaction, or raise AlreadyDone."""
    ours = _claim_statement(connection.dialect.name)
    given = {"key": key, "activity": activity, "request": request}
    before = (await connection.execute(ours, given)).scalar_one_or_none()
    if before is None:
        row = (await connection.execute(_CLAIMED, {"of_key": key})).one()
        _same_request(key, row.request, request)
        raise AlreadyDone(row.answer)
    _same_request(key, before, request)


@lru_cache(maxsize=4)
def _claim_statement(dialect: str) -> Any:
    """An insert whose update changes nothing: it makes a second caller wait for the row, and gives it back only while
    it has no answer."""
    claim = insert_into(dialect, effects)
    return claim.on_conflict_do_update(
        index_elements=["key"], set_={"activity": claim.excluded.activity}, where=effects.c.answer.is_(None)
    ).returning(effects.c.request)


def _same_request(key: str, before: str, now: str) -> None:
    if before != now:
        raise ValueError(f"The key {key!r} was used for another request before. Give every request a key of its own.")


async def _keep(connection: AsyncConnection, key: str, answer: str) -> None:
    await connection.execute(_KEEP, {"of_key": key, "answer": answer})


@lru_cache(maxsize=256)
def _adapter(answer: Any) -> TypeAdapter[Any]:
    return TypeAdapter(answer)


def _digest(values: list[Any]) -> str:
    if not values:
        return ""
    plain = json.dumps(_plain(values), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((str(key), _plain(item)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    return value if isinstance(value, (int, float, bool)) or value is None else str(value)
