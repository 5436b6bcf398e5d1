"""How orders and their parts are named. Names hold no personal data, because they are shown and logged everywhere."""

from __future__ import annotations

import re

_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")
_NUMBER = re.compile(r"[^\s/]{1,64}\Z")


def order_id(channel: str, number: str) -> str:
    """Name an order: `<channel>:<number>`, the same on every intake of the same order.

    >>> order_id("taobao", "2201")
    'taobao:2201'

    Raises:
        ValueError: If the channel is not a short lower-case word, or the number is empty, has blanks, slashes or
            control characters, or is longer than 64 characters.
    """
    if not _CHANNEL.match(channel):
        raise ValueError(f"A channel is a lower-case word of at most 32 characters, found {channel!r}.")
    if not _NUMBER.match(number) or not number.isprintable():
        raise ValueError(f"An order number has 1 to 64 characters, no blanks and no '/', found {number!r}.")
    return f"{channel}:{number}"


def channel_of(order: str) -> str:
    """Give the channel part of an order's id."""
    return order.partition(":")[0]


def line_id(order: str, oid: str) -> str:
    """Name a line of an order by the channel's sub-order id: `<order>/<oid>`.

    Raises:
        ValueError: If the sub-order id is empty, has blanks, slashes or control characters, or is too long.
    """
    if not _NUMBER.match(oid) or not oid.isprintable():
        raise ValueError(f"A sub-order id has 1 to 64 characters, no blanks and no '/', found {oid!r}.")
    return f"{order}/{oid}"


def order_of_line(line: str) -> str:
    """Give the order's id that a line's id begins with."""
    return line.rpartition("/")[0]


def part_id(whole: str, kind: str, number: int) -> str:
    """Name the n-th part of something: `taobao:2201` has fulfilment orders `taobao:2201.F1`, `taobao:2201.F2`.

    Kinds in use: F fulfilment order, S shipment, P package, R return, I return item, H hold, T payment transaction,
    M merge, N note, C cancellation, V revision, Z settlement, E expected receipt (of a warehouse).
    """
    return f"{whole}.{kind}{number}"
