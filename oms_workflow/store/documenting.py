"""The tables of docs/orders.md, made from the code they describe. The text between them is written by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from oms_workflow.domain import fulfilment, payment, returns, shipment
from oms_workflow.domain.changes import FIELDS, Change, Field
from oms_workflow.domain.hold import RULES
from oms_workflow.domain.line_ledger import MOVES
from oms_workflow.domain.messages import MESSAGES
from oms_workflow.domain.ports.unit import Checkpoint
from oms_workflow.domain.reconciliation import EXPLAINED, FOR_A_PERSON, SAYS, Cause
from oms_workflow.domain.refusals import WHEN
from oms_workflow.domain.service_level import Origin, ServiceLevel, priority
from oms_workflow.domain.status import LADDER
from oms_workflow.domain.stock import EFFECTS, Effect
from oms_workflow.domain.tracking import FINAL, RANK
from oms_workflow.store.bindings import PORTS
from oms_workflow.store.checks import INVARIANTS, PARCELS
from oms_workflow.store.invariants.field_list import FIELD_LIST

_MARKED = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def orders_page(path: Path) -> str:
    """Give the page with its tables as they follow from the code.

    Args:
        path: The page as it stands; `<!-- table: name -->` and `<!-- end -->` enclose each table.

    Raises:
        KeyError: When the page asks for a table there is none of.
        FileNotFoundError: When there is no page.
    """

    def fill(found: re.Match[str]) -> str:
        return f"{found[1]}{TABLES[found[2]]()}{found[3]}"

    return _MARKED.sub(fill, path.read_text(encoding="utf-8"))


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _moves(table: Mapping[Any, frozenset[Any]]) -> str:
    rows = ((f"`{state.value}`", ", ".join(f"`{one.value}`" for one in sorted(table[state])) or "-") for state in table)
    return _table(("state", "may become"), rows)


def _line_moves() -> str:
    rows = ((f"`{move.value}`", source.value, target.value) for move, (source, target) in MOVES.items())
    return _table(("move", "from", "to"), rows)


def _reconciliation() -> str:
    asks = {
        cause: "nothing" if cause in EXPLAINED else "a person" if cause in FOR_A_PERSON else "time" for cause in Cause
    }
    return _table(("cause", "what it is", "asks for"), ((f"`{one.value}`", SAYS[one], asks[one]) for one in Cause))


def _stock() -> str:
    def signed(number: int) -> str:
        return f"{number:+d}" if number else ""

    rows = ((f"`{kind.value}`", *map(signed, effect)) for kind, effect in EFFECTS.items())
    return _table(("entry", *(name.replace("_", " ") for name in Effect._fields)), rows)


def _holds() -> str:
    rows = (
        (f"`{kind.value}`", ", ".join(sorted(gate.value for gate in rule.blocks)), rule.resolver_role, rule.sla or "-")
        for kind, rule in RULES.items()
    )
    return _table(("hold", "blocks", "lifted by", "due after"), rows)


def _tracking() -> str:
    rows = ((f"`{status.value}`", rank, "yes" if status in FINAL else "") for status, rank in RANK.items())
    return _table(("status", "rank", "final"), rows)


def _messages() -> str:
    rows = (
        (f"`{one.name}`", one.key.value, one.sender.value, ", ".join(one.fields), one.when) for one in MESSAGES.values()
    )
    return _table(("message", "found by", "sent by", "carries", "when"), rows)


def _changes() -> str:
    def shown(one: Change, field: Field) -> tuple[object, ...]:
        asks = ", ".join(sorted(party.value for party in field.by))
        until = f"`{field.until.value}`" if field.until else "always"
        names = f"{field.says} {field.says_zh}"
        return f"`{one.name}`", one.value, names, asks, until, ", ".join(field.matters) or "-"

    rows = (shown(one, field) for one, field in FIELDS.items())
    return _table(("change", "bit", "field", "asked for by", "up to", "audited again"), rows)


def _priorities() -> str:
    rows = ((level.value, *(priority(level, origin) for origin in Origin)) for level in ServiceLevel)
    return _table(("service level", *(origin.value for origin in Origin)), rows)


def _ports() -> str:
    rows = (
        (f"`{port.__name__}`", f"`{port.__module__}`", (port.__doc__ or "").split("\n")[0])
        for port in PORTS
        if port is not Checkpoint
    )
    return _table(("port", "module", "what it is"), rows)


def _guards() -> str:
    def listed(names: Sequence[str], instead: str) -> str:
        return ", ".join(f"`{name}`" for name in names) or instead

    rows = (
        (one.number, one.says, listed(one.constraints, one.why_not), listed(one.checks, "-"), listed(one.tests, "-"))
        for one in FIELD_LIST
    )
    return _table(("", "what holds", "in the database", "`oms stock check`", "in tests/"), rows)


TABLES: dict[str, Callable[[], str]] = {
    "line-moves": _line_moves,
    "reconciliation": _reconciliation,
    "stock-entries": _stock,
    "statuses": lambda: _table(
        ("rank", "status"), ((number, f"`{status.value}`") for number, (status, _) in enumerate(LADDER, start=1))
    ),
    "holds": _holds,
    "priorities": _priorities,
    "fulfilment-moves": lambda: _moves(fulfilment.MOVES),
    "request-moves": lambda: _moves(fulfilment.REQUEST_MOVES),
    "shipment-moves": lambda: _moves(shipment.MOVES),
    "tracking": _tracking,
    "reception-moves": lambda: _moves(returns.RECEPTION_MOVES),
    "acceptance-moves": lambda: _moves(returns.ACCEPTANCE_MOVES),
    "transaction-moves": lambda: _moves(payment.MOVES),
    "changes": _changes,
    "messages": _messages,
    "refusals": lambda: _table(("code", "when"), ((f"`{code.value}`", said) for code, said in WHEN.items())),
    "invariants": lambda: _table(
        ("check", "what must hold"), ((f"`{one.name}`", one.says) for one in (*INVARIANTS, PARCELS))
    ),
    "guards": _guards,
    "ports": _ports,
}
"""Tables by the name the page asks for them with."""
