"""`oms instances migrate`: takes running instances to another version of their process, or says what keeps them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_house, ask_store, who
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, NO, AsJson, as_json, err, leave, out
from oms_workflow.cli.wording import word

if TYPE_CHECKING:
    from oms_workflow.engine.migration.plan import Plan
    from oms_workflow.store.unit_of_work import UnitOfWork
    from oms_workflow.temporal.migrations import Concerned, Journey

PATIENCE = 24 * 3600.0  # seconds for a batch; each instance has its own time to answer
GOOD = ("can", "migrated")


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("migrate", help=say("instances.migrate.help"))(migrate)


def migrate(
    plan: Annotated[Path, typer.Option(metavar="FILE", help=say("instances.migrate.plan"))],
    check: Annotated[bool, typer.Option("--check", help=say("instances.migrate.check"))] = False,
    revert: Annotated[bool, typer.Option("--revert", help=say("instances.migrate.revert"))] = False,
    only: Annotated[list[str] | None, typer.Option("--instance", help=say("instances.migrate.only"))] = None,
    rate: Annotated[float, typer.Option(min=0.1, max=1000, help=say("instances.migrate.rate"))] = 5,
    reason: Annotated[str, typer.Option(help=say("instances.migrate.reason"))] = "",
    by: Annotated[str, typer.Option(help=say("by"))] = "",
    json: AsJson = False,
) -> None:
    """Check a plan against every instance concerned, then take over those that can go."""
    from oms_workflow.cli.instances.plan_file import read_plan

    if not check and not reason:
        raise Unusable(say("instances.migrate.needs_reason"), code="no-reason")
    chosen = read_plan(plan)
    journey = ask_store(lambda unit: _journey(unit, chosen, revert, tuple(only or ())))
    saying = None if check else (who(by), reason)
    found = ask_house(lambda house: _each(house, journey, rate, saying, json), seconds=PATIENCE)
    done = {"process": journey.plan.process, "from": journey.plan.from_version, "to": journey.plan.to_version}
    if json:
        as_json({**done, "check": check, "by": who(by), "reason": reason, "instances": [_told(one) for one in found]})
    else:
        counts = {name: sum(one.outcome == name for one in found) for name in ("can", "cannot", "migrated", "refused")}
        summary = ", ".join(f"{many} {word(name)}" for name, many in counts.items() if many)
        out.print(say("instances.migrate.done", summary=summary or say("instances.migrate.nobody"), **done))
    leave(DONE if all(one.outcome in GOOD for one in found) else NO)


async def _journey(unit: UnitOfWork, plan: Plan, revert: bool, only: tuple[str, ...]) -> Journey:
    from oms_workflow.engine.migration.atlas import NotReversible
    from oms_workflow.engine.migration.plan import problems
    from oms_workflow.errors import DiagramRefused
    from oms_workflow.temporal.migrations import Journey, concerned, read_version

    source = await read_version(unit, plan.process, plan.from_version)
    target = await read_version(unit, plan.process, plan.to_version)
    wrong = problems(plan, source.definition, target.definition)
    if wrong:
        raise DiagramRefused(wrong)
    if revert:
        try:
            plan = plan.reversed(source.definition, target.definition)
        except NotReversible as error:
            raise Unusable(say("instances.migrate.no_way_back", why=error), code="not-reversible") from None
        source, target = target, source
    rows = await concerned(unit, source, only)
    return Journey(plan=plan, source=source, target=target, rows=rows)


async def _each(
    house: Any, journey: Journey, rate: float, saying: tuple[str, str] | None, quiet: bool
) -> list[Concerned]:
    """One after the other, at most so many a second."""
    from oms_workflow.temporal.migrations import Migrations

    migrations, found = Migrations(house.house.operator, journey), []
    for number, row in enumerate(journey.rows, start=1):
        if number > 1:
            await asyncio.sleep(1 / rate)
        if saying is None:
            one = await migrations.dry_run(row)
        else:
            one = await migrations.migrate(row, by=saying[0], reason=saying[1])
        found.append(one)
        if not quiet:
            _print(one, number, len(journey.rows))
    return found


def _print(one: Concerned, number: int, of: int) -> None:
    err.print(f"{number}/{of}", style="dim", end="  ")
    moved = ", ".join(dict.fromkeys(f"{origin} -> {element}" for origin, element in one.moved))
    out.print(f"{one.instance}  {word(one.outcome)}{f'  {moved}' if moved else ''}", markup=False)
    for finding in one.findings:
        out.print(f"  {finding}".replace("\n", "\n  "), style="red", markup=False)
    if one.message and not one.findings:
        out.print(f"  {one.message}", style="red", markup=False)


def _told(one: Concerned) -> dict[str, Any]:
    return {
        "instance": one.instance,
        "order": one.order,
        "outcome": one.outcome,
        "moved": [{"from": origin, "to": element} for origin, element in one.moved],
        "findings": [finding.to_json() for finding in one.findings],
        "message": one.message,
    }
