"""The tables of docs/processes.md, made from the diagrams they describe. The text between them is written by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from oms_workflow.bpmn.events import MessageEvent
from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Definition, Node
from oms_workflow.bpmn.sla import Sla
from oms_workflow.bpmn.starts import outside_starts
from oms_workflow.diagrams.collection import Collection, read_collection

_MARKED = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_CHINESE = re.compile(r"\s*[\u3400-\u9fff].*")
_SENDING = frozenset({NodeKind.SEND_TASK, NodeKind.THROW_EVENT, NodeKind.END_EVENT})
ANY_YEAR = 2026  # of the calendars, which are not shown


def processes_page(page: Path, processes: Path) -> str:
    """Give the page with its tables as they follow from the diagrams.

    Args:
        page: The page as it stands; `<!-- table: name -->` and `<!-- end -->` enclose each table.
        processes: Folder of the diagrams, with their texts.

    Raises:
        KeyError: When the page asks for a table there is none of.
        DiagramRefused: When a diagram has an error.
    """
    read = read_collection([processes], year=ANY_YEAR).require()
    tables: dict[str, Callable[[], str]] = {
        "processes": lambda: _table(("process", "begins with", "calls", "asks"), map(_process, read.definitions)),
        "milestones": lambda: _milestones(read, processes / "texts"),
        "decisions": lambda: _decisions(read),
        "messages": lambda: _messages(read),
        "people": lambda: _people(read),
        "promises": lambda: _promises(read),
    }

    def fill(found: re.Match[str]) -> str:
        return f"{found[1]}{tables[found[2]]()}{found[3]}"

    return _MARKED.sub(fill, page.read_text(encoding="utf-8"))


def _process(one: Definition) -> tuple[str, str, str, str]:
    starts = [event.name for node in outside_starts(one) for event in _messages_of(node)]
    calls = dict.fromkeys(node.call.process for node in one.nodes if node.call is not None)
    asks = dict.fromkeys(node.decision.decision for node in one.nodes if node.decision is not None)
    return f"`{one.id}` {_english(one.name)}", _listed(starts) or "a call", _listed(calls), _listed(asks)


def _milestones(read: Collection, texts: Path) -> str:
    english, chinese = (
        json.loads((texts / f"{language}.json").read_text(encoding="utf-8"))["milestones"] for language in ("en", "zh")
    )
    reached: dict[str, dict[str, None]] = {}
    for one, node in _all(read):
        if node.milestone:
            reached.setdefault(node.milestone, {})[one.id] = None
    rows = ((f"`{key}`", english[key], chinese[key], _listed(reached.get(key, ()))) for key in english)
    return _table(("milestone", "English", "中文", "reached in"), rows)


def _decisions(read: Collection) -> str:
    asked: dict[str, dict[str, None]] = {}
    for one, node in _all(read):
        if node.decision is not None:
            asked.setdefault(node.decision.decision, {})[f"{one.id}.{node.id}"] = None
    return _table(("decision", "asked at"), ((f"`{key}`", _listed(asked[key])) for key in sorted(asked)))


def _messages(read: Collection) -> str:
    caught: dict[str, dict[str, None]] = {}
    sent: dict[str, dict[str, None]] = {}
    for one, node in _all(read):
        for event in _messages_of(node):
            side = sent if node.kind in _SENDING else caught
            side.setdefault(event.name, {})[f"{one.id}.{node.id}"] = None
    rows = (
        (f"`{name}`", _listed(caught.get(name, ())), _listed(sent.get(name, ())))
        for name in sorted({*caught, *sent})
    )  # fmt: skip
    return _table(("message", "caught at", "sent at"), rows)


def _people(read: Collection) -> str:
    rows = (
        (f"`{one.id}.{node.id}`", _english(node.label), _ticked(node.human.form), node.owner, _limit(node.sla))
        for one, node in _all(read)
        if node.human is not None
    )  # fmt: skip
    return _table(("task", "what it asks", "form", "owner", "in time"), rows)


def _promises(read: Collection) -> str:
    rows = (
        (
            f"`{one.id}.{node.id}`",
            _limit(node.sla),
            node.sla.calendar_by or node.sla.calendar,
            node.owner,
            _chain(node.sla),
        )
        for one, node in _all(read)
        if node.sla is not None and node.sla.on_breach == "escalate"
    )
    return _table(("node", "in time", "calendar", "owner", "then"), rows)


def _all(read: Collection) -> Iterator[tuple[Definition, Node]]:
    for one in read.definitions:
        for node in one.nodes:
            yield one, node


def _top(one: Definition, kind: NodeKind) -> Iterator[Node]:
    return (node for node in one.nodes[1:] if node.parent == 0 and node.kind is kind)


def _messages_of(node: Node) -> Iterator[MessageEvent]:
    return (event for event in node.events if isinstance(event, MessageEvent))


def _limit(sla: Sla | None) -> str:
    """Write a limit as people do: `1 d`, `2 h`, `30 min`."""
    if sla is not None and sla.limit_by:
        return f"`{sla.limit_by}`"
    return _span(sla.limit if sla else timedelta(0))


def _chain(sla: Sla) -> str:
    """Say who hears of a breach, one after the other."""
    told = (f"{one.role} after {_span(one.after)}" if one.after else one.role for one in sla.chain)
    return f"`{sla.chain_by}`" if sla.chain_by else ", ".join(told) or "-"


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds()) // 60
    units = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join(f"{count} {unit}" for count, unit in units if count) or "-"


def _ticked(name: str) -> str:
    return f"`{name}`" if name else "-"


def _english(name: str) -> str:
    """Leave the Chinese half of a label out; this page is in English."""
    return _CHINESE.sub("", name)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
