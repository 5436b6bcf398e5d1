"""A process that is killed in the midst of an import, and run again, loses nothing and doubles nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from oms_workflow.store.checks import check

from .reading import FLAT, HEAD, row, write
from .shop import Shop

ROOT = Path(__file__).parents[2]
MANY = 160

IMPORT = """
import asyncio, sys
from pathlib import Path
from oms_workflow.store.database import Database
from tests.importing.shop import Shop
from tests.store.conftest import VAULT_KEY

async def main():
    database = Database.open(sys.argv[1], vault_key=VAULT_KEY)
    tell = lambda order_id, arrival: print(order_id, flush=True)
    await Shop(database).take([Path(sys.argv[2])], on_taken=tell)
    await database.close()

asyncio.run(main())
"""


def run_and_kill(url: str, path: Path, after: int) -> None:
    """Import in a process of its own, and kill it once it has told of so many orders."""
    with subprocess.Popen(
        [sys.executable, "-c", IMPORT, url, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        told = 0
        for _ in child.stdout:
            told += 1
            if told == after:
                break
        assert told == after, "the import ended before it could be killed"
        child.kill()


def left_behind(folder: Path) -> list[Path]:
    """Give the files of imports that did not end."""
    return list(folder.glob(".*.unfinished"))


@pytest.mark.parametrize("after", [1, 60])
async def test_a_killed_import_goes_on(shop: Shop, tmp_path: Path, after: int) -> None:
    """Every order once, every payment and note once, every bad row kept aside."""
    rows = [row(id=str(number), price="x" if number % 40 == 7 else "10.00") for number in range(MANY)]
    (path,) = write(tmp_path, {"orders.csv": HEAD + "".join(rows)})
    run_and_kill(f"sqlite:///{tmp_path / 'oms.db'}", path, after)
    broken_off = await shop.counts()
    assert after <= broken_off["orders"] < MANY

    report = await shop.take([path])

    bad = sum(1 for one in rows if ",x\n" in one)
    assert (report.new, report.known, report.quarantined) == (
        MANY - bad - broken_off["orders"],
        broken_off["orders"],
        bad,
    )
    counts = await shop.counts()
    assert counts["orders"] == len(set(report.order_ids)) == MANY - bad
    assert counts["import_rows"] == MANY
    assert report.quarantine is not None
    assert len(report.quarantine.read_text(encoding="utf-8").splitlines()) == 1 + bad
    assert not left_behind(tmp_path)
    assert all(one.violations == 0 for one in await check(shop.database))
    undisturbed = await shop.take(write(tmp_path, {"again.csv": HEAD + "".join(rows)}), FLAT)
    assert (undisturbed.new, undisturbed.changed) == (0, 0)
