"""To which order a thing belongs, by its name. The names are those of `domain.identity`."""

from __future__ import annotations

import re

_PARTS = re.compile(r"(\.[A-Z][0-9]+)+\Z")


def order_of(name: str) -> str:
    """Give the order's id that the id of a part begins with.

    >>> order_of("taobao:2201.F1.S2"), order_of("taobao:2201.5"), order_of("taobao:2201")
    ('taobao:2201', 'taobao:2201.5', 'taobao:2201')
    """
    return _PARTS.sub("", name)
