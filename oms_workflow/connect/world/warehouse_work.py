"""What a warehouse does with an order, step by step, as it will report it. Plans; takes no calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oms_workflow.connect.world.callbacks import News, tell
from oms_workflow.connect.world.chance import draw
from oms_workflow.connect.world.returning import pieces_for
from oms_workflow.connect.world.script.systems import Pace, Short, Submit
from oms_workflow.connect.world.visit import Visit

_LIGHTEST_GRAMS, _HEAVIEST_GRAMS = 150, 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An order as the warehouse sees it."""

    reference: str
    fulfilment: str
    warehouse: str
    lines: list[list[Any]]  # line id, SKU, pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will come of it."""

    lines: list[list[Any]]  # what is found and sent
    packs_at: datetime | None = None  # None: it never gets so far
    rejected_at: datetime | None = None


def plan_work(visit: Visit, work: Work, style: Submit) -> Plan:
    """Plan every step up to the packed parcels, and tell the shop of each."""
    pace: Pace = visit.said("warehouse", "pace") or Pace()
    at_once = style.answer == "accepted"
    accepts = visit.done_at("warehouse.accepts", visit.at, work.reference, instead=pace.accepts_after)
    if style.answer == "rejects_later":
        _tell(visit, [_news(work, "rejected", accepts, code=style.code)])
        return Plan(lines=work.lines, rejected_at=accepts)
    if pace.stops == "accepts":
        return Plan(lines=work.lines)
    news = [] if at_once else [_news(work, "accepted", accepts)]
    start = visit.at if at_once else accepts
    left, packs = work.lines, None
    if pace.stops != "picks":
        picks = visit.done_at("warehouse.picks", start, work.reference, instead=pace.picks_after)
        left, missing = _split(work.lines, visit.said("warehouse", "short"))
        if missing:
            news.append(_news(work, "short", start + (picks - start) / 2, lines=_shown(missing)))
        if left:
            news.append(_news(work, "picked", picks))
            if pace.stops != "packs":
                packs = visit.done_at("warehouse.packs", picks, work.reference, instead=pace.packs_after)
                news.append(_news(work, "packed", packs, parcels=_parcels(visit, work, left)))
    _tell(visit, news)
    return Plan(lines=left, packs_at=packs)


def _split(lines: Sequence[list[Any]], short: Short | None) -> tuple[list[list[Any]], list[list[Any]]]:
    """Give what is found and what is missing."""
    missing = [[line[0], line[1], pieces_for(short.pieces if short else None, line)] for line in lines]
    found = [[line[0], line[1], line[2] - gone[2]] for line, gone in zip(lines, missing, strict=True)]
    return [line for line in found if line[2]], [line for line in missing if line[2]]


def _parcels(visit: Visit, work: Work, lines: Sequence[list[Any]]) -> list[dict[str, Any]]:
    """Put the pieces into parcels, one after the other; as many parcels as the script says, as far as pieces go."""
    pieces = [(line[0], line[1]) for line in lines for _ in range(line[2])]
    count = min(visit.said("warehouse", "parcels") or 1, len(pieces))
    parcels = []
    for number in range(1, count + 1):
        inside: dict[tuple[str, str], int] = {}
        for piece in pieces[number - 1 :: count]:
            inside[piece] = inside.get(piece, 0) + 1
        weight = draw(visit.seed, work.reference, "weight", str(number)) * (_HEAVIEST_GRAMS - _LIGHTEST_GRAMS)
        packed = [[line_id, sku, quantity] for (line_id, sku), quantity in inside.items()]
        parcels.append({"number": number, "weight_grams": _LIGHTEST_GRAMS + int(weight), "lines": _shown(packed)})
    return parcels


def _news(work: Work, step: str, at: datetime, **more: Any) -> News:
    body = {"fulfilment": work.fulfilment, "reference": work.reference, "warehouse": work.warehouse} | more
    source = f"warehouse.{step}:{work.reference}"
    return News(kind=f"warehouse.{step}", at=at, body=body, source=source, about=f"work:{work.reference}")


def _shown(lines: Sequence[list[Any]]) -> list[dict[str, Any]]:
    return [{"line": line_id, "sku": sku, "quantity": quantity} for line_id, sku, quantity in lines]


def _tell(visit: Visit, news: Sequence[News]) -> None:
    tell(visit, "warehouse.webhook", news, visit.said("warehouse", "webhooks"))
