"""`oms waves rule`, `rules` and `drop`: when waves of a warehouse go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import NO, AsJson, as_json, as_table, leave, out, titles

if TYPE_CHECKING:
    from oms_workflow.domain.wave import WaveRule

Warehouse = Annotated[str, typer.Argument(metavar="WAREHOUSE", help=say("stock.warehouse"))]
Carrier = Annotated[str, typer.Option(help=say("waves.carrier"))]


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("rule", help=say("waves.rule.help"))(rule)
    group.command("rules", help=say("waves.rules.help"))(rules)
    group.command("drop", help=say("waves.drop.help"))(drop)


def rule(
    warehouse: Warehouse,
    carrier: Carrier = "",
    at: Annotated[list[str] | None, typer.Option(metavar="HH:MM", help=say("waves.rule.at"))] = None,
    zone: Annotated[str, typer.Option(help=say("waves.rule.zone"))] = "Asia/Shanghai",
    most: Annotated[int, typer.Option(min=1, max=10_000, help=say("waves.rule.most"))] = 100,
    wait: Annotated[int, typer.Option(min=1, max=10_080, help=say("waves.rule.wait"))] = 240,
    json: AsJson = False,
) -> None:
    """Store a rule, in place of the one for this warehouse and carrier."""
    from oms_workflow.domain.wave import WaveRule

    made = WaveRule(
        warehouse=warehouse, carrier=carrier, zone=zone, times=tuple(sorted({_minute(one) for one in at or ()})),
        most_orders=most, longest_wait=timedelta(minutes=wait),
    )  # fmt: skip

    async def asked(unit: Any) -> None:
        await port(unit).save_rule(made)
        await unit.commit()

    ask_store(asked)
    if json:
        as_json(_told(made))
    else:
        out.print(say("waves.rule.done", warehouse=warehouse), markup=False)


def rules(json: AsJson = False) -> None:
    """List rules."""

    async def asked(unit: Any) -> Sequence[WaveRule]:
        found: Sequence[WaveRule] = await port(unit).rules()
        return found

    found = ask_store(asked)
    if json:
        as_json({"rules": [_told(one) for one in found]})
    elif not found:
        out.print(say("waves.rules.none"))
    else:
        rows = [[one.warehouse, one.carrier, " ".join(_clock(each) for each in one.times), one.zone,
                 one.most_orders, f"{one.longest_wait}"] for one in found]  # fmt: skip
        as_table(titles("warehouse", "carrier", "times_of_day", "where", "most#", "wait"), rows)


def drop(warehouse: Warehouse, carrier: Carrier = "", json: AsJson = False) -> None:
    """Forget a rule."""

    async def asked(unit: Any) -> bool:
        gone: bool = await port(unit).drop_rule(warehouse, carrier)
        await unit.commit()
        return gone

    gone = ask_store(asked)
    if json:
        as_json({"warehouse": warehouse, "carrier": carrier, "dropped": gone})
    else:
        out.print(say("waves.drop.done" if gone else "waves.drop.unknown"))
    if not gone:
        leave(NO)


def port(unit: Any) -> Any:
    """Give the port to waves for a unit of work."""
    from oms_workflow.domain.ports.waves import Waves
    from oms_workflow.store.bindings import bind

    return bind(Waves, unit)


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
        raise Unusable(say("waves.rule.bad_time", text=repr(text)), code="bad-time")
    return int(hour) * 60 + int(minute)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _told(one: WaveRule) -> dict[str, Any]:
    return {
        "warehouse": one.warehouse,
        "carrier": one.carrier,
        "zone": one.zone,
        "times": [_clock(each) for each in one.times],
        "most_orders": one.most_orders,
        "longest_wait_minutes": int(one.longest_wait.total_seconds() // 60),
    }
