"""Walks from other engines' test suites, with every state put through JSON before every fact: nothing changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oms_workflow.diagrams.collection import Collection, read_collection
from oms_workflow.engine import snapshot
from oms_workflow.play.stage import BEGINNING, Stage, WalkRefused
from oms_workflow.play.walk import perform
from tests.beside import BESIDE, needs
from tests.reference.forgetting import ForgetfulStage

FOLDER = BESIDE / "conformance"

pytestmark = needs(FOLDER)


def playable() -> Iterator[tuple[Path, list[dict[str, Any]], Collection]]:
    """Give each case that plays and is not refused, with its walks and what its files hold."""
    for path in sorted(FOLDER.rglob("case.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        if case["kind"] != "play":
            continue
        reading = read_collection([path.parent / name for name in case["diagrams"]], year=BEGINNING.year)
        if not reading.errors:
            yield path, case["walks"], reading


def played(stage: Stage, walk: dict[str, Any]) -> tuple[Any, list[Any]]:
    """Give what a walk shows at its end, and the whole state of each instance."""
    try:
        shown: Any = perform(stage, walk).to_json()
    except WalkRefused as refused:
        shown = str(refused)
    return shown, [snapshot.to_json(actor.instance.state) for actor in stage.actors]


def test_every_walk_shows_the_same_when_its_instances_are_restored_before_every_fact():
    """An order on a real server lives through thousands of restores; none of them may be seen in it."""
    differing, walks = [], 0
    for path, walks_of_case, reading in playable():
        stuff = reading.definitions, reading.decisions, reading.calendars
        for number, walk in enumerate(walks_of_case):
            walks += 1
            if played(Stage(*stuff), walk) != played(ForgetfulStage(*stuff), walk):
                differing.append(f"{path.parent.relative_to(FOLDER)} walk {number}")

    assert differing == []
    assert walks > 300
