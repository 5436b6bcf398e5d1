"""`oms simulate day`: a day of the rush in virtual time, under each way to choose warehouses. Touches no order."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, heading, out, titles

if TYPE_CHECKING:
    pass

ACTIVITY, DECISION = "allocation.reserve", "sourcing_policy"
STEP = 500  # orders between two signs of life


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.callback()(lambda: None)  # one command today, and still `oms simulate day`
    group.command("day", help=say("simulate.day.help"))(day)
    app.add_typer(group, name="simulate", help=say("simulate.help"))


def day(
    orders: Annotated[int, typer.Option(min=1, max=200_000, help=say("simulate.day.orders"))] = 20_000,
    seed: Annotated[int, typer.Option(help=say("simulate.day.seed"))] = 11,
    warehouses: Annotated[int, typer.Option(min=1, max=30, help=say("simulate.day.warehouses"))] = 10,
    skus: Annotated[int, typer.Option(min=1, max=100_000, help=say("simulate.day.skus"))] = 2_000,
    stock: Annotated[float, typer.Option(min=0.0, max=10.0, help=say("simulate.day.stock"))] = 1.05,
    minutes: Annotated[int, typer.Option(min=1, max=720, help=say("simulate.day.minutes"))] = 10,
    late: Annotated[int, typer.Option(min=0, help=say("simulate.day.late"))] = 500,
    policy: Annotated[list[Path] | None, typer.Option(help=say("simulate.day.policy"))] = None,
    channel: Annotated[str, typer.Option(help=say("simulate.day.channel"))] = "tmall",
    json: AsJson = False,
) -> None:
    """Let the same day go by under each policy, and compare."""
    from oms_workflow.simulate.day import simulate
    from oms_workflow.simulate.rush import rush

    simulated = rush(orders=orders, seed=seed, warehouses=warehouses, skus=skus, stock=stock)
    answers = []
    for name, rules in _policies(policy or [_shipped()], channel, minutes, late):
        report = simulate(simulated, rules, late=late, progress=_progress(name, orders, silent=json))
        answers.append({"policy": name, **report.figures})
        if not json:
            sys.stderr.write("\n")
    asked = {"orders": orders, "seed": seed, "warehouses": warehouses, "skus": skus, "stock": stock,
             "minutes": minutes, "late": late, "channel": channel}  # fmt: skip
    if json:
        as_json({"asked": asked, "policies": answers})
    else:
        _print(answers)


def _policies(files: Sequence[Path], channel: str, minutes: int, late: int) -> Iterator[tuple[str, Any]]:
    """Give each policy with its name: without rules, by each table, and in batches under each table."""
    from datetime import timedelta

    from oms_workflow.domain.batch import Weights
    from oms_workflow.optimise.solving import Effort
    from oms_workflow.simulate.policies import PLAIN, InBatches, OneByOne

    yield say("simulate.greedy"), OneByOne(rules=PLAIN)
    for file in files:
        rules = _rules(file, channel)
        more = f" {file.stem}" if len(files) > 1 else ""
        yield say("simulate.rules") + more, OneByOne(rules=rules)
        yield (
            say("simulate.optimiser") + more,
            InBatches(
                rules=rules,
                every=timedelta(minutes=minutes),
                weights=Weights(late=late, hour=1),
                effort=Effort(seconds=20),
            ),
        )


def _rules(file: Path, channel: str) -> Mapping[Any, Any]:
    """Ask a table for every service level, as an order of the channel does."""
    from oms_workflow.catalog.registry import discover
    from oms_workflow.decide import load
    from oms_workflow.domain.service_level import ServiceLevel
    from oms_workflow.settings import settings

    if not file.is_file():
        raise Unusable(say("simulate.day.no_file", file=file))
    decisions = load(file)
    reads = discover(settings().activities)[ACTIVITY].input
    found = {}
    for level in ServiceLevel:
        try:
            outcome = decisions.outcome(DECISION, {"service_level": level.value, "channel": channel})
        except KeyError:
            raise Unusable(say("simulate.day.no_decision", file=file, decision=DECISION)) from None
        if not isinstance(outcome.value, dict):
            said = "; ".join(str(one) for one in outcome.problems)
            raise Unusable(say("simulate.day.no_answer", file=file, level=level.value, said=said))
        found[level] = reads.model_validate({"order_id": "-", **outcome.value}).rules("CNY")  # type: ignore[attr-defined]
    return found


def _shipped() -> Path:
    from oms_workflow.cli.opening import processes_folder
    from oms_workflow.settings import settings

    return processes_folder(settings()) / "decisions" / f"{DECISION}.dmn"


def _progress(name: str, orders: int, *, silent: bool) -> Callable[[int], None]:
    """Show how far a day has come, on the line of its policy; machines that read JSON get one line a day."""
    shown = 0

    def told(came: int) -> None:
        nonlocal shown
        if not silent and (came >= shown + STEP or came == orders > shown):
            shown = came
            sys.stderr.write("\r" + say("simulate.day.progress", policy=name, came=came, orders=orders))
            sys.stderr.flush()

    return told


def _print(answers: Sequence[Mapping[str, Any]]) -> None:
    columns = ("policy", "sent_completely#", "promises_missed#", "urgent_missed#", "split#", "per_order#",
               "cost_per_order#", "choosing_seconds#")  # fmt: skip
    rows = [[one["policy"], one["placed"], f"{one['missed']} ({one['missed_share']:.1%})",
             one["missed_urgent"], f"{one['split_share']:.1%}", f"{one['parcels_per_order']:.3f}",
             one["cost_per_order"], f"{one['seconds']:.1f}"] for one in answers]  # fmt: skip
    as_table(titles(*columns), rows)
    heading(say("simulate.money"))
    as_table(titles("policy", "parcel_cost#", "piece_cost#", "late_cost#"),
             [[one["policy"], one["parcel_cost"], one["piece_cost"], one["late_cost"]] for one in answers])  # fmt: skip
    heading(say("simulate.busy"))
    names = [site["warehouse"] for site in answers[0]["warehouses"]]
    shares = [[f"{site['of_the_day']:.0%} ({site['longest_wait_hours']:.0f} h)" for site in one["warehouses"]]
              for one in answers]  # fmt: skip
    as_table([titles("warehouse")[0], *(f"{one['policy']}#" for one in answers)],
             [[name, *(one[number] for one in shares)] for number, name in enumerate(names)])  # fmt: skip
    out.print(say("simulate.same"), markup=False)
