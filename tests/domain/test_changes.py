"""The mask of changes: who may ask for what, up to when, what is looked at again, and how it is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oms_workflow.domain.changes import (
    FIELDS,
    MATTERS,
    NEEDS_AUDIT,
    Change,
    Party,
    Stage,
    changes,
    matters_of,
    not_theirs,
    too_late,
)
from oms_workflow.domain.differences import differences
from oms_workflow.domain.order import Destination
from oms_workflow.domain.service_level import ServiceLevel
from tests.domain.orders_for_tests import an_order, cny

ORDER = replace(an_order(("a", "TEA", 2)), address_digest="0123456789abcdef")


def test_every_bit_of_the_mask_has_a_field_in_both_languages() -> None:
    """A change without a row would be taken over by nobody's rule."""
    assert set(FIELDS) == set(Change)
    for one, field in FIELDS.items():
        assert field.by, one
        assert field.says, one
        assert any(ord(character) > 0x2E80 for character in field.says_zh), one
        assert set(field.matters) <= set(MATTERS), one


def test_a_new_address_is_audited_for_who_and_where_and_not_for_amounts() -> None:
    """Finance confirmed the amount; the amount has not moved."""
    assert matters_of(Change.ADDRESS) == ("risk", "contact", "address", "blocklist", "velocity")
    assert matters_of(Change.PRICE | Change.REMARK) == ("risk", "amount", "velocity", "remark")
    assert matters_of(Change.SERVICE) == ()
    assert not Change.SERVICE & NEEDS_AUDIT


@pytest.mark.parametrize(
    ("changed", "stage", "late"),
    [
        (Change.ADDRESS, Stage.OPEN, Change(0)),
        (Change.ADDRESS | Change.PRICE, Stage.AT_WAREHOUSE, Change.ADDRESS),
        (Change.ADDRESS | Change.PRICE, Stage.SHIPPED, Change.ADDRESS | Change.PRICE),
        (Change.MESSAGE, Stage.SHIPPED, Change(0)),
        (Change.MESSAGE, Stage.OVER, Change.MESSAGE),
        (Change.SHIPPED_AT_CHANNEL, Stage.OVER, Change(0)),
    ],
)
def test_each_field_has_its_own_point_of_no_return(changed: Change, stage: Stage, late: Change) -> None:
    """A price may still be mended while the parcel is packed, an address may not."""
    assert too_late(changed, stage) == late


def test_a_buyer_does_not_set_prices() -> None:
    """Only the channel, which collected the money, says what it was."""
    assert not_theirs(Change.ADDRESS | Change.PRICE, Party.BUYER) == Change.PRICE
    assert not_theirs(Change.ADDRESS | Change.PRICE, Party.CHANNEL) == Change(0)


def test_a_change_is_shown_before_and_after_without_personal_data() -> None:
    """Whoever decides sees what would change, and not where the buyer lives."""
    moved = replace(
        ORDER,
        address_digest="fedcba9876543210",
        destination=Destination(country="CN", region="四川省", city="成都市"),
        lines=tuple(replace(line, unit_price=cny("9.00")) for line in ORDER.lines),
        service_level=ServiceLevel.VIP,
    )
    shown = {one.field: (one.before, one.after) for one in differences(ORDER, moved, changes(ORDER, moved))}
    assert set(shown) == {"address", "price", "service"}
    assert shown["address"][0].endswith("#01234567")
    assert shown["address"][1] == "CN 四川省 成都市 #fedcba98"
    assert shown["service"] == ("standard", "vip")
    assert shown["price"] == (str(ORDER.total), str(moved.total))
