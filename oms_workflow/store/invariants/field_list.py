"""The field's list of invariants, and where each is held: by the database, by a check, by a random life in tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One invariant of the list, and everything that stands in front of it."""

    number: int
    says: str
    constraints: tuple[str, ...] = ()  # `table.name` of CHECK and UNIQUE constraints, `table(columns)` of unique keys
    checks: tuple[str, ...] = ()  # names of invariants that `oms stock check` asks
    tests: tuple[str, ...] = ()  # files below tests/; a state machine wherever pieces or money can move
    why_not: str = ""  # why no constraint or no check can hold it, where there is none


MACHINE = "store/test_state_machine.py"

FIELD_LIST = (
    Guard(
        number=1,
        says="allocated + reserved <= on hand per SKU and warehouse, with concurrent workers, with bundles",
        constraints=(
            "stock_balances.promised_is_on_hand",
            "stock_balances.no_column_negative",
            "stock_balances.picked_is_allocated",
            "stock_claims.no_column_negative",
            "stock_claims.picked_is_allocated",
            "stock_entries.moves_something",
            "expected_receipts.came_or_missing",
            "stock_entries.stock_entries_only_grow",
        ),
        checks=(
            "stock-not-oversold",
            "stock-balance-is-its-ledger",
            "stock-promises-have-owners",
            "stock-claim-is-its-ledger",
            "stock-in-transit-is-announced",
        ),
        tests=(MACHINE, "rush/test_rush.py", "store/test_concurrency.py", "store/test_bundles.py"),
    ),
    Guard(
        number=2,
        says="every piece of a line is in one place, and goes on only from where it is",
        constraints=(
            "order_lines.every_piece_in_one_place",
            "order_lines.no_place_negative",
            "order_lines.delivered_was_shipped",
            "order_lines.announced_was_shipped",
            "order_lines.returned_was_announced",
            "line_moves.line_moves_only_grow",
        ),
        checks=(
            "line-every-piece-in-one-place",
            "line-places-follow-moves",
            "line-allocated-is-claimed",
            "line-shipped-once",
            "line-delivered-is-tracked",
            "line-returns-are-items",
            "plan-holds-what-is-allocated",
        ),
        tests=(MACHINE, "domain/test_line_ledger.py", "rush/test_rush.py"),
    ),
    Guard(
        number=3,
        says="splitting and merging keep pieces and money to the cent; undoing a merge restores every row",
        constraints=("order_bundles.amount_not_negative",),
        checks=("plan-shares-add-up", "plan-freight-adds-up", "bundle-is-its-components", "merge-is-mutual"),
        tests=(MACHINE, "domain/test_shares.py", "domain/test_bundle.py", "store/test_merging.py"),
    ),
    Guard(
        number=4,
        says="refunds stay within what was captured, and goods are refunded by pieces received",
        constraints=("payment_transactions.money_gone_was_captured", "settlement_lines.settlement_lines_only_grow"),
        checks=(
            "refunds-within-captured",
            "pieces-settled-once",
            "pieces-settled-at-their-price",
            "refund-is-its-transactions",
        ),
        tests=(MACHINE, "domain/test_money_rules.py", "rush/test_rush.py"),
    ),
    Guard(
        number=5,
        says="captures stay within what was authorised, only uncaptured money is voided, totals add up",
        constraints=("orders.freight_not_negative", "order_lines.amounts_not_negative"),
        checks=(
            "drawn-within-source",
            "transactions-draw-on-their-kind",
            "totals-not-negative",
            "nothing-taken-before-it-left",
        ),
        tests=(MACHINE, "store/test_payments.py"),
    ),
    Guard(
        number=6,
        says="an order, a sub-order and a message come in once",
        constraints=("orders(channel, external_id)", "order_lines(channel, oid)"),
        checks=("intake-once", "orders-have-lines", "messages-go-somewhere"),
        tests=("store/test_intake.py", "store/test_concurrency.py", "rush/test_rush.py"),
    ),
    Guard(
        number=7,
        says="an effect happens once per key, whatever crashes and is tried again; one label for each parcel",
        constraints=("effects(key)", "packages(carrier, tracking_number)", "planned_parcels.not_overloaded"),
        checks=(
            "records-without-gaps",
            "planned-parcels-hold-the-plan",
            "no-piece-in-two-packages",
            "wave-holds-who-it-released",
        ),
        tests=(
            "store/test_effects.py",
            "store/test_same_key.py",
            "store/test_waves.py",
            "activities/test_labels.py",
            MACHINE,
        ),
    ),
    Guard(
        number=8,
        says="nothing ships on hold or after it was cancelled; cancelling and shipping have one winner",
        constraints=("shipments.nothing_ships_on_hold", "fulfilments.fate_is_decided_once"),
        checks=("cancelled-ships-nothing", "nothing-ships-on-hold", "holds-once-per-reason"),
        tests=(MACHINE, "store/test_concurrency.py", "rush/test_rush.py"),
    ),
    Guard(
        number=9,
        says="a refund that failed frees itself and nothing else",
        constraints=("payment_transactions.settled_stays_settled",),
        checks=("refund-is-its-transactions",),
        tests=(MACHINE, "store/test_payments.py"),
    ),
    Guard(
        number=10,
        says="one lock for an order, taken in one order with all others",
        checks=("ended-instances-hold-nothing",),
        tests=("store/test_locking.py", "store/test_concurrency.py", "rush/test_rush.py"),
        why_not="locks leave no rows; the rush counts the deadlocks the server saw",
    ),
    Guard(
        number=11,
        says="a deadline survives restarts, pauses for holds, rings once, and counts its node's calendar",
        constraints=("sla_items(instance, token)",),
        checks=("ended-instances-hold-nothing", "records-without-gaps"),
        tests=(
            "engine/test_sla.py",
            "engine/test_sla_terms.py",
            "diagrams/test_sla_page.py",
            "temporal/test_timers.py",
        ),
    ),
    Guard(
        number=12,
        says="erasing a buyer's data leaves every ledger, sum and record as it was",
        constraints=("records.records_only_grow",),
        checks=("line-places-follow-moves", "stock-balance-is-its-ledger", "records-without-gaps"),
        tests=("store/test_people.py",),
    ),
    Guard(
        number=13,
        says="a reservation of a paid order never lapses, an unpaid one lapses whole",
        constraints=("stock_claims.paid_reservations_stay",),
        checks=("reservation-of-paid-order-never-lapses",),
        tests=(MACHINE, "store/test_reserving.py"),
    ),
    Guard(
        number=14,
        says="what is shown of a parcel or order follows from its ledger",
        checks=("parcel-state-is-derived",),
        tests=("domain/test_tracking.py", "domain/test_status.py"),
        why_not="nobody stores an order's status; a parcel's is a function of its reports",
    ),
    Guard(
        number=15,
        says="what is promised to who waits is its last revision; each has a reason and is told at most once",
        constraints=(
            "promise_revisions(order_id, number)",
            "promise_revisions(notice_id)",
            "promise_revisions.told_when_it_matters",
            "promise_revisions.numbered_from_one",
            "promise_parts.promises_something",
            "promise_parts.leaves_after_it_came",
            "promise_parts.arrives_after_it_left",
            "promise_parts.day_needs_goods",
        ),
        checks=(
            "promise-revisions-without-gaps",
            "promise-is-its-parts",
            "promise-told-once",
            "promise-within-line",
        ),
        tests=("domain/test_backorder_promise.py", "activities/test_promises.py"),
    ),
)
"""All of them; what guards 10 and 14 is no row."""
