"""The reconciliation as people and machines read it: tables, one JSON document, one CSV row for each order."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from oms_workflow.cli.language import say
from oms_workflow.cli.screen import as_table, heading, out, titles
from oms_workflow.cli.wording import iso, word
from oms_workflow.domain.money import Money
from oms_workflow.domain.reconciliation import Cause, Difference, Reconciled, Standing, sums

if TYPE_CHECKING:
    from oms_workflow.store.accounts import KeptAside

MONEY = ("ordered", "captured", "refunded", "transferred", "held")  # captured is the sum of those after it
SHORT = ("ordered", "captured", "refunded", "held")  # what a terminal of 80 columns has room for beside the reasons
AMOUNTS = ("goods", "freight", "adjustment", "ordered", "captured", "refunded", "transferred", "held", "open")
COLUMNS = ("order", "channel", "placed_at", "currency", *AMOUNTS, "standing", "causes", "differences")
"""The header of the CSV file. It is for programs as well, so it is the same in every language."""


def document(found: Sequence[Reconciled], shown: Sequence[Reconciled], aside: Sequence[KeptAside]) -> dict[str, Any]:
    """Give what `--json` prints."""
    return {
        "orders": [_entry(one) for one in shown],
        "sums": [
            {"currency": one.currency, "orders": one.orders} | {name: str(getattr(one, name)) for name in MONEY}
            for one in sums(found)
        ],
        "causes": [
            {"cause": cause, "currency": amount.currency, "orders": many, "amount": str(amount)}
            for cause, many, amount in _by_cause(found)
        ],
        "kept_aside": [{"order": one.order_id, "batch": one.batch, "codes": list(one.codes)} for one in aside],
        "standings": {name.value: sum(one.standing is name for one in found) for name in Standing},
    }


def _entry(one: Reconciled) -> dict[str, Any]:
    order = one.account.order
    return {
        "order": order.id,
        "channel": order.channel,
        "placed_at": iso(order.placed_at),
        "currency": order.currency,
        **{name: str(amount) for name, amount in _amounts(one).items()},
        "standing": one.standing.value,
        "differences": [
            {"cause": each.cause.value, "amount": str(each.amount), "says": _says(each)} for each in one.differences
        ],
    }


def _amounts(one: Reconciled) -> dict[str, Money]:
    order, money = one.account.order, one.account.money
    nothing = Money.zero(order.currency)
    found = (one.goods, order.freight, order.adjustment or nothing, money.due, money.captured, money.refunded)
    return dict(zip(AMOUNTS, (*found, money.transferred, money.balance, one.open), strict=True))


def _says(one: Difference) -> str:
    return say(f"money.cause.{one.cause.value}")


def _by_cause(found: Sequence[Reconciled]) -> list[tuple[str, int, Money]]:
    """Give each cause with how many orders have it and what it adds up to, by currency, in the order of causes."""
    of: dict[tuple[Cause, str], tuple[int, Money]] = {}
    for one in found:
        for each in one.differences:
            key = each.cause, each.amount.currency
            many, amount = of.get(key, (0, Money.zero(each.amount.currency)))
            of[key] = many + 1, amount + each.amount
    return [
        (cause.value, *of[cause, currency])
        for cause in Cause
        for currency in sorted({known for _, known in of})
        if (cause, currency) in of
    ]


def show(found: Sequence[Reconciled], shown: Sequence[Reconciled], aside: Sequence[KeptAside]) -> None:
    """Print tables for people."""
    if not found:
        out.print(say("money.reconcile.nothing"))
        return
    if shown:
        amounts = [f"{name}#" for name in SHORT]
        as_table(titles("order", "currency", *amounts, "standing", "difference"), map(_row, shown))
    heading(say("money.reconcile.sums"))
    rows = [[one.currency, one.orders, *(getattr(one, name).amount for name in MONEY)] for one in sums(found)]
    as_table(titles("currency", "orders#", *(f"{name}#" for name in MONEY)), rows)
    causes = _by_cause(found)
    if causes:
        heading(say("money.reconcile.causes"))
        told = [[say(f"money.cause.{cause}"), many, amount] for cause, many, amount in causes]
        as_table(titles("cause", "orders#", "amount#"), told)
    if aside:
        heading(say("money.reconcile.aside"))
        as_table(titles("order", "reasons"), [[one.order_id, ", ".join(one.codes)] for one in aside])
    out.print()
    counts = {name.value: sum(one.standing is name for one in found) for name in Standing}
    out.print(say("money.reconcile.done", orders=len(found), **counts))


def _row(one: Reconciled) -> list[Any]:
    amounts = _amounts(one)
    style = "bold red" if one.standing is Standing.DIFFERS else ""
    return [
        one.account.order.id,
        one.account.order.currency,
        *(amounts[name].amount for name in SHORT),
        Text(word(one.standing.value), style=style),
        "; ".join(f"{each.amount} {_says(each)}" for each in one.differences),
    ]


def write_csv(found: Sequence[Reconciled], path: Path) -> None:
    """Write one row for each order; amounts are plain decimals, the currency has a column of its own."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark lets spreadsheets read 中文
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for one in found:
            order = one.account.order
            rows.writerow(
                [
                    order.id,
                    order.channel,
                    iso(order.placed_at),
                    order.currency,
                    *(amount.amount for amount in _amounts(one).values()),
                    one.standing.value,
                    " ".join(each.cause.value for each in one.differences),
                    "; ".join(f"{each.amount} {_says(each)}" for each in one.differences),
                ]
            )


def say_written(found: Sequence[Reconciled], path: Path | None) -> None:
    """Say where the rows are."""
    if path is not None:
        out.print(say("money.reconcile.written", orders=len(found), file=path), markup=False)
