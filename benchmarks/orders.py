"""Whole orders: plain ones from intake to end on Temporal, database and simulated world, waiting times skipped."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figures import Figure, announced
from oms_workflow.connect.stories.reading import shipped_folder

ORDERS = 30


def figures() -> Iterator[Figure]:
    """Measure `oms run` as its user would."""
    with announced(f"{ORDERS} whole orders"), TemporaryDirectory() as home:
        files = _orders(Path(home))
        command = [sys.executable, "-m", "oms_workflow.cli.main", "run", str(files), "--json"]
        environment = {
            "OMS_HOME": str(Path(home, "house")),
            "OMS_LANGUAGE": "en",
            "PATH": "/usr/bin:/bin",
            "COLUMNS": "200",
        }
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        raise SystemExit(f"oms run ended with {done.returncode}:\n{done.stderr}")
    ended = [json.loads(line) for line in done.stdout.splitlines()]
    said = done.stderr.strip().splitlines()[-1]
    seconds, rate, calls = _numbers(said)
    yield Figure(name="orders_per_second", value=rate, unit="orders/s", says=f"{len(ended)} plain orders to their end")
    says = "of these orders, service tasks with effects in database and world"
    yield Figure(name="orders_activities_per_second", value=calls / seconds, unit="activities/s", says=says)


def _orders(folder: Path) -> Path:
    (plain,) = json.loads((shipped_folder() / "plain.json").read_text(encoding="utf-8"))
    path = folder / "orders.json"
    path.write_text(json.dumps([_another(plain, number) for number in range(ORDERS)]), encoding="utf-8")
    return path


def _another(plain: dict[str, Any], number: int) -> dict[str, Any]:
    lines = [{**line, "oid": f"{number}-{place}"} for place, line in enumerate(plain["lines"])]
    return {
        **plain,
        "number": f"9{number:05}",
        "buyer_id": f"buyer{number}",
        "street": f"桂花巷{number}号",
        "lines": lines,
    }


def _numbers(said: str) -> tuple[float, float, int]:
    """Read the line of rates that `oms run` ends with."""
    words = said.replace(",", "").split()
    seconds, rate = float(words[words.index("in") + 1]), float(words[words.index("orders/s") - 1])
    return seconds, rate, int(words[words.index("activities") - 1])
