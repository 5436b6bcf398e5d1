"""How long things take outside: one table, a seed, and the hours of those who work. Knows no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

_S, _M, _H, _D = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Works(StrEnum):
    """In whose hours a time is counted."""

    ALWAYS = "always"
    WAREHOUSE = "warehouse"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Latency:
    """The shortest and the longest time something takes."""

    low: timedelta
    high: timedelta
    works: Works = Works.ALWAYS


LATENCIES: dict[str, Latency] = {
    "buyer.pays": Latency(20 * _S, 10 * _M),
    "buyer.tries_again": Latency(1 * _M, 15 * _M),
    "buyer.sends_back": Latency(12 * _H, 3 * _D),
    "payment.webhook": Latency(1 * _S, 30 * _S),
    "payment.settles": Latency(1 * _M, 30 * _M),
    "warehouse.webhook": Latency(2 * _S, 90 * _S),
    "warehouse.accepts": Latency(1 * _M, 12 * _M),
    "warehouse.cancels": Latency(1 * _M, 10 * _M),
    "warehouse.picks": Latency(1 * _H, 4 * _H, Works.WAREHOUSE),
    "warehouse.packs": Latency(10 * _M, 60 * _M, Works.WAREHOUSE),
    "warehouse.hands_over": Latency(30 * _M, 3 * _H, Works.WAREHOUSE),
    "warehouse.counts": Latency(1 * _H, 5 * _H, Works.WAREHOUSE),
    "carrier.webhook": Latency(20 * _S, 15 * _M),
    "carrier.standard": Latency(2 * _D, 5 * _D),
    "carrier.express": Latency(20 * _H, 2 * _D),
    "carrier.brings_back": Latency(2 * _D, 4 * _D),
    "staff.answers": Latency(5 * _M, 45 * _M, Works.OFFICE),
    "staff.mends": Latency(10 * _M, 60 * _M, Works.OFFICE),
    "wire.late": Latency(2 * _H, 20 * _H),
    "wire.again": Latency(5 * _S, 30 * _M),
}
"""What is usual, by name; a script may set other limits under `latency`. A carrier's time counts from hand-over."""
