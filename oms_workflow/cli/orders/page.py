"""One order as a person reads it: what it is, where it is, what is wrong with it, and then the details."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.text import Text

from oms_workflow.cli.language import say
from oms_workflow.cli.orders.facts import OrderFacts, RunOf, masked
from oms_workflow.cli.orders.standing import innermost
from oms_workflow.cli.rows import name_of
from oms_workflow.cli.screen import as_facts, as_table, heading, out, titles
from oms_workflow.cli.wording import in_language, moment, short_moment, word, words
from oms_workflow.domain.line_ledger import LineQuantities
from oms_workflow.domain.shipment import ShipmentStatus

PLACES = ("open", "backordered", "allocated", "shipped", "delivered", "cancelled", "written_off", "returned")


def print_order(facts: OrderFacts) -> None:
    """Print one order."""
    _head(facts)
    for title, columns, rows in _parts(facts):
        if rows:
            heading(say(title))
            as_table(titles(*columns), rows)
    _trouble(facts.runs)
    if not facts.runs:
        heading(say("orders.show.instances"))
        out.print(say("orders.show.no_instances"))


def _head(facts: OrderFacts) -> None:
    view, order = facts.view, facts.view.order
    out.print(Text.assemble((order.id, "bold"), "  ", (word(view.status.value), "bold cyan")))
    axes = [view.payment.value, view.fulfilment.value]
    axes += [] if view.returning.value == "none" else [view.returning.value]
    promises = (("promise.ship_by", view.promise.ship_by), ("promise.deliver_by", view.promise.deliver_by))
    as_facts(
        [
            (say("column.number"), order.number if order.number != order.id.partition(":")[2] else ""),
            (say("orders.show.axes"), " · ".join(map(word, axes))),
            (say("column.total"), f"{order.total}  ({say('orders.show.freight', amount=order.freight)})"),
            (say("column.placed"), moment(order.placed_at)),
            (say("orders.show.promise"), "; ".join(say(key, at=moment(at)) for key, at in promises if at)),
            (say("orders.show.goods_to_come"), _to_come(facts)),
            (say("orders.show.level"), f"{word(order.service_level.value)} · {word(order.terms.value)}"),
            (say("orders.show.leader"), view.leader),
            (say("orders.show.parent"), order.parent),
            (say("orders.show.children"), ", ".join(facts.children)),
            (say("orders.show.contact"), _contact(facts)),
            (say("orders.show.notes"), words(note.kind.value for note in facts.notes)),
        ]
    )


def _to_come(facts: OrderFacts) -> str:
    promised = facts.goods_to_come
    if promised is None:
        return ""
    day = promised.day.isoformat() if promised.day else say("promise.no_day")
    return f"{day} · {word(promised.reason.value)}"


def _contact(facts: OrderFacts) -> str:
    known = masked(facts.contact)
    if known is None:
        return say("orders.show.erased")
    place = " ".join(known[part] for part in ("country", "region", "city", "street") if known[part])
    return " · ".join(part for part in (known["name"], known["phone"], known["email"], place) if part)


def _parts(facts: OrderFacts) -> Iterable[tuple[str, Sequence[str], list[list[Any]]]]:
    """The parts of the page in their order; one without rows is left out."""
    yield "orders.show.where", ("process", "at_node", "owner", "since"), _where(facts.runs)
    yield "orders.show.lines", ("sku", "goods", "pieces#", "price#", "pieces_are"), _lines(facts)
    yield "orders.show.money", ("transaction", "what", "amount#", "outcome", "time"), _money(facts)
    yield "orders.show.why", ("time", "sku", "pieces#", "warehouse", "reason"), _why(facts)
    yield "orders.show.why_not", ("time", "warehouse", "reason"), _why_not(facts)
    yield "orders.show.holds", ("hold", "reason", "outcome", "who_resolves", "due"), _holds(facts)
    yield "orders.show.fulfilments", ("fulfilment", "warehouse", "pieces#", "outcome", "asked"), _fulfilments(facts)
    yield (
        "orders.show.carriers",
        ("carrier", "service", "expected#", "billed#", "difference#", "reason"),
        _carriers(facts),
    )
    yield "orders.show.parcels", ("parcel", "carrier", "tracking", "outcome", "time"), _parcels(facts)
    yield "orders.show.returns", ("return", "what", "pieces#", "reception", "acceptance"), _returns(facts)
    yield "orders.show.tasks", ("task", "what", "role", "due"), _tasks(facts)


def _lines(facts: OrderFacts) -> list[list[Any]]:
    places = facts.view.quantities
    return [
        [line.sku, line.title, line.ordered, str(line.amount), _places(places[line.id])]
        for line in facts.view.order.lines
    ]


def _money(facts: OrderFacts) -> list[list[Any]]:
    return [
        [one.id, word(one.kind.value), str(one.amount), word(one.status.value), short_moment(one.settled_at or one.at)]
        for one in facts.ledger
    ]


def _why(facts: OrderFacts) -> list[list[Any]]:
    return [
        [short_moment(one.at), one.sku, one.quantity, one.warehouse, in_language(one.why)] for one in facts.sourcing
    ]


def _why_not(facts: OrderFacts) -> list[list[Any]]:
    return [[short_moment(one.at), one.warehouse, in_language(one.why)] for one in facts.passed_over]


def _holds(facts: OrderFacts) -> list[list[Any]]:
    return [
        [word(hold.kind.value), hold.reason, word(hold.status.value), hold.resolver_role, short_moment(hold.due)]
        for hold in facts.view.holds
    ]


def _fulfilments(facts: OrderFacts) -> list[list[Any]]:
    return [
        [one.id, one.warehouse, one.pieces, word(one.status.value), word(one.request_status.value)]
        for one in facts.view.fulfilments
    ]


def _carriers(facts: OrderFacts) -> list[list[Any]]:
    return [
        [one.carrier, one.service, one.expected_cost, one.billed, one.difference, in_language(one.why)]
        for one in facts.shipments
        if one.status is not ShipmentStatus.CANCELLED
    ]


def _parcels(facts: OrderFacts) -> list[list[Any]]:
    return [
        [box.id, box.carrier, box.tracking_number, word(box.status.value), short_moment(box.delivered_at)]
        for shipment in facts.shipments
        for box in shipment.packages
    ]


def _returns(facts: OrderFacts) -> list[list[Any]]:
    return [
        [one.id, word(one.type.value), item.quantity, word(item.reception.value), word(item.acceptance.value)]
        for one in facts.view.returns
        for item in one.items
    ]


def _tasks(facts: OrderFacts) -> list[list[Any]]:
    return [
        [name_of(one.instance, one.token), run.drawn.short(one.element), _role(one), short_moment(one.due)]
        for run in facts.runs
        for one in run.tasks
    ]


def _places(pieces: LineQuantities) -> str:
    return ", ".join(f"{getattr(pieces, place)} {word(place)}" for place in PLACES if getattr(pieces, place))


def _role(task: Any) -> str:
    return task.assignee or ", ".join(task.groups) or task.owner


def _where(runs: Sequence[RunOf]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    running = [run.row.workflow_id for run in runs if run.row.status == "running"]
    for run in runs:
        name = in_language(run.drawn.name) + (f" ({word(run.status)})" if run.is_suspended else "")
        nodes = innermost(run.nodes, run.drawn, running)
        late = {one.token for one in run.deadlines if one.breached_at is not None and one.ended_at is None}
        for node in nodes:
            here = Text(run.drawn.short(node.element), style="red" if node.token in late else "")
            rows.append([name, here, run.drawn.owner(node.element), short_moment(node.since)])
        if not run.nodes:
            ended = f"{word(run.row.status)}{f': {run.row.code}' if run.row.code else ''}"
            rows.append([name, Text(ended, style="dim"), "", short_moment(run.row.ended_at)])
    return rows


def _trouble(runs: Sequence[RunOf]) -> None:
    """What somebody has to look at, each with what to do about it."""
    told: list[str] = []
    for run in runs:
        for one in run.incidents:
            where = run.drawn.short(one.element)
            told += [f"{name_of(one.instance, one.incident)}  {where}", f"  {one.message}"]
            told.append("  " + say("orders.show.retry", incident=name_of(one.instance, one.incident)))
        for attempt in run.attempts:
            where = run.drawn.short(attempt.element)
            told += [say("orders.show.trying", where=where, attempt=attempt.attempt, why=attempt.message)]
        for late in run.deadlines:
            if late.breached_at is not None:
                where = run.drawn.short(late.element)
                told.append(say("orders.show.breached", where=where, at=moment(late.breached_at)))
    if told:
        heading(say("orders.show.trouble"))
        for line in told:
            out.print(line, style="red" if not line.startswith(" ") else "", markup=False)
