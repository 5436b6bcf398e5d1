"""The rush as a command: clients in several processes on one database, then every invariant.

    python -m tests.rush --database sqlite --seconds 60
    python -m tests.rush --database postgres --clients 32 --processes 4
    python -m tests.rush --database postgresql://user@host/empty_database

Prints one JSON document; exit 1 when an invariant is broken, a deadlock was seen or anything went wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text

from oms_workflow.store.checks import check
from oms_workflow.store.database import Database
from oms_workflow.store.migrate import upgrade
from tests.store.postgres import postgres

from .clients import VAULT_KEY, Tally, rush
from .shopper import Shopper, open_rush

DEADLOCK = "40P01"


def main() -> int:
    """Run what the command line asks for."""
    asked = _arguments()
    if asked.first is not None:  # one of the processes that `_run` started
        tally = asyncio.run(rush(asked.database, asked.first, asked.clients, asked.seconds, asked.seed))
        sys.stdout.write(json.dumps(tally.to_json()))
        return 0
    with _database(asked.database) as url:
        found = run(url, clients=asked.clients, processes=asked.processes, seconds=asked.seconds, seed=asked.seed)
    sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    return 0 if is_sound(found) else 1


def is_sound(found: dict[str, Any]) -> bool:
    """Say whether a run ended as it must."""
    return not (found["violations"] or found["deadlocks"] or found["wrong_count"])


def run(url: str, *, clients: int, processes: int, seconds: float, seed: int) -> dict[str, Any]:
    """Open a shop in an empty database, let clients of several processes loose on it, and ask every invariant."""
    asyncio.run(_open(url))
    share = [clients // processes + (number < clients % processes) for number in range(processes)]
    started = [
        subprocess.Popen(
            [
                sys.executable, "-m", "tests.rush", "--database", url, "--first", str(sum(share[:number])),
                "--clients", str(many), "--seconds", str(seconds), "--seed", str(seed),
            ],
            stdout=subprocess.PIPE,
        )
        for number, many in enumerate(share)
    ]  # fmt: skip
    tally = Tally()
    for process in started:
        told, _ = process.communicate()
        if process.returncode:
            tally.wrong.append(f"A process of clients ended with {process.returncode}; what it said is above.")
        else:
            tally.add(Tally.read(json.loads(told)))
    return _figures(tally, seconds) | asyncio.run(_ask(url, tally))


async def _open(url: str) -> None:
    database = Database.open(url, vault_key=VAULT_KEY)
    try:
        await upgrade(database)
        await open_rush(Shopper(database, 999, 0))
    finally:
        await database.close()


async def _ask(url: str, tally: Tally) -> dict[str, Any]:
    database = Database.open(url, vault_key=VAULT_KEY)
    try:
        results = await check(database)
        seen = sum(many for reason, many in tally.again.items() if DEADLOCK in reason)
        if not database.is_sqlite:
            async with database.engine.connect() as connection:
                own = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
                seen = max(seen, (await connection.execute(text(own))).scalar_one())
        rows = "SELECT COUNT(*) FROM stock_entries"
        async with database.engine.connect() as connection:
            entries = (await connection.execute(text(rows))).scalar_one()
    finally:
        await database.close()
    return {
        "stock_entries": entries,
        "deadlocks": seen,
        "invariants": len(results),
        "rows_checked": sum(one.checked for one in results),
        "violations": {one.invariant: list(one.examples) for one in results if one.violations},
    }


def _figures(tally: Tally, seconds: float) -> dict[str, Any]:
    done = sum(tally.done.values())
    spread = statistics.quantiles(tally.milliseconds, n=100) if len(tally.milliseconds) > 1 else [0.0] * 99
    return {
        "seconds": seconds,
        "done": done,
        "done_per_second": round(done / seconds, 1),
        "by_deed": dict(tally.done.most_common()),
        "idle": sum(tally.idle.values()),
        "refused": dict(tally.refused.most_common()),
        "tried_again": dict(tally.again),
        "milliseconds_p50": spread[49],
        "milliseconds_p99": spread[98],
        "wrong_count": len(tally.wrong),
        "wrong": tally.wrong[:5],
    }


@contextmanager
def _database(asked: str) -> Iterator[str]:
    if asked == "sqlite":
        with TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder, 'rush.db')}"
    elif asked == "postgres":
        with postgres() as address:
            yield address.format(name="postgres")
    else:
        yield asked


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.rush", description=__doc__)
    parser.add_argument("--database", default="sqlite", help="sqlite, postgres, or the address of an empty database")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
