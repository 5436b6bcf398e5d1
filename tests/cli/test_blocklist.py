"""The blocklist on the command line: added by an order or by what is typed, listed without personal data, lifted."""

from __future__ import annotations

from tests.domain.orders_for_tests import an_order
from tests.store.shop import Shop

from .conftest import Oms


async def test_the_parties_of_an_order_are_added_listed_and_lifted(oms: Oms, shop: Shop) -> None:
    await shop.take_in(an_order(("1", "TEA", 2), number="1"))

    added = await oms.document("blocklist add", "--order", "shop:1", "--reason", "chargeback", "--kind", "buyer")
    listed = await oms.document("blocklist list")

    assert [one["kind"] for one in added["entries"]] == ["buyer"]
    assert listed == added
    lifted = await oms.document("blocklist lift", added["entries"][0]["entry"], "--by", "lead")
    assert lifted["entries"][0]["lifted_by"] == "lead"
    assert (await oms.document("blocklist list"))["entries"] == []
    assert len((await oms.document("blocklist list", "--all"))["entries"]) == 1


async def test_a_typed_number_is_not_shown_again(oms: Oms, shop: Shop) -> None:
    said = await oms.inside(
        "blocklist", "add", "--phone", "13800138000", "--reason", "never takes parcels", "--days", 30
    )
    assert said.code == 0, said.err
    assert "never takes parcels" in said.out
    assert "13800138000" not in said.out


async def test_what_names_nobody_is_refused_with_what_would(oms: Oms, shop: Shop) -> None:
    await shop.take_in(an_order(("1", "TEA", 2), number="1"))
    nobody = await oms.inside("blocklist", "add", "--reason", "x")
    no_number = await oms.inside("blocklist", "add", "--phone", "12", "--reason", "x")
    no_kind = await oms.inside("blocklist", "add", "--order", "1", "--kind", "face", "--reason", "x")
    no_entry = await oms.inside("blocklist", "lift", "phone-00000000")
    no_reason = await oms.inside("blocklist", "add", "--phone", "13800138000", "--reason", " ")
    assert [one.code for one in (nobody, no_number, no_kind, no_entry, no_reason)] == [2] * 5
    assert "--order" in nobody.err
    assert "12" not in no_number.err
    assert "address, buyer, email, phone" in no_kind.err
