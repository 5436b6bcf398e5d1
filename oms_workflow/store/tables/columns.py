"""Column types that mean the same on SQLite and PostgreSQL: UTC moments, whole minor units, JSON, words of an enum."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables. Constraints have names, so that a violation and a migration can name them."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. PostgreSQL keeps the zone; SQLite has none, so UTC is written and read there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"A moment needs a time zone, found {value.isoformat()!r}.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.utcoffset() is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")
Number = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows only in a column typed INTEGER


def word(name: str, **more: Any) -> Column[str]:
    """Make a text column that is never NULL; '' stands for none."""
    return Column(name, Text, nullable=False, **({"server_default": ""} | more))


def count(name: str, **more: Any) -> Column[int]:
    """Make a column for pieces, 0 unless said otherwise."""
    return Column(name, Integer, nullable=False, **({"server_default": "0"} | more))


def minor(name: str, **more: Any) -> Column[int]:
    """Make a column for an amount in minor units of the row's currency."""
    return Column(name, BigInteger, nullable=False, **more)


def moment(name: str, *, optional: bool = False, **more: Any) -> Column[datetime]:
    """Make a column for a moment in UTC."""
    return Column(name, Moment, nullable=optional, **more)


def one_of(column: str, words: type[StrEnum] | Iterable[str], *, optional: bool = False) -> CheckConstraint:
    """Allow only words of a list in a column."""
    values = ", ".join(f"'{value}'" for value in [str(one) for one in words])
    none = f"{column} IS NULL OR " if optional else ""
    return CheckConstraint(f"{none}{column} IN ({values})", name=f"{column}_known")


def holds(name: str, condition: str) -> CheckConstraint:
    """Demand a condition of every row."""
    return CheckConstraint(condition, name=name)
