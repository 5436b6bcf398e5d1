"""Reading how long a sent message waits for somebody to want it: header or property `messageTtl`."""

from __future__ import annotations

from datetime import timedelta

from oms_workflow.diagrams.dialect.durations import exact_duration
from oms_workflow.diagrams.dialect.fault import DialectFault
from oms_workflow.diagrams.dialect.settings import Settings


def read_message_ttl(settings: Settings) -> timedelta | None:
    """Give how long a message of this node is kept; None where nothing is said.

    Raises:
        DialectFault: When it is no time above zero.
    """
    text = settings.get("messageTtl")
    if not text:
        return None
    fix = "Write days and smaller units, such as P30D or PT2H; PT1S is for those alone who wait already."
    try:
        kept = exact_duration(text)
    except ValueError as error:
        raise DialectFault(f"messageTtl: {error}.", fix) from None
    if kept <= timedelta(0):
        raise DialectFault(f"messageTtl: {text!r} is no time at all.", fix)
    return kept
