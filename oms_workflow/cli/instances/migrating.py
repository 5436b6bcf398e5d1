"""`oms instances migrate`: takes running instances to another version of their process, or says what keeps them."""

from __future__ import annotations

import hashlib
import json as jsons
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_house, ask_store, who
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.instances.batch import Batch, Progress, run
from oms_workflow.cli.instances.results_file import Results
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, NO, AsJson, as_json, err, leave, out
from oms_workflow.cli.wording import word

if TYPE_CHECKING:
    from oms_workflow.engine.migration.plan import Plan
    from oms_workflow.store.unit_of_work import UnitOfWork
    from oms_workflow.temporal.migrations import Concerned, Journey

PATIENCE = 7 * 24 * 3600.0  # seconds for a batch; each instance has its own time to answer
GOOD = ("can", "migrated", "already")
OUTCOMES = ("can", "cannot", "migrated", "already", "refused")
TOLD_EACH = 100  # instances between two lines of progress where no line is written for each


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("migrate", help=say("instances.migrate.help"))(migrate)


def migrate(
    plan: Annotated[Path | None, typer.Option(metavar="FILE", help=say("instances.migrate.plan"))] = None,
    check: Annotated[bool, typer.Option("--check", help=say("instances.migrate.check"))] = False,
    revert: Annotated[bool, typer.Option("--revert", help=say("instances.migrate.revert"))] = False,
    only: Annotated[list[str] | None, typer.Option("--instance", help=say("instances.migrate.only"))] = None,
    alone: Annotated[bool, typer.Option("--alone", help=say("instances.alone"))] = False,
    rate: Annotated[float, typer.Option(min=0.1, max=1000, help=say("instances.migrate.rate"))] = 5,
    results: Annotated[Path | None, typer.Option(metavar="FILE", help=say("instances.migrate.results"))] = None,
    draft: Annotated[bool, typer.Option("--draft", help=say("instances.migrate.draft"))] = False,
    process: Annotated[str, typer.Option(metavar="ID", help=say("instances.migrate.process"))] = "",
    from_: Annotated[int, typer.Option("--from", metavar="VERSION", help=say("instances.migrate.from"))] = 0,
    to: Annotated[int, typer.Option("--to", metavar="VERSION", help=say("instances.migrate.to"))] = 0,
    reason: Annotated[str, typer.Option(help=say("instances.migrate.reason"))] = "",
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Check plans against every instance concerned, then take over those that can go; or draft a plan."""
    if draft:
        from oms_workflow.cli.instances.drafting import draft_plan

        draft_plan(process, from_, to)
        return
    if plan is None:
        raise Unusable(say("instances.migrate.needs_plan"), code="no-plan")
    if not check and not reason:
        raise Unusable(say("instances.migrate.needs_reason"), code="no-reason")
    journeys = ask_store(lambda unit: _journeys(unit, _read(plan), revert, tuple(only or ()), alone))
    batch = Batch(journeys=journeys, rate=rate, check=check, by=who(by), reason=reason)
    _do(batch, Results(results, _about(batch)), revert, json)


def _do(batch: Batch, results: Results, revert: bool, json: bool) -> None:
    found: list[dict[str, Any]] = []

    def hear(one: Concerned, progress: Progress) -> None:
        told = _told(one)
        results.add(told)
        if json:
            found.append(told)
            if progress.done % TOLD_EACH == 0:
                err.print(f"{progress.done}/{progress.of}", style="dim")
        else:
            _print(one, progress)

    try:
        progress = ask_house(lambda house: run(house.house, batch, results.knows, hear), seconds=PATIENCE)
    finally:
        results.close()
    stopped = {"done": progress.done, "of": progress.of}
    if json:
        as_json({**_about(batch), "by": batch.by, "reason": batch.reason, "revert": revert, **stopped,
                 "counts": _counts(results), "instances": found})  # fmt: skip
    else:
        _sum_up(batch, results)
    if progress.was_stopped:
        err.print(say("instances.migrate.stopped", **stopped), style="yellow", markup=False)
    is_good = not progress.was_stopped and all(outcome in GOOD for _, outcome in results.counts)
    leave(DONE if is_good else NO)


def _read(plan: Path) -> tuple[Plan, ...]:
    from oms_workflow.cli.instances.plan_file import read_plans

    return read_plans(plan)


async def _journeys(
    unit: UnitOfWork, plans: Sequence[Plan], revert: bool, only: tuple[str, ...], alone: bool
) -> tuple[Journey, ...]:
    from oms_workflow.cli.instances.choosing import called_by, choose_instance
    from oms_workflow.engine.migration.atlas import NotReversible

    meant: set[str] = set()
    for given in only:
        first = await choose_instance(unit, given)
        meant |= {first.workflow_id, *(one.workflow_id for one in ([] if alone else await called_by(unit, first)))}
    journeys = [await _journey(unit, plan, frozenset(meant)) for plan in plans]
    try:
        return tuple(one.turned() if revert else one for one in journeys)
    except NotReversible as error:
        raise Unusable(say("instances.migrate.no_way_back", why=error), code="not-reversible") from None


async def _journey(unit: UnitOfWork, plan: Plan, only: frozenset[str]) -> Journey:
    from oms_workflow.engine.migration.plan import problems
    from oms_workflow.errors import DiagramRefused
    from oms_workflow.temporal.migrations import Journey, read_version

    source = await read_version(unit, plan.process, plan.from_version)
    target = await read_version(unit, plan.process, plan.to_version)
    wrong = problems(plan, source.definition, target.definition)
    if wrong:
        raise DiagramRefused(wrong)
    return Journey(plan=plan, source=source, target=target, only=only)


def _about(batch: Batch) -> dict[str, Any]:
    """What a batch is: files of results say it, so that none is taken up by another one."""
    plans = [
        {"process": one.plan.process, "from": one.plan.from_version, "to": one.plan.to_version}
        for one in batch.journeys
    ]
    maps = [sorted(one.plan.elements.items()) for one in batch.journeys]
    hashed = hashlib.sha256(jsons.dumps([plans, maps]).encode()).hexdigest()
    return {"plans": plans, "sha256": hashed, "check": batch.check}


def _print(one: Concerned, progress: Progress) -> None:
    err.print(f"{progress.done}/{progress.of}", style="dim", end="  ")
    renamed = dict(one.moved)
    fresh = set(renamed.values())
    places = [
        *(f"{origin} -> {element}" for origin, element in one.moved),
        *(at for at in one.stands if at not in fresh),
    ]
    where = f"  {', '.join(places)}" if places else ""
    out.print(f"{one.instance}  {word(one.outcome)}{where}", markup=False)
    for finding in one.findings:
        out.print(f"  {finding}".replace("\n", "\n  "), style="red", markup=False)
    if one.message and not one.findings:
        out.print(f"  {one.message}", style="dim" if one.outcome in GOOD else "red", markup=False)


def _sum_up(batch: Batch, results: Results) -> None:
    for journey in batch.journeys:
        plan = journey.plan
        counts = [(results.counts[plan.process, outcome], outcome) for outcome in OUTCOMES]
        summary = ", ".join(f"{many} {word(outcome)}" for many, outcome in counts if many)
        told = {"process": plan.process, "from": plan.from_version, "to": plan.to_version}
        out.print(say("instances.migrate.done", summary=summary or say("instances.migrate.nobody"), **told))


def _counts(results: Results) -> list[dict[str, Any]]:
    return [
        {"process": process, "outcome": outcome, "instances": many}
        for (process, outcome), many in sorted(results.counts.items())
    ]


def _told(one: Concerned) -> dict[str, Any]:
    return {
        "instance": one.instance,
        "order": one.order,
        "process": one.process,
        "outcome": one.outcome,
        "events": one.events,
        "stands": list(one.stands),
        "moved": [{"from": origin, "to": element} for origin, element in one.moved],
        "findings": [finding.to_json() for finding in one.findings],
        "message": one.message,
    }
