"""The simulated payment provider. It keeps its limits as a real one does, whatever it is asked."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from oms_workflow.connect.world import payment_ledger as books
from oms_workflow.connect.world.callbacks import News, call_off, tell
from oms_workflow.connect.world.calls import Answer, Asked, deed, perform
from oms_workflow.connect.world.database import WorldDatabase
from oms_workflow.connect.world.paying import buyer_pays
from oms_workflow.connect.world.script.systems import Authorise, Moving
from oms_workflow.connect.world.tables import answers
from oms_workflow.connect.world.visit import Laws, Visit
from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.ports.payment_provider import ProviderAnswer, ProviderRequest, ProviderVerdict

_CALLBACK = {TransactionKind.CAPTURE: "payment.captured", TransactionKind.REFUND: "payment.refund_settled"}

_VERDICT = {"succeeded": ProviderVerdict.SUCCEEDED, "pending": ProviderVerdict.PENDING}


class SimulatedPayments:
    """`PaymentProvider` of the world."""

    name = books.PROVIDER

    def __init__(self, database: WorldDatabase, laws: Laws, at: datetime) -> None:
        self._database, self._laws, self._at = database, laws, at

    async def authorise(self, request: ProviderRequest, *, key: str) -> ProviderAnswer:
        """See `PaymentProvider`. Usually pending: the buyer acts within minutes."""
        return await self._move(TransactionKind.AUTHORISE, request, key)

    async def capture(self, request: ProviderRequest, *, key: str) -> ProviderAnswer:
        """See `PaymentProvider`."""
        return await self._move(TransactionKind.CAPTURE, request, key)

    async def void(self, request: ProviderRequest, *, key: str) -> ProviderAnswer:
        """See `PaymentProvider`. A request the buyer has not acted on yet can no longer be paid."""
        return await self._move(TransactionKind.VOID, request, key)

    async def refund(self, request: ProviderRequest, *, key: str) -> ProviderAnswer:
        """See `PaymentProvider`."""
        return await self._move(TransactionKind.REFUND, request, key)

    async def look_up(self, kind: TransactionKind, *, key: str) -> ProviderAnswer | None:
        """See `PaymentProvider`."""
        asked = Asked(system="payment", operation="look_up", key="", subject="", request={"kind": kind, "key": key})
        found = await perform(self._database, self._laws, asked, self._at, lambda visit: _look_up(visit, kind, key))
        return _answer(found) if found else None

    async def _move(self, kind: TransactionKind, request: ProviderRequest, key: str) -> ProviderAnswer:
        asked = Asked(
            system="payment", operation=kind.value, key=key, subject=request.order_id, request=asdict(request)
        )
        act = _authorise if kind is TransactionKind.AUTHORISE else _draw
        found = await perform(
            self._database, self._laws, asked, self._at, lambda visit: act(visit, asked, kind, request)
        )
        return _answer(found)


def _authorise(visit: Visit, asked: Asked, kind: TransactionKind, request: ProviderRequest) -> Answer:
    style: Authorise = visit.said("payment", "authorise") or Authorise()
    if style.answer == "declined":
        return _said(ProviderVerdict.DECLINED, code=style.code)
    ref = visit.name("pay_", "authorise", asked.key)
    if style.answer == "succeeded":
        books.book(
            visit, ref=ref, kind=kind, amount=request.amount, outcome="succeeded", settles_at=visit.at,
            transaction=request.transaction_id, key=asked.key,
        )  # fmt: skip
    else:
        buyer_pays(visit, kind, request.amount, ref=ref, transaction=request.transaction_id, key=asked.key)
    deed(visit, asked, ref)
    return _said(ProviderVerdict.SUCCEEDED if style.answer == "succeeded" else ProviderVerdict.PENDING, ref)


def _draw(visit: Visit, asked: Asked, kind: TransactionKind, request: ProviderRequest) -> Answer:
    """Draw on a transaction: capture, void or refund."""
    parent = books.parent_for(visit, kind, request.parent_ref)
    if kind is TransactionKind.VOID and books.stands_at(parent, visit.at) == "pending":
        call_off(visit, f"payment:{parent.ref}")
        books.change(visit, parent.ref, outcome="canceled", settles_at=visit.at)
    elif no := _hindrance(visit, kind, request, parent):
        return _said(ProviderVerdict.DECLINED, code=no)
    style = (visit.said("payment", kind.value) if kind in _CALLBACK else None) or Moving()
    if style.answer == "declined":
        return _said(ProviderVerdict.DECLINED, code=style.code)
    ref = visit.name({TransactionKind.REFUND: "re_"}.get(kind, "pay_"), kind.value, asked.key)
    at_once = style.answer == "succeeded"
    settles_at = visit.at if at_once else visit.done_at("payment.settles", visit.at, ref)
    outcome = "failed" if style.answer == "fails_later" else "succeeded"
    books.book(
        visit, ref=ref, kind=kind, amount=request.amount, outcome=outcome, settles_at=settles_at,
        parent=parent.ref, transaction=request.transaction_id, key=asked.key,
    )  # fmt: skip
    if not at_once:
        _settle_later(visit, kind, request, ref, outcome, settles_at, style)
    deed(visit, asked, ref)
    return _said(ProviderVerdict.SUCCEEDED if at_once else ProviderVerdict.PENDING, ref)


def _hindrance(visit: Visit, kind: TransactionKind, request: ProviderRequest, parent: Any) -> str:
    """Say why the provider declines; '' when it does not."""
    if parent.kind != books.PARENT_OF[kind].value:
        return "wrong_kind_of_transaction"
    if books.stands_at(parent, visit.at) != "succeeded":
        return "not_settled"
    if parent.currency not in ("", request.amount.currency):
        return "wrong_currency"
    left = books.left_of(visit, parent)
    return "amount_exceeded" if left is not None and request.amount.minor_units > left else ""


def _settle_later(
    visit: Visit,
    kind: TransactionKind,
    request: ProviderRequest,
    ref: str,
    outcome: str,
    settles_at: datetime,
    style: Moving,
) -> None:
    failed = outcome == "failed"
    name = "payment.failed" if failed and kind is TransactionKind.CAPTURE else _CALLBACK[kind]
    body = {
        "provider": books.PROVIDER,
        "order": visit.subject,
        "transaction": request.transaction_id,
        "reference": ref,
        "parent": request.parent_ref,
        "amount": str(request.amount.amount),
        "currency": request.amount.currency,
        "code": style.code if failed else "",
    }
    if kind is TransactionKind.REFUND:
        body["status"] = outcome
    news = News(kind=name, at=settles_at, body=body, source=f"{name}:{ref}", about=f"payment:{ref}")
    tell(visit, "payment.webhook", [news], visit.said("payment", "webhooks"))


def _look_up(visit: Visit, kind: TransactionKind, key: str) -> Answer:
    statement = select(answers.c.answer).where(
        answers.c.system == "payment", answers.c.operation == kind.value, answers.c.key == key
    )
    told = visit.connection.execute(statement).scalar_one_or_none()
    if told is None:
        return {}
    row = books.find(visit, told["provider_ref"]) if told["provider_ref"] else None
    if row is None:
        return dict(told)
    stands = _VERDICT.get(books.stands_at(row, visit.at), ProviderVerdict.DECLINED)
    return _said(stands, row.ref, "provider_declined" if stands is ProviderVerdict.DECLINED else "")


def _said(verdict: ProviderVerdict, ref: str = "", code: str = "") -> Answer:
    return {"verdict": verdict.value, "provider_ref": ref, "code": code}


def _answer(found: Answer) -> ProviderAnswer:
    return ProviderAnswer(
        verdict=ProviderVerdict(found["verdict"]), provider_ref=found["provider_ref"], code=found["code"]
    )
