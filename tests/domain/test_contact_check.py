"""Contacts: what can be tidied is tidied once and for all, what cannot is named by field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.contact_check import contact_problems, tidy
from oms_workflow.domain.customer import Address, Contact

HOME = Address(country="CN", region="浙江省", city="杭州市", district="西湖区", street="文三路1号")


def contact(**more: object) -> Contact:
    values: dict[str, object] = {"name": "测试员", "address": HOME, "phone": "+8613800138000"}
    return Contact(**(values | more))  # type: ignore[arg-type]


def codes(one: Contact) -> list[str]:
    return [problem.code for problem in contact_problems(one)]


def test_a_sound_contact_has_no_problems() -> None:
    """Most orders go through without anybody looking."""
    assert codes(contact()) == []
    abroad = Address(country="GB", city="London", street="1 High Street")
    assert codes(contact(name="Test Person", address=abroad, phone="+442071838750")) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name.missing"),
        ("  ", "name.missing"),
        ("\ufffd\ufffd", "name.unreadable"),
        ("????", "name.unreadable"),
        ("å¼\xa0ä¸\x89", "name.unreadable"),
    ],
)
def test_lost_letters_are_recognised(name: str, code: str) -> None:
    """A label with question marks comes back a week later."""
    assert codes(contact(name=name)) == [code]


def test_letters_with_accents_are_not_lost_letters() -> None:
    """Zoë, Åsa and Émile must not be held up."""
    for name in ("Zoë Müller", "Åsa Öberg", "Émile Gagné", "João São"):
        assert codes(contact(name=name)) == []


def test_a_missing_number_blocks_only_without_an_address_to_write_to() -> None:
    """The carrier needs one way to reach the buyer."""
    assert [one.blocks for one in contact_problems(contact(phone=""))] == [True]
    assert [one.blocks for one in contact_problems(contact(phone="", email="a@example.com"))] == [False]
    assert codes(contact(phone="12345")) == ["phone.impossible"]


def test_a_province_is_needed_in_china_alone() -> None:
    """Singapore has none."""
    bare = Address(country="CN", city="", street="文三路1号")
    assert codes(contact(address=bare)) == ["city.missing", "region.missing"]
    island = Address(country="SG", city="Singapore", street="1 Orchard Road")
    assert codes(contact(address=island, phone="+6561234567")) == []


@given(st.builds(contact, name=st.text(max_size=20), phone=st.text(max_size=15), email=st.text(max_size=10)))
def test_tidying_a_tidy_contact_changes_nothing(one: Contact) -> None:
    """Otherwise every audit would store the buyer anew."""
    assert tidy(tidy(one)) == tidy(one)
