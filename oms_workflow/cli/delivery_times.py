"""Storing and reading hours, cut-offs, collections and days on the way for the commands that edit them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from oms_workflow.cli.asking import ask_store, now

if TYPE_CHECKING:
    from oms_workflow.domain.ports.delivery_times import DeliveryTimes, Rule


def saved(*rules: Rule) -> None:
    """Store rules, with the calendars they may name taken over from their files first.

    Raises:
        OrderRefused: When a rule names a warehouse, calendar or service there is not.
    """

    async def done(times: DeliveryTimes) -> None:
        for rule in rules:
            await times.save(rule)

    changed(done)


def changed(change: Callable[[DeliveryTimes], Awaitable[Any]]) -> Any:
    """Change rules in one unit of work, and give what the change gives."""

    async def asked(unit: Any) -> Any:
        from oms_workflow.domain.ports.delivery_times import DeliveryTimes
        from oms_workflow.store.bindings import bind

        await take_over_files(unit)
        told = await change(bind(DeliveryTimes, unit))
        await unit.commit()
        return told

    return ask_store(asked)


def every_rule() -> Sequence[Rule]:
    """Give all rules, by kind and name."""

    async def asked(unit: Any) -> Any:
        from oms_workflow.domain.ports.delivery_times import DeliveryTimes
        from oms_workflow.store.bindings import bind

        return await bind(DeliveryTimes, unit).all()

    found: Sequence[Rule] = ask_store(asked)
    return found


async def take_over_files(unit: Any) -> None:
    """Take over the calendars of the folder of processes in use, as they are written now."""
    from oms_workflow.cli.opening import processes_folder
    from oms_workflow.diagrams.calendars import load_calendars
    from oms_workflow.settings import settings
    from oms_workflow.store.calendars import take_over

    at = now()
    files = sorted((processes_folder(settings()) / "calendars").glob("*.toml"))
    await take_over(unit, load_calendars(files, year=at.year).require().values(), at=at)
