"""What became of the stories: each order, missed service levels, incidents, the books, and what to type next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from oms_workflow.cli.demo.display import in_language
from oms_workflow.cli.demo.telling import Told
from oms_workflow.cli.language import say
from oms_workflow.cli.running import summary
from oms_workflow.cli.screen import as_table, heading, out, titles


def to_json(told: Told) -> dict[str, Any]:
    """Give everything the demo came to."""
    return {
        "orders": [
            {**summary.to_json(one, told.called), "story": _story(told, one.order), "incidents_mended": one.mended}
            for one in told.run.outcomes
        ],
        "invariants": {"checked": len(told.checks), "broken": sum(1 for one in told.checks if one.violations)},
        "outside": {"effects": sum(key.effects for key in told.audit.keys), "doubled": len(told.audit.contradictions)},
        "seconds": round(told.run.seconds, 1),
        "began": told.run.began.isoformat(),
        "ended": told.run.ended.isoformat(),
    }


def show(told: Told, home: Path) -> None:
    """Print it."""
    rows = [
        [one.order, in_language(_story(told, one.order)), one.status, len(one.breaches) or "", one.mended or ""]
        for one in told.run.outcomes
    ]
    heading(say("demo.became"))
    as_table(titles("order", "story", "status", "missed#", "mended#"), rows)
    summary.show(told.run, told.called)
    _books(told)
    heading(say("demo.next"))
    about = {one.order: one for one in told.run.outcomes}
    example = next((order for order, one in about.items() if one.breaches or one.mended), told.run.outcomes[0].order)
    out.print(say("demo.commands", home=home, order=example), markup=False, soft_wrap=True)


def _books(told: Told) -> None:
    broken = [one for one in told.checks if one.violations]
    effects = sum(key.effects for key in told.audit.keys)
    out.print(say("demo.books", checked=len(told.checks), broken=len(broken), effects=effects), markup=False)
    for one in broken:
        out.print(f"{one.invariant}: {one.examples}", style="red", markup=False)
    for contradiction in told.audit.contradictions:
        out.print(f"{contradiction}", style="red", markup=False)


def _story(told: Told, order: str) -> str:
    return next(story.about for story in told.stories for one in story.orders if one.id == order)
