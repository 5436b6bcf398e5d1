"""`oms run`, `oms demo`, `oms up` and `oms worker`: orders run to their end on a real Temporal server of our own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from oms_workflow.cli.own_server import LOCK, RECORD, is_open, is_server
from oms_workflow.cli.shapes import SHAPES, misfits
from oms_workflow.connect.stories.reading import shipped_folder

from .conftest import Oms, Said

pytestmark = pytest.mark.server

PLAIN = shipped_folder() / "plain.json"
SECONDS = 120  # a busy machine must not fail for being busy


def each(said: Said) -> list[dict[str, Any]]:
    """The objects of a command that prints one a line."""
    return [json.loads(line) for line in said.out.splitlines()]


def bad_order(folder: Path, **changes: object) -> Path:
    """A file with the plain order, and one like it that is not right."""
    (good,) = json.loads(PLAIN.read_text(encoding="utf-8"))
    bad = {**good, "number": "1002", **changes}
    bad["lines"] = [{**line, "oid": f"1002-{number}"} for number, line in enumerate(good["lines"])]
    if "lines" in changes:
        bad["lines"] = changes["lines"]
    path = folder / "orders.json"
    path.write_text(json.dumps([good, bad]), encoding="utf-8")
    return path


@contextmanager
def house_open(*arguments: str) -> Iterator[dict[str, Any]]:
    """`oms up` in a process of its own; gives what it says when it is open."""
    command = [sys.executable, "-m", "oms_workflow.cli.main", "up", "--ui-port", "0", "--json", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as up:
        assert up.stdout is not None
        assert up.stderr is not None
        line = up.stdout.readline()
        assert line, up.stderr.read()
        try:
            yield {**json.loads(line), "pid": up.pid}
        finally:
            up.send_signal(signal.SIGTERM)
            _, said = up.communicate(timeout=SECONDS)
            assert up.returncode in (0, -signal.SIGKILL), said
            assert "Traceback" not in said


def test_an_order_runs_to_its_end_and_is_told_as_one_object(oms: Oms) -> None:
    """The contract of `oms run --json`."""
    said = oms("run", PLAIN, "--json")
    assert said.code == 0, said.err
    (order,) = each(said)
    assert misfits(order, SHAPES["run"]) == []
    assert (order["order"], order["status"], order["order_status"]) == ("shop:1001", "completed", "completed")
    assert (order["workflow_id"], order["sla_breaches"], order["incidents"]) == ("order:shop:1001", 0, [])
    assert "orders/s" in said.err
    assert "activities/s" in said.err
    checked = oms("stock", "check", "--json")
    assert checked.code == 0, checked.out


def test_running_the_same_orders_again_runs_nothing_twice(oms: Oms) -> None:
    """Whoever is not sure whether a run got through may run it again."""
    first, again = oms("run", PLAIN, "--json"), oms("run", PLAIN, "--json")
    assert (first.code, again.code) == (0, 0)
    assert each(first) == each(again)
    assert "0 activities," in again.err
    history = oms("orders", "history", "1001", "--json").json["records"]
    started = [one for one in history if one["kind"] == "started" and one["process"] == "order_to_cash"]
    assert len(started) == 1


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"lines": []}, "no-items"),
        ({"currency": "GELD"}, "currency"),
        ({"freight": "-8.00"}, "negative"),
        ({"placed_at": "yesterday"}, "bad-date"),
    ],
)
def test_a_bad_order_is_kept_aside_and_the_good_one_runs(
    oms: Oms, tmp_path: Path, changes: dict[str, object], named: str
) -> None:
    """One bad row must neither run nor keep others from running, and somebody has to hear of it."""
    said = oms("run", bad_order(tmp_path, **changes), "--json")
    assert said.code == 1
    assert [one["order"] for one in each(said)] == ["shop:1001"]
    assert named in said.err
    assert "orders.json:" in said.err
    assert (tmp_path / "house" / "orders.quarantine.jsonl").exists()


def test_an_unknown_process_is_told_before_anything_is_stored(oms: Oms) -> None:
    """A typing error in an option must not leave orders behind that nobody runs."""
    said = oms("run", PLAIN, "--process", "order_to_crash", "--json")
    assert (said.code, said.json["error"]) == (2, "unknown-process")
    assert oms("orders", "list", "--json").json["orders"] == []


def test_unusable_files_open_no_house(oms: Oms, tmp_path: Path) -> None:
    """A missing, cut or foreign file is told at once."""
    cut = tmp_path / "cut.json"
    cut.write_text('[{"number": "1"', encoding="utf-8")
    for file in (tmp_path / "nowhere.json", cut):
        said = oms("run", file)
        assert said.code == 2, said.err
        assert file.name in said.err
    assert not (tmp_path / "house" / LOCK).exists() or not is_open(tmp_path / "house")


def test_the_demo_tells_a_story_and_names_the_next_steps(oms: Oms, tmp_path: Path) -> None:
    """A newcomer sees what became of each order, and what to type next."""
    said = oms("demo", "plain", "--home", tmp_path / "demo")
    assert said.code == 0, said.err
    for part in ("shop:1001", "A plain order", "completed", "1 of 1 orders have ended", "0 broken", "oms orders show"):
        assert part in said.out
    again = oms("demo", "fraud-rejected", "--home", tmp_path / "demo", "--json")
    assert again.code == 0
    assert misfits(again.json, SHAPES["demo"]) == []
    assert [(one["order"], one["order_status"]) for one in again.json["orders"]] == [("shop:1701", "cancelled")]


def test_the_demo_leaves_folders_alone_that_are_not_its_own(oms: Oms, tmp_path: Path) -> None:
    """It empties its folder, so it has to be sure that it is its own."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    said = oms("demo", "--home", tmp_path / "mine")
    assert said.code == 2
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "years of work"
    assert oms("demo", "no-such-story", "--home", tmp_path / "demo").code == 1


def test_an_open_house_starts_imported_orders_and_closes_when_asked(oms: Oms, tmp_path: Path) -> None:
    """Ops import, and the order is on its way; a polite end loses nothing."""
    with house_open() as house:
        assert is_open(tmp_path / "house")
        assert oms("up").code == 1  # one house a folder
        imported = oms("orders", "import", PLAIN, "--opening-stock")
        assert imported.code == 0
        assert "is open here starts them" in imported.out
        seen = _until(lambda: oms("orders", "show", "1001", "--json").json["instances"])
        assert seen[0]["instance"] == "order:shop:1001"
        assert oms("worker", "--queue", "no-such").code == 2
        assert house["skips_time"] is False
    assert not is_open(tmp_path / "house")
    assert not (tmp_path / "house" / RECORD).exists()


def test_a_killed_house_leaves_nothing_that_stops_the_next_one(oms: Oms, tmp_path: Path) -> None:
    """After a power cut in small, the next command ends the orphaned server and goes on with the same file."""
    with house_open() as house:
        assert oms("orders", "import", PLAIN, "--opening-stock").code == 0
        _until(lambda: oms("orders", "show", "1001", "--json").json["instances"])
        orphan = json.loads((tmp_path / "house" / RECORD).read_text(encoding="utf-8"))["pid"]
        os.kill(house["pid"], signal.SIGKILL)
    assert is_server(orphan)  # it lives on
    with house_open() as again:
        assert again["address"] != house["address"]
        assert not is_server(orphan)
        shown = oms("orders", "show", "1001", "--json").json
        assert shown["instances"][0]["status"] == "running"
        cancelled = oms("orders", "cancel", "1001", "--json")
        assert cancelled.code == 0, cancelled.out
        _until(lambda: oms("orders", "show", "1001", "--json").json["status"] == "cancelled")


def test_workers_need_a_house(oms: Oms) -> None:
    """A worker that waits for nothing would look as if it worked."""
    said = oms("worker")
    assert said.code == 3
    assert "oms up" in said.err


def _until(seen: Any) -> Any:
    """Ask until the answer is yes; the house works on its own time."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        answer = seen()
        if answer:
            return answer
    raise AssertionError("It never came to that.")
