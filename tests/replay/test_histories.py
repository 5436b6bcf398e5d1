"""Stored histories of told stories replay: this version decides, command by command, as the one that wrote them."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oms_workflow.connect.stories.reading import shipped_folder
from oms_workflow.temporal.workflow import ENGINE_VERSION
from tests.stories.histories import FOLDER, NOW, RUN

ROOT = Path(__file__).parents[2]
HINT = (
    "Orders of the version that wrote these histories would stop where they are. Give the change a versioned path "
    "(`InstanceInput.engine`, or `workflow.patched`), not a regenerated file."
)


def replayed(folder: Path, seed: int) -> dict[str, Any]:
    """Replay a folder in a process of its own, where hashes of texts differ from seed to seed."""
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    command = [sys.executable, "-m", "tests.replay.replaying", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 20_261_122])
def test_every_stored_history_replays_whatever_the_hash_seed(seed: int):
    """A decision that hangs on the order of a set, on a clock or on chance shows here before it stops an order."""
    found = replayed(FOLDER, seed)

    told = "\n".join(f"{name}: {reason}" for name, reason in found["failures"].items())
    assert not found["failures"], f"{len(found['failures'])} do not replay. {HINT}\n{told}"
    assert found["histories"] >= len(list(FOLDER.rglob("*.json.gz"))) > 0, "record them: python -m tests.stories.record"


def test_every_version_of_the_engine_has_its_stories():
    """Orders of an earlier version may still run; and what continues as new must replay run by run."""
    names = {path.stem.removesuffix(".json") for path in NOW.glob("*.json.gz")}
    assert {path.stem for path in shipped_folder().glob("*.json")} <= names
    runs = [
        name for path in NOW.glob("continued-*") for name in json.loads(gzip.decompress(path.read_bytes()))["instances"]
    ]
    assert sum(not name.endswith(f"{RUN}1") for name in runs) >= 2
    assert [path.name for path in sorted(FOLDER.iterdir())] == [f"engine-{n}" for n in range(1, ENGINE_VERSION + 1)]


def test_a_history_of_other_decisions_is_found_out(tmp_path: Path):
    """A gate that lets everything pass proves nothing: here an order is told to have run another activity."""
    content = json.loads(gzip.decompress((NOW / "plain.json.gz").read_bytes()))
    name = next(one for one in content["instances"] if "/" not in one)
    events = content["instances"][name]["events"]
    scheduled = next(one for one in events if "activityTaskScheduledEventAttributes" in one)
    scheduled["activityTaskScheduledEventAttributes"]["activityType"]["name"] = "another.activity"
    content["instances"] = {name: content["instances"][name]}
    (tmp_path / "forged.json.gz").write_bytes(gzip.compress(json.dumps(content).encode()))

    found = replayed(tmp_path, 0)

    ((where, why),) = found["failures"].items()
    assert where == f"{tmp_path.name}/forged.json.gz {name.partition(RUN)[0]}"
    assert "Nondeterminism" in why or "another.activity" in why
