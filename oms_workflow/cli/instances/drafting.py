"""`oms instances migrate --draft`: writes a plan with the likely counterparts, and tells what to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import as_json, err
from oms_workflow.cli.wording import in_language

if TYPE_CHECKING:
    from oms_workflow.bpmn.model import Node
    from oms_workflow.engine.migration.drafting import Draft
    from oms_workflow.store.unit_of_work import UnitOfWork


def draft_plan(process: str, from_version: int, to_version: int) -> None:
    """Print a plan; what was guessed, and what nothing was found for, goes to standard error."""
    if not process or from_version < 1 or to_version < 1 or from_version == to_version:
        raise Unusable(say("instances.migrate.needs_versions"), code="no-versions")
    drafted = ask_store(lambda unit: _draft(unit, process, from_version, to_version))
    _tell(drafted)
    as_json({"process": process, "from": from_version, "to": to_version, "map": drafted.elements})


async def _draft(unit: UnitOfWork, process: str, from_version: int, to_version: int) -> Draft:
    from oms_workflow.engine.migration.drafting import draft
    from oms_workflow.temporal.migrations import read_version

    old = await read_version(unit, process, from_version)
    new = await read_version(unit, process, to_version)
    return draft(old.program, new.program)


def _tell(drafted: Draft) -> None:
    for guess in drafted.guesses:
        reasons = ", ".join(say(f"instances.draft.{one}") for one in guess.reasons)
        _line("guess", "green", old=_named(guess.old), new=_named(guess.new), reasons=reasons)
    for node in drafted.without:
        _line("without", "yellow", old=_named(node))
    for node, why in drafted.changed:
        _line("changed", "yellow", old=_named(node), why=why)
    for flow, join in drafted.flows:
        _line("flow", "yellow", flow=flow, join=_named(join))
    if not (drafted.guesses or drafted.without or drafted.changed or drafted.flows):
        _line("nothing", "dim")


def _line(key: str, style: str, **told: Any) -> None:
    err.print(say(f"instances.drafted.{key}", **told), style=style, markup=False)


def _named(node: Node) -> str:
    label = in_language(node.name).replace("\n", " ") if node.name else ""
    return f"{node.id} ({label})" if label else node.id
