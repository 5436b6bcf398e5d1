"""`oms orders history`: what happened to an order in all its processes, in order of time, when and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.language import catalogue, language, say
from oms_workflow.cli.screen import AsJson, as_json, as_table, out, titles
from oms_workflow.cli.wording import in_language, iso, word

if TYPE_CHECKING:
    from oms_workflow.cli.drawing import Drawing, Drawings
    from oms_workflow.engine.records import Record
    from oms_workflow.store.instances import InstanceRow

    Told = tuple[Record, InstanceRow, Drawing]

QUIET = frozenset({"flow_taken", "sla_started", "sla_paused", "sla_resumed"})
"""Kinds that only say what the next record says anyway; `--all` shows them."""

PASSING = frozenset({"activated", "completed"})
"""Kinds that every node has: at a gateway or a plain event they tell nothing but that the token came through."""

PLACES = ("Gateway", "Event")
AT_ONCE = 10_000  # records read in one go


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("history", help=say("orders.history.help"))(history)


def history(
    order: Annotated[str, typer.Argument(metavar="ORDER", help=say("orders.order"))],
    everything: Annotated[bool, typer.Option("--all", help=say("orders.history.all"))] = False,
    json: AsJson = False,
) -> None:
    """Show the records of every instance about an order."""

    async def asked(unit: Any) -> tuple[str, list[Told]]:
        from oms_workflow.cli.orders.finding import find_order

        order_id = await find_order(unit, order)
        return order_id, await _records(unit, order_id)

    order_id, told = ask_store(asked)
    if json:
        as_json({"order": order_id, "records": [entry(*one) for one in told]})
    elif told:
        _print([one for one in told if everything or not _is_quiet(*one)])
    else:
        out.print(say("orders.history.nothing"))


def entry(record: Record, about: InstanceRow, drawn: Drawing) -> dict[str, Any]:
    """Give one record as --json prints it."""
    return {
        "at": iso(record.at),
        "instance": about.workflow_id,
        "process": about.process_id,
        "seq": record.seq,
        "kind": record.kind.value,
        "element": record.element,
        "name": drawn.label(record.element),
        "token": record.token,
        "scope": record.scope,
        "by": str(record.detail.get("by", "")),
        "detail": record.detail,
    }


async def _records(unit: Any, order_id: str) -> list[Told]:
    from oms_workflow.cli.drawing import Drawings
    from oms_workflow.store.instances import Instances

    found: list[Told] = []
    drawings, instances = Drawings(unit), Instances(unit)
    for about in await instances.of_order(order_id):
        mine: list[Record] = []
        while page := await instances.records(about.workflow_id, after=mine[-1].seq if mine else 0, limit=AT_ONCE):
            mine += page
        found += await _drawn(drawings, about, mine)
    return sorted(found, key=lambda one: (one[0].at, one[1].started_at, one[1].workflow_id, one[0].seq))


async def _drawn(drawings: Drawings, about: InstanceRow, records: Sequence[Record]) -> list[Told]:
    """Give each record the drawing of the version that the instance ran then: ids of another one say nothing in it."""
    drawn, found = await drawings.of(about), list[tuple["Record", "InstanceRow", "Drawing"]]()
    for record in reversed(records):
        found.append((record, about, drawn))
        before = record.detail.get("from_version") if record.kind.value == "migrated" else None
        if isinstance(before, int):
            drawn = await drawings.of_version(about.process_id, before)
    return found[::-1]


def _is_quiet(record: Record, about: InstanceRow, drawn: Drawing) -> bool:
    if record.kind.value in QUIET:
        return True
    return record.kind.value in PASSING and drawn.kind(record.element).endswith(PLACES)


def _print(told: Sequence[Told]) -> None:
    several = len({about.workflow_id for _, about, _ in told}) > 1
    day, rows = "", []
    for record, _, drawn in told:
        local = record.at.astimezone()
        today, day = (f"{local:%m-%d} " if f"{local:%Y-%m-%d}" != day else "      "), f"{local:%Y-%m-%d}"
        rows.append(
            [
                f"{today}{local:%H:%M:%S}",
                *([in_language(drawn.name)] if several else []),
                drawn.short(record.element),
                sentence(record),
            ]
        )
    as_table(titles("time", *(["process"] if several else []), "at_node", "happened"), rows)


def sentence(record: Record) -> str:
    """Say what happened in the language of this run: the kind, who did it, and the few details that matter."""
    kind, detail = record.kind.value, record.detail
    said = catalogue(language()).get(f"history.{kind}", kind.replace("_", " "))
    details = [_words(name, detail[name]) for name in TOLD.get(kind, ()) if detail.get(name) not in (None, "", [])]
    if kind == "migrated" and detail.get("from_version"):
        details.insert(0, say("history.versions", old=detail["from_version"], new=detail["version"]))
    if kind == "message_caught":
        details += _teller(str(detail.get("message", "")), str(detail.get("message_id", "")))
    by = say("history.by", who=detail["by"]) if detail.get("by") else ""
    return " ".join(part for part in (said, by) if part) + (say("colon") + ", ".join(details) if details else "")


def _words(name: str, value: Any) -> str:
    if name in ("outcome", "action"):
        return word(str(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _teller(message: str, message_id: str) -> list[str]:
    """What the id of a person's message tells beyond its name and key: who sent it, see `oms orders cancel`."""
    from oms_workflow.domain.messages import MESSAGES, Sender

    if message not in MESSAGES or MESSAGES[message].sender is not Sender.PEOPLE:
        return []
    last = message_id.rpartition("/")[2]
    return [last] if last else []


TOLD: dict[str, tuple[str, ...]] = {
    "error_thrown": ("code",),
    "escalation_thrown": ("code",),
    "message_caught": ("message",),
    "message_sent": ("message", "key"),
    "signal_caught": ("signal",),
    "signal_sent": ("signal",),
    "decision_taken": ("decision",),
    "incident_raised": ("message",),
    "incident_resolved": ("action", "reason"),
    "element_chosen": ("reason",),
    "token_moved": ("origin", "reason"),
    "token_skipped": ("reason",),
    "element_repeated": ("reason",),
    "branch_cancelled": ("reason",),
    "suspended": ("reason",),
    "resumed": ("reason",),
    "migrated": ("reason",),
    "token_migrated": ("origin",),
    "sla_warned": ("owner",),
    "sla_breached": ("owner",),
    "variables_set": ("names", "reason"),
    "job_failed": ("message",),
    "task_opened": ("groups",),
    "fact_ignored": ("why",),
    "finished": ("outcome", "code", "message"),
}
"""Details that a sentence shows, by kind."""
