"""When a buyer pays, and how often it fails before. A buyer pays an order once, whoever asks how often."""

from __future__ import annotations

from datetime import datetime

from oms_workflow.connect.world import payment_ledger as books
from oms_workflow.connect.world.callbacks import News, call_off, tell
from oms_workflow.connect.world.script.people import Pays
from oms_workflow.connect.world.visit import Visit
from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import TransactionKind

_TYPE = {TransactionKind.AUTHORISE: "payment.authorised", TransactionKind.CAPTURE: "payment.captured"}


def buyer_pays(visit: Visit, kind: TransactionKind, amount: Money, *, ref: str, transaction: str, key: str) -> None:
    """Let the buyer act on a request for money: the script or the seed says when, and what comes before.

    What the buyer was about to pay otherwise is dropped: the new request takes its place, and its time.
    """
    planned, known = None, False
    for intent in books.open_intents(visit):
        planned, known = intent.settles_at, True
        call_off(visit, f"payment:{intent.ref}")
        books.change(visit, intent.ref, outcome="", settles_at=None)
    pays = visit.said("buyer", "pays") or Pays()
    failures: list[datetime] = []
    if not known:
        failures, planned = _plan(visit, pays, ref)
    books.book(
        visit, ref=ref, kind=kind, amount=amount, outcome="succeeded" if planned else "", settles_at=planned,
        transaction=transaction, key=key,
    )  # fmt: skip
    webhooks = visit.said("payment", "webhooks")
    tell(visit, "payment.webhook", _news(visit, kind, amount, ref, transaction, failures, planned), webhooks)


def _plan(visit: Visit, pays: Pays, ref: str) -> tuple[list[datetime], datetime | None]:
    """Give the moments at which the buyer fails to pay, and the moment it works; None when it never does."""
    began = visit.began_at or visit.at
    moment = began + pays.after if pays.after is not None else visit.done_at("buyer.pays", visit.at, ref)
    moment = max(moment, visit.at)
    failures = []
    for attempt in range(pays.declined_first):
        failures.append(moment)
        moment = visit.done_at("buyer.tries_again", moment, ref, str(attempt), instead=pays.tries_again_after)
    return failures, None if pays.never else moment


def _news(
    visit: Visit,
    kind: TransactionKind,
    amount: Money,
    ref: str,
    transaction: str,
    failures: list[datetime],
    planned: datetime | None,
) -> list[News]:
    """Say what the provider will report. A failed attempt ends our transaction; the next one is the buyer's own."""
    money = {"amount": str(amount.amount), "currency": amount.currency}
    body = {"provider": books.PROVIDER, "order": visit.subject, **money, "parent": ""}
    about = f"payment:{ref}"
    news = []
    for attempt, moment in enumerate(failures):
        ours = transaction if attempt == 0 else ""
        failed = body | {"reference": f"{ref}-{attempt + 1}", "transaction": ours, "code": "card_declined"}
        source = f"payment.failed:{ref}:{attempt}"
        news.append(News(kind="payment.failed", at=moment, body=failed, source=source, about=about))
    if planned is not None:
        ours = transaction if not failures else ""
        paid = body | {"reference": ref, "transaction": ours, "code": ""}
        news.append(News(kind=_TYPE[kind], at=planned, body=paid, source=f"{_TYPE[kind]}:{ref}", about=about))
    return news
