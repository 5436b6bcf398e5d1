"""Stock entries and balances: nothing is promised that is not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.stock import EFFECTS, Balance, EntryKind, book, replay
from oms_workflow.errors import OrderRefused

STEPS = st.lists(st.tuples(st.sampled_from(EntryKind), st.integers(min_value=1, max_value=5)), max_size=40)


@given(steps=STEPS)
def test_the_balance_is_the_sum_of_its_accepted_entries(steps: list[tuple[EntryKind, int]]) -> None:
    """Invariant 1, and the ledger alone is enough to rebuild the balance."""
    balance, accepted = Balance(sku="TEA", warehouse="HZ"), []
    for kind, quantity in steps:
        try:
            balance = book(balance, kind, quantity)
            accepted.append((kind, quantity))
        except OrderRefused as refusal:
            assert refusal.code in {"OUT_OF_STOCK", "STOCK_PROMISED", "QUANTITY_EXCEEDED"}
    assert replay(accepted) == balance.columns
    assert balance.reserved + balance.allocated <= balance.on_hand


@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_of_entry_has_an_effect(kind: EntryKind) -> None:
    """A new kind without a row in the table would be booked as nothing."""
    assert any(EFFECTS[kind])


def test_promised_stock_cannot_be_written_off() -> None:
    """Breaking a promise needs a decision about the order first."""
    balance = Balance(sku="TEA", warehouse="HZ", on_hand=5, allocated=4)
    with pytest.raises(OrderRefused, match="5 are on hand and 4 of them are promised") as caught:
        book(balance, EntryKind.WRITE_OFF, 2)
    assert caught.value.code == "STOCK_PROMISED"


def test_safety_stock_is_not_available_but_may_go_to_a_promise_made_before() -> None:
    """Raising the cushion must not break what buyers were told."""
    balance = Balance(sku="TEA", warehouse="HZ", on_hand=5, reserved=4, safety=3)
    assert balance.available == 0
    assert book(balance, EntryKind.ALLOCATE, 4).allocated == 4


def test_safety_stock_is_never_reserved() -> None:
    """Even a caller who did not ask what is available gets none of the cushion."""
    balance = Balance(sku="TEA", warehouse="HZ", on_hand=5, safety=3)
    assert book(balance, EntryKind.RESERVE, 2).reserved == 2
    with pytest.raises(OrderRefused, match="2 are free, 3 are kept as safety stock"):
        book(balance, EntryKind.RESERVE, 3)


def test_damaged_pieces_and_pieces_on_their_way_are_promised_to_nobody() -> None:
    """They are the house's, but nobody can have them now."""
    balance = Balance(sku="TEA", warehouse="HZ", on_hand=2)
    balance = book(book(balance, EntryKind.DAMAGE, 1), EntryKind.TRANSFER_START, 4)
    assert (balance.on_hand, balance.damaged, balance.in_transit, balance.available) == (1, 1, 4, 1)
    assert book(book(balance, EntryKind.MEND, 1), EntryKind.TRANSFER_IN, 4).available == 6
    with pytest.raises(OrderRefused) as caught:
        book(balance, EntryKind.SCRAP, 2)
    assert caught.value.code == "QUANTITY_EXCEEDED"
