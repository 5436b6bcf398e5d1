"""Reading the lines of an incoming order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.domain.identity import line_id
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import TEMPERATURES, Line
from oms_workflow.domain.problem import Fault, Weight
from oms_workflow.domain.raw_fields import Reader

MOST_LINES = 1000  # more is a broken export, not a shopping basket


def read_lines(reader: Reader, order: str, currency: str) -> tuple[Line, ...]:
    """Give the lines that could be read; what is wrong with any of them is noted at the reader."""
    rows = reader.value("lines")
    if not isinstance(rows, (list, tuple)) or not rows:
        reader.note("lines", Fault.MISSING, "Expected at least one line. An order without goods cannot be worked with.")
        return ()
    if len(rows) > MOST_LINES:
        reader.note("lines", Fault.OUT_OF_RANGE, f"Expected at most {MOST_LINES} lines, found {len(rows)}.")
        return ()
    lines = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            reader.note(f"lines[{number}]", Fault.UNREADABLE, "Expected the fields of a line.")
            continue
        line = _line(Reader(row, reader.problems, f"lines[{number}]."), order, number, currency)
        if line is not None:
            lines.append(line)
    _refuse_twins(reader, lines)
    return tuple(lines)


def _line(reader: Reader, order: str, number: int, currency: str) -> Line | None:
    before = len(reader.problems)
    reader.require("sku", "the SKU")
    reader.require("quantity", "the number of pieces")
    quantity = reader.whole("quantity", least=1)
    reader.require("unit_price", "the price of one piece")
    price = reader.money("unit_price", currency)
    oid = reader.text("oid") or f"{order.partition(':')[2]}-{number}"
    try:
        line_id(order, oid)
    except ValueError as wrong:
        reader.note("oid", Fault.INVALID, str(wrong))
    discount = reader.money("discount", currency)
    tax = reader.money("tax", currency)
    goods = _goods(reader)
    amount = reader.money("amount", currency)
    if price is None or quantity is None or any(one.weight is Weight.ERROR for one in reader.problems[before:]):
        return None
    nothing = Money.zero(currency)
    gross = price * quantity + (tax or nothing)
    found = _discount(reader, gross, discount, amount, nothing)
    if found > gross:
        reader.note("discount", Fault.CONTRADICTORY, "The discount is larger than the price of the line.")
        return None
    return Line(id="", oid=oid, ordered=quantity, unit_price=price, discount=found, tax=tax or nothing, **goods)


def _goods(reader: Reader) -> dict[str, Any]:
    """Read what is sold, besides its price and how much of it."""
    return {
        "sku": reader.text("sku", limit=100),
        "title": reader.text("title", damaged=Weight.WARNING),
        "seller": reader.text("seller", limit=100),
        "weight_grams": reader.whole("weight_grams", least=0, most=10_000_000) or 0,
        "volume_cm3": reader.whole("volume_cm3", least=0, most=100_000_000) or 0,
        "temperature": _temperature(reader),
        "hazard": reader.text("hazard", limit=20),
        "ship_together": reader.text("ship_together", limit=100),
        "bundle": reader.text("bundle", limit=100),
        "gift": reader.flag("gift"),
    }


def _temperature(reader: Reader) -> str:
    """Read how the goods are kept; '' is ambient, so that both words mean one thing."""
    told = reader.text("temperature", limit=20).lower()
    if told and told not in TEMPERATURES:
        reader.note("temperature", Fault.INVALID, f"Expected one of {', '.join(TEMPERATURES)}.")
    return "" if told == TEMPERATURES[0] else told


def _discount(reader: Reader, gross: Money, discount: Money | None, amount: Money | None, nothing: Money) -> Money:
    """Give the discount: as told, or what is missing between price and amount when none is told."""
    if amount is None:
        return discount or nothing
    if discount is None and amount <= gross:
        if amount < gross:
            said = f"The amount is {gross - amount} below price times pieces; kept as discount."
            reader.note("amount", Fault.TIDIED, said, Weight.INFO)
        return gross - amount
    if gross - (discount or nothing) != amount:
        said = "Price, pieces, discount and tax do not give the amount of the line."
        reader.note("amount", Fault.CONTRADICTORY, said, Weight.WARNING)
    return discount or nothing


def _refuse_twins(reader: Reader, lines: list[Line]) -> None:
    seen: set[str] = set()
    for line in lines:
        if line.oid in seen:
            reader.note("lines", Fault.DUPLICATE, f"Two lines carry the sub-order id {line.oid!r}.")
        seen.add(line.oid)
